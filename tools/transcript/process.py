"""The bot as a process of its own, away from the settings of whoever runs it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "bot")
_INHERITED = ("PATH", "HOME", "LD_LIBRARY_PATH", "MPLCONFIGDIR", "TMPDIR", "VIRTUAL_ENV")


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a bot whose database is in a folder.

    The process is to run in that folder, where no ``.env`` is.
    """
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    ours = {
        "DATABASE_PATH": str(folder / "reeltwin.sqlite3"),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "TZ": "UTC",
    }
    return inherited | ours | settings
