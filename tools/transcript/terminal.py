"""The chat in the terminal, with its lines piped in."""

import subprocess
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.transcript.plain import plain
from tools.transcript.process import COMMAND, environment
from tools.transcript.samples import FILES
from tools.transcript.terminal_script import LINES

_MARK = "mark> !zzyzx"
_MARKED = "There is no command !zzyzx. All commands: !help\n\n"
_LONGEST = 300.0  # seconds


def transcript() -> str:
    """Let people type all lines of the script, and return what was answered to each."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for filename, data in FILES.items():
            (folder / filename).write_bytes(data)
        greeting, *answers = _typed(folder)
        answers, rest = answers[: len(LINES)], answers[len(LINES) :]
        parts = [greeting]
        parts += [f"> {line}\n{_trimmed(said)}" for line, said in zip_longest(LINES, answers)]
        parts += [text for text in rest if text.strip()]
        parts += [_described(path) for path in sorted(folder.glob("reeltwin-*"))]
        return plain("\n".join(parts), name)


def _typed(folder: Path) -> list[str]:
    """Return the greeting, the answer to each line, and what came after the last."""
    typed = [_MARK, *(part for line in LINES for part in (line, _MARK))]
    done = subprocess.run(  # noqa: S603 - the bot itself
        [*COMMAND, "--console"],
        cwd=folder,
        env=environment(folder),
        input="\n".join(typed) + "\n",
        capture_output=True,
        encoding="utf-8",
        timeout=_LONGEST,
        check=False,
    )
    said = done.stdout.split(_MARKED)
    return [*said, done.stderr, "" if done.returncode == 0 else f"exit {done.returncode}\n"]


def _trimmed(answer: str | None) -> str:
    """Return an answer without the blanks that fill up its lines."""
    lines = (answer or "(nothing)").rstrip("\n").split("\n")
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _described(path: Path) -> str:
    """Tell what kind of file the bot has written; a table with its contents."""
    data = path.read_bytes()
    if data.startswith(b"\x89PNG"):
        return f"file {path.name}: a picture"
    if path.suffix == ".html":
        return f"file {path.name}: a page"
    return f"file {path.name}:\n{data.decode(errors='replace')}"
