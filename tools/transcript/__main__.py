"""Record what all commands answer, or compare it: ``python -m tools.transcript record``."""

import argparse
import asyncio
import difflib
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.transcript import discord, terminal
from tools.transcript.process import ROOT

_FOLDER = Path("tools") / "transcripts"
_EXCHANGE = "> "  # what a line begins with on which somebody does something


def main() -> int:
    """Record or check; returns the exit status: 0, or 1 where something is answered otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tools.transcript", description=__doc__)
    parser.add_argument("what", choices=("record", "check"))
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / _FOLDER)
    options = parser.parse_args()
    fresh = transcripts()
    for name, text in fresh.items():
        n = sum(line.startswith(_EXCHANGE) for line in text.splitlines())
        print(f"{name}: {n} exchanges", file=sys.stderr)
    if options.what == "check":
        return max(_compare(options.folder / name, text) for name, text in fresh.items())
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, text in fresh.items():
        (options.folder / name).write_text(text, "utf-8", newline="\n")
    return 0


def transcripts() -> dict[str, str]:
    """Return what is answered now, by the file that keeps it."""
    with ThreadPoolExecutor(1) as pool:  # both at once, as each waits for a process of its own
        chat = pool.submit(terminal.transcript)
        loopback = asyncio.run(discord.transcript())
        return {"terminal.txt": chat.result(), "discord.txt": loopback}


def _compare(recorded: Path, fresh: str) -> int:
    """Print what differs from a recorded transcript; returns 1 where something does."""
    before = recorded.read_text("utf-8").split("\n") if recorded.exists() else []
    changes = [
        *difflib.unified_diff(
            before, fresh.split("\n"), f"recorded/{recorded.name}", f"now/{recorded.name}", "", "",
            n=12, lineterm="",
        )
    ]  # fmt: skip
    print("\n".join(changes), end="\n" if changes else "")
    return int(bool(changes))


if __name__ == "__main__":
    sys.exit(main())
