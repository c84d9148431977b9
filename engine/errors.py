"""The errors that callers of the engine are told to expect."""


class EngineError(Exception):
    """Base of all errors of the engine; the message is one readable line."""


class DataError(EngineError):
    """A data set cannot be read: the message names the file and, where there is one, the line."""


class DownloadError(EngineError):
    """A data set cannot be fetched."""


class BundleError(EngineError):
    """A model bundle is missing, damaged, truncated or made by something else."""


class UnknownMovieError(EngineError, KeyError):
    """A movie id that is not in the catalogue."""

    def __str__(self) -> str:  # KeyError would show the repr
        return str(self.args[0])
