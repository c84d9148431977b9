"""What callers of the store have to expect."""


class StorageError(Exception):
    """The database cannot be used; the message is one readable line that names it."""


class DamagedError(StorageError):
    """The database file is no longer what was written; only a backup helps."""
