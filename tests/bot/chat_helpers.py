"""What tests of the chat share: saying something, and reading what comes back."""

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from bot.app.context import AppContext
from bot.replies import Action, Cell, ColumnKind, Link, Reply, Table
from bot.settings import Settings
from engine import TasteModel
from storage import open_store

ROOT = Path(__file__).parents[2]
BOT = [sys.executable, "-m", "bot"]

TEN_RATINGS = """rate
Jumanji 4
Alien 5
Aliens 4.5
Treasure Planet 4
Dragon Ball Z Gaiden 1
Doctor Who: The Waters of Mars 1
Kubo and the Two Strings 2.5
The Conjuring 2 4
Coco 3.5
Mission: Impossible - Fallout 4
"""


class Say(Protocol):
    async def __call__(
        self, message: str, name: str = "alice", guild_id: str | None = None
    ) -> Reply: ...


async def rated(context: AppContext, name: str = "alice") -> dict[str, float]:
    """The stars that somebody gave, by title."""
    rows = await context.store.ratings(f"console:{name}")
    return {context.model.catalogue.by_id(row.movie_id).title: row.stars for row in rows}


@asynccontextmanager
async def serving(
    model: TasteModel, database: Path | str, busy_timeout: float = 5.0
) -> AsyncIterator[AppContext]:
    """A context of its own on a database that others may use too."""
    async with open_store(database, busy_timeout) as store:
        context = AppContext(model, store)
        yield context
        context.close()


def shown(cell: Cell) -> str:
    return cell.text if isinstance(cell, Link) else cell


def column(table: Table, name: str) -> list[str]:
    """The cells of a column as text."""
    at = [column.name for column in table.columns].index(name)
    return [shown(row[at]) for row in table.rows]


def leads(table: Table) -> list[str]:
    """What the rows are about."""
    return column(table, next(c.name for c in table.columns if c.kind is ColumnKind.LEAD))


def options(reply: Reply) -> list[Action]:
    return [option for choice in reply.choices for option in choice.options]


def words(reply: Reply) -> str:
    """All that a reply says."""
    return "\n".join(_parts(reply))


def _parts(reply: Reply) -> Iterator[str]:
    yield from (reply.title, reply.text, reply.hint)
    for table in reply.tables:
        yield table.heading
        yield from (shown(cell) for row in table.rows for cell in row)
    for choice in reply.choices:
        yield choice.prompt
        yield from (f"{option.label} {option.detail}" for option in choice.options)


def bare_environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a bot of its own: a database in a folder and the given settings."""
    names = {name.upper() for name in Settings.model_fields}
    inherited = {name: value for name, value in os.environ.items() if name not in names}
    ours = {"PYTHONPATH": str(ROOT), "DATABASE_PATH": str(folder / "reeltwin.sqlite3")}
    return inherited | ours | settings
