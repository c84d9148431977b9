"""What can go wrong with the server, in words."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from storage.errors import StorageError

# By SQLSTATE or its class, https://www.postgresql.org/docs/current/errcodes-appendix.html
REASONS = {
    "3D000": "does not exist; create it, for example with createdb reeltwin",
    "28": "refuses this user or password; check DATABASE_URL",
    "42501": "does not let this user do that; make the user the owner of the database",
    "25006": "cannot be written; it is a standby or set to read only",
    "53100": "cannot grow; its disk is full",
    "53300": "has no connection left; raise max_connections or run fewer processes",
    "53": "is short of memory or another resource; try again in a moment",
    "57P": "is shutting down or starting; try again in a moment",
    "55P03": "is in use by somebody else; try again in a moment",
    "40": "is in use by somebody else; try again in a moment",
    "58": "cannot be read or written; its disk reports an error",
    "XX": "is damaged; restore it from a backup",
    "08": "cannot be reached; its server ended the connection",
}


@contextmanager
def readable_errors(name: str) -> Iterator[None]:
    """Turn what asyncpg raises about the database ``name`` into a `StorageError`."""
    try:
        yield
    except asyncpg.PostgresError as error:
        raise StorageError(f"The database {name} {_reason(error)}.") from error
    except TimeoutError as error:
        raise StorageError(
            f"The database {name} does not answer; try again in a moment."
        ) from error
    except ssl.SSLError as error:
        raise StorageError(
            f"The database {name} cannot be reached by SSL: {error.reason}."
        ) from error
    except OSError as error:
        words = os.strerror(error.errno) if error.errno else str(error)
        raise StorageError(f"The database {name} cannot be reached: {words}.") from error
    except asyncpg.InterfaceError as error:
        # The end of a transaction complains once more where the connection is lost within it.
        first = error.__context__
        known = isinstance(first, asyncpg.PostgresError)
        reason = _reason(first) if known else f"cannot be used: {_words(error)}"
        raise StorageError(f"The database {name} {reason}.") from error


def _reason(error: asyncpg.PostgresError) -> str:
    state = error.sqlstate or ""
    known = (why for code, why in REASONS.items() if state.startswith(code))
    return next(known, f"cannot be used: {_words(error)}")


def _words(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
