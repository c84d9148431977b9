"""What was freed goes back to the system, where glibc would keep it."""

import subprocess
import sys

import pytest

PROGRAM = """
import re
from bot.app import memory

def resident():
    return int(re.findall(r"VmRSS:\\s*(\\d+)", open("/proc/self/status").read())[0])

memory.keep_few_arenas()
few = resident()
pieces = [bytes(1000) for _ in range(50_000)]
many = resident()
last = pieces.pop()  # keeps the heap from shrinking by itself
del pieces
memory.settle()
print(few, many, resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_what_was_freed_is_given_back() -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True, timeout=60
    )
    few, many, left = map(int, told.stdout.split())
    assert many - few > 40_000  # kB
    assert left - few < 10_000
