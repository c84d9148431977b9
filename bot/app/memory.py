"""What stays for good, and what glibc keeps of what was freed: as little of it as there can be."""

import ctypes
import gc
import sys

_ARENA_MAX = -8  # malloc.h: the parameter of mallopt
_ARENAS = 2  # areas that threads allocate from; by default eight for each core


def keep_few_arenas() -> None:
    """Let all threads allocate from the same few areas; to be called before there are threads."""
    if (libc := _glibc()) is not None:
        libc.mallopt(_ARENA_MAX, _ARENAS)


def settle() -> None:
    """Take whatever there is for what stays for good, and give the system what is free.

    To look through a model for garbage would take time, and memory too, as the pages that processes
    share after a fork are copied once one of them writes on them.
    """
    gc.collect()
    gc.freeze()
    if (libc := _glibc()) is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") else None
