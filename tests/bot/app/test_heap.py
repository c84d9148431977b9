"""Memory that was freed goes back to the system."""

import platform
import subprocess
import sys

import pytest

from bot.app.heap import trim_heap

# Pieces too small to be mapped one by one; the last one keeps the heap from shrinking by itself.
PROGRAM = """
import re
from bot.app.heap import trim_heap

def megabytes():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmRSS:\\s*(\\d+)", status.read())[1]) / 1024

pieces = [bytes(60_000) for _ in range(2_000)]
full = megabytes()
pieces = pieces[-1:]
trim_heap()
print(full - megabytes())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can give it back")
def test_freed_memory_goes_back_to_the_system() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True
    )
    assert float(done.stdout) > 60  # of 120


def test_it_is_no_error_where_the_c_library_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    trim_heap()
