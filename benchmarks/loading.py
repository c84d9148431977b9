"""What the bot takes up, and how long it takes to answer first; part of ``make speed``."""

import os
import subprocess
import sys
import tempfile
import time
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
from packaging.requirements import Requirement

from benchmarks.common.stopwatch import latencies, median_seconds
from benchmarks.common.targets import Target
from engine.bundle import catalogue_file
from engine.bundle.io import CATALOGUE, EMBEDDED

_PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
_REPEATS = 9
_LOAD = """
import re
from engine import load_model
model = load_model()
print(*re.findall(r"VmRSS:\\s*(\\d+)", open("/proc/self/status").read()))
"""


def loading() -> list[Target]:
    """Sizes, and a fresh Python until the model stands and until the bot answers."""
    wall, numpy_alone = median_seconds(
        lambda: _fresh("-c", _LOAD), lambda: _fresh("-c", "import numpy"), repeats=_REPEATS
    )
    answer = float(np.median([_first_answer() for _ in range(_REPEATS)]))
    resident = int(_fresh("-c", _LOAD)) * 1024 / 1e6
    data = (EMBEDDED / CATALOGUE).read_bytes()
    read = float(np.median(latencies(lambda _: catalogue_file.from_bytes(data), range(_REPEATS))))
    return [
        Target.below("packages that `make run` installs", _installed(), 350, "MB"),
        Target.below(
            "load_model, cold, with imports", wall, 1, "s", f"NumPy alone {numpy_alone:.2f} s"
        ),
        Target.below("first answer in the terminal", answer, 1, "s", "`!recommend`"),
        Target.below("the catalogue read", 1e3 * read, 150, "ms"),
        Target.below("resident memory once loaded", resident, 170, "MB"),
    ]


def _fresh(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _first_answer() -> float:
    """Seconds from the start of the bot to the end of the first line that it answers."""
    with tempfile.TemporaryDirectory() as folder:
        apart = {"DATABASE_PATH": str(Path(folder) / "ratings.sqlite3"), "DISCORD_TOKEN": ""}
        start = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "bot", "--console"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | apart,
        ) as bot:
            assert bot.stdin
            assert bot.stdout
            bot.stdin.write(b"!recommend\n")
            bot.stdin.flush()
            while not bot.stdout.readline().strip():
                pass
            took = time.perf_counter() - start
            bot.stdin.close()
            bot.stdout.read()
    return took


def _installed() -> float:
    """MB of the model and of all packages that the bot needs, without any extra."""
    project = tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))["project"]
    wanted, found = list(project["dependencies"]), set[str]()
    files = set(EMBEDDED.iterdir())
    while wanted:
        requirement = Requirement(wanted.pop())
        applies = requirement.marker is None or requirement.marker.evaluate()
        if applies and requirement.name not in found:
            found.add(requirement.name)
            package = distribution(requirement.name)
            wanted += package.requires or []
            files |= {Path(str(package.locate_file(file))) for file in package.files or []}
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6
