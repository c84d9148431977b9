"""Times as the tables keep them: unix milliseconds, UTC."""

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime.fromtimestamp(0, UTC)


def now() -> int:
    return time.time_ns() // 1_000_000


def milliseconds(moment: datetime) -> int:
    """Raise ValueError where the moment has no time zone: it could be any of several."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: give one, for example UTC.")
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def utc(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)
