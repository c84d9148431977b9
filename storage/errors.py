"""What callers of the store have to expect."""


class StorageError(Exception):
    """The database cannot be used; the message is one readable line that names it."""


class ForgottenError(StorageError):
    """Whoever the session acts for was forgotten meanwhile: nothing more is kept of them."""


class DamagedError(StorageError):
    """The database file is no longer what was written; only a backup helps."""
