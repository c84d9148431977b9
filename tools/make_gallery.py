"""One of every picture the bot draws: ``python -m tools.make_gallery`` (make gallery).

Writes docs/gallery/*.png and, for screen readers and for GitHub, docs/gallery/README.md with what
each is said to show.
"""

import asyncio
import tempfile
from pathlib import Path

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from engine import load_model
from storage import open_store
from tools.fewer_colours import fewer_colours
from tools.make_discord import BOBS
from tools.make_pictures import RATINGS

GALLERY = Path(__file__).parents[1] / "docs" / "gallery"
GROUP = "club"
CAROLS = "Alien 4.5\nThe Matrix 4\nAmelie (2001) 5\nSpirited Away 5\nInception 3.5\nUp 4.0"
COMMANDS = {
    "map": "map",
    "map-film": "map Alien (1979)",
    "map-members": "map @bob @carol",
    "taste": "taste",
    "fit": "fit",
    "compare": "compare @bob",
    "club": "club",
    "dimension": "dimension 3",
    "bias": "bias",
    "model": "model",
}


async def main() -> None:
    GALLERY.mkdir(exist_ok=True)
    lines = ["# What the bot draws", "", "Made by `make gallery`.", ""]
    with tempfile.TemporaryDirectory() as folder:
        async with open_store(Path(folder) / "ratings.sqlite3") as store:
            context = AppContext(load_model(), store)
            for name, ratings in (("ann", RATINGS), ("bob", BOBS), ("carol", CAROLS)):
                await dispatch(context, _member(name), f"rate\n{ratings}")
            for name, command in COMMANDS.items():
                reply = await dispatch(context, _member("ann"), command)
                assert reply.picture is not None, f"{command}: {reply.text}"  # noqa: S101
                (GALLERY / f"{name}.png").write_bytes(fewer_colours(reply.picture.png))
                lines += [f"`!{command}`", "", f"![{reply.picture.description}]({name}.png)", ""]
            context.close()
    (GALLERY / "README.md").write_text("\n".join(lines), "utf-8")


def _member(name: str) -> RequestContext:
    return RequestContext(f"console:{name}", name, GROUP)


if __name__ == "__main__":
    asyncio.run(main())
