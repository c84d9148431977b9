"""A chat in the terminal, for docs/evening.md: ``python -m tools.make_pictures``.

Writes docs/chat.svg. The pictures are those of ``tools.make_gallery``.
"""

import asyncio
import io
import re
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from bot.app.context import AppContext
from bot.console.chat import Chat
from engine import load_model
from storage import open_store

DOCS = Path(__file__).parents[1] / "docs"
RATINGS = """Jumanji (1995) 4
Alien 5
Aliens 4.5
Treasure Planet 4
Dragon Ball Z Gaiden 1
Doctor Who: The Waters of Mars 1
Kubo and the Two Strings 2.5
The Conjuring 2 4
Coco 3.5
Mission: Impossible - Fallout 4"""
# The theme's web font would be fetched from elsewhere; any monospaced font will do.
SVG = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_store(Path(folder) / "ratings.sqlite3") as store:
            context = AppContext(load_model(), store)
            shown = Console(record=True, width=96, file=io.StringIO(), force_terminal=True)
            unseen = Console(file=io.StringIO())
            chat, aside = Chat(context, shown), Chat(context, unseen)
            for line in RATINGS.splitlines()[:-1]:
                await aside.hear(f"!rate {line}")
            for line in ("!rate mission impossible fallout 4", "!recommend 8", "!similar Alien"):
                shown.print(Text(f"you> {line}", style="bold"))
                await chat.hear(line)
            shown.save_svg(str(DOCS / "chat.svg"), title="Reeltwin", code_format=SVG)
            context.close()


if __name__ == "__main__":
    asyncio.run(main())
