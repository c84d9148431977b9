"""Files and votes at the terminal."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.app.context import AppContext
from bot.console.chat import Chat
from tests.bot.chat_helpers import rated

LETTERBOXD = """Date,Name,Year,Letterboxd URI,Rating
2024-01-02,Alien,1979,https://boxd.it/1,4.5
2024-01-02,The Matrix,1999,https://boxd.it/2,5
2024-01-02,No Such Film At All,1999,https://boxd.it/3,5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "letter boxd.csv").write_text(LETTERBOXD)
    return tmp_path


async def test_at_the_terminal_a_file_is_named_and_files_are_saved(
    context: AppContext, folder: Path
) -> None:
    printed = io.StringIO()
    chat = Chat(context, Console(file=printed, width=120), folder)
    await chat.hear(f'!import "{folder / "letter boxd.csv"}"')
    await chat.hear("Import 2 ratings")
    await chat.hear("!export")
    assert await rated(context, "you") == {"Alien (1979)": 4.5, "The Matrix (1999)": 5.0}
    assert "Alien" in (folder / "reeltwin-ratings.csv").read_text()
    assert "No Such Film" in (folder / "reeltwin-left-out.csv").read_text("utf-8-sig")


async def test_at_the_terminal_all_vote_by_number(context: AppContext, folder: Path) -> None:
    printed = io.StringIO()
    chat = Chat(context, Console(file=printed, width=120), folder)
    for line in (
        "alice> !rate Alien 5\nUp 4\nCoco 3",
        "bob> !rate Alien 4\nJaws 4\nCoco 5",
        "alice> !movienight @bob",
        "alice> Vote: an hour",
        "alice> 1",
        "bob> 1",
        "bob> 2",
    ):
        await chat.hear(line)
    assert "alice and bob" in printed.getvalue()
    assert "2 voters" in printed.getvalue()
