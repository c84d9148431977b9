"""Memory that glibc keeps of what was freed: as little of it as there can be.

Elsewhere than on Linux with glibc nothing is done.
"""

import ctypes
import sys

_ARENA_MAX = -8  # malloc.h: the parameter of mallopt
_ARENAS = 2  # areas that threads allocate from; by default eight for each core


def keep_few_arenas() -> None:
    """Let all threads allocate from the same few areas; to be called before there are threads."""
    if (libc := _glibc()) is not None:
        libc.mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Give the system what is free, such as after the model was made ready."""
    if (libc := _glibc()) is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") else None
