"""Memory that was freed, and that the C library keeps in case it is asked for again."""

import ctypes


def trim_heap() -> None:
    """Give freed memory back to the system, where the C library can (glibc).

    Loading the model takes tens of megabytes for a while that are never needed again.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
