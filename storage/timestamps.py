"""Times as the tables keep them: unix milliseconds, UTC."""

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime.fromtimestamp(0, UTC)


def now() -> int:
    """Return the present time."""
    return time.time_ns() // 1_000_000


def milliseconds(moment: datetime) -> int:
    """Return a moment as the tables keep it.

    Raises
    ------
    ValueError
        Where it has no time zone: it could be any of several.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: give one, for example UTC.")
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def utc(milliseconds: int) -> datetime:
    """Return a moment that the tables keep, in UTC."""
    return _EPOCH + timedelta(milliseconds=milliseconds)
