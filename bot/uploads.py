"""Files that users hand over, read only when a command needs what is in them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Upload:
    """A file by name, its ``size`` in bytes as it was announced, and how to get its contents."""

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]
