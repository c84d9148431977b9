"""What people and files say is data wherever it goes: in SQL, in paths, on the terminal."""

import io
import sqlite3
from pathlib import Path

import pytest
from rich.console import Console

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import APOLOGY, dispatch
from bot.commands.registry import commands
from bot.console.chat import Chat
from bot.uploads import Upload
from tests.bot.chat_helpers import Say, rated, words
from tests.marks import slow_but

SQL = (
    "'; DROP TABLE ratings; --",
    "x' OR '1'='1",
    '"; DELETE FROM members; --',
    "1); INSERT INTO ratings VALUES ('console:alice', 1, 10, 0); --",
    "%_' ESCAPE '\\",
    "\\'; ATTACH DATABASE '/tmp/x' AS y; --",
    ":asker ?1 $1 %s {0}",
)


def schema(database: Path | str) -> list[tuple[str, str]]:
    """The tables of an SQLite file; of a server the ratings alone must tell."""
    if not isinstance(database, Path):
        return []
    with sqlite3.connect(database) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


@pytest.mark.parametrize("text", slow_but(SQL[:2], SQL))
async def test_sql_in_titles_names_labels_and_places_is_only_text(
    say: Say, context: AppContext, database: Path | str, text: str
) -> None:
    await say("rate Alien 5", guild_id="films")
    before = schema(database)
    for command in commands():
        reply = await say(f"{command.name} {text}", name=text, guild_id=text)
        assert APOLOGY not in reply.text
    eve = RequestContext(f"console:{text}", text, guild_id=text, channel_id=text, source=text)
    await dispatch(context, eve, "rate Alien 1")
    await dispatch(context, eve, "watchlist add Alien (1979)")
    table = b"Name,Year,Letterboxd URI,Rating\nUp,2009,,4\n"

    async def read() -> bytes:
        return table

    await dispatch(context, eve, "import", lambda _: Upload(text, len(table), read))
    await dispatch(context, eve, "import confirm")
    assert await rated(context, text) == {"Alien (1979)": 1.0, "Up (2009)": 4.0}
    assert text in words(await say("seen Alien (1979)", name="bob", guild_id=text))
    assert text in words(await dispatch(context, eve, "import undo"))
    assert await rated(context) == {"Alien (1979)": 5.0}
    assert schema(database) == before


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../../etc/passwd", "~/.env", "file:///etc/passwd"]
)
async def test_a_path_that_is_typed_opens_no_file_of_the_machine(say: Say, path: str) -> None:
    reply = await say(f"import {path}")
    assert "root:" not in words(reply)
    assert reply.document is None


@pytest.mark.parametrize("code", ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\r", "\x08", "\u202e"])
async def test_no_word_steers_the_terminal(context: AppContext, tmp_path: Path, code: str) -> None:
    printed = io.StringIO()
    chat = Chat(context, Console(file=printed, width=110), tmp_path)
    await chat.hear(f"!similar Xyzzy {code} of nowhere")
    await chat.hear(f"!{code}")
    await chat.hear(f"eve{code}> !rate Alien 5")
    assert "Xyzzy" in printed.getvalue()
    assert code not in printed.getvalue()
