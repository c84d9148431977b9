"""One person who floods the bot takes neither its time nor its memory from the others."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app.context import AppContext, RequestContext
from bot.app.limits import Limits
from bot.commands.dispatch import dispatch
from bot.imports.history import ImportedHistory
from bot.imports.movie_matching import MovieIndex
from bot.imports.pending import PendingImport, PendingImports
from bot.imports.reader import read_history
from bot.replies import Reply, Severity
from bot.services.vote import MOST_OPEN
from bot.uploads import Upload
from engine import TasteModel
from storage import open_store
from tests.bot.chat_helpers import Say

Make = Callable[..., AppContext]

ALICE, BOB = RequestContext("console:alice", "alice"), RequestContext("console:bob", "bob")
HEADER = "Date,Name,Year,Letterboxd URI,Rating\n"
ONE = HEADER + "2024-01-02,Alien,1979,https://boxd.it/1,4.5\n"


@pytest_asyncio.fixture
async def make(model: TasteModel, tmp_path: Path) -> AsyncIterator[Make]:
    """A context on a fresh store, with limits of one's own."""
    made = []
    async with open_store(tmp_path / "reeltwin.sqlite3") as store:

        def make(**limits: int) -> AppContext:
            made.append(AppContext(model, store, limits=Limits(**limits)))
            return made[-1]

        yield make
        for context in made:
            context.close()


def refused(replies: list[Reply]) -> list[Reply]:
    return [reply for reply in replies if reply.severity is Severity.PROBLEM]


async def test_one_persons_many_commands_leave_room_for_the_others(make: Make) -> None:
    context = make(commands=8, commands_of_user=3)
    asked = [dispatch(context, ALICE, "recommend") for _ in range(20)]
    *hers, his = await asyncio.gather(*asked, dispatch(context, BOB, "recommend"))
    assert len(refused(hers)) == 17
    assert all("still at what you asked before" in reply.text for reply in refused(hers))
    assert his.severity is Severity.NORMAL
    assert (await dispatch(context, ALICE, "recommend")).severity is Severity.NORMAL


async def test_only_some_files_are_in_memory_at_a_time(make: Make) -> None:
    context = make(files=2)
    arrived, may_come = 0, asyncio.Event()

    async def read() -> bytes:
        nonlocal arrived
        arrived += 1
        await may_come.wait()
        return ONE.encode()

    async def import_ratings(number: int) -> Reply:
        request = RequestContext(f"console:{number}", str(number))
        return await dispatch(context, request, "import", lambda text: Upload("a", 99, read))

    await context.movie_index()
    bringing = [asyncio.create_task(import_ratings(number)) for number in range(5)]
    done: set[asyncio.Task[Reply]] = set()
    while len(done) < 3:
        more, _ = await asyncio.wait(
            set(bringing) - done, return_when=asyncio.FIRST_COMPLETED, timeout=10
        )
        assert more
        done |= more
    assert arrived == 2
    may_come.set()
    replies = await asyncio.gather(*bringing)
    assert len(refused(replies)) == 3
    assert all("again in a few seconds" in reply.text for reply in refused(replies))


@pytest.fixture(scope="module")
def long(model: TasteModel) -> ImportedHistory:
    rows = "".join(f"2024-01-02,No Such Film {n},1979,https://boxd.it/1,4\n" for n in range(45_000))
    return read_history("long.csv", (HEADER + rows).encode(), MovieIndex(model.catalogue))


async def test_files_that_wait_to_be_confirmed_are_kept_up_to_a_number_of_rows(
    long: ImportedHistory,
) -> None:
    waiting = PendingImports()
    for number in range(50):
        waiting.put(f"discord:{number}", PendingImport(number, "long.csv", long))
    kept = [number for number in range(50) if waiting.take(f"discord:{number}", number)]
    assert kept == [46, 47, 48, 49]


async def test_of_one_person_only_the_last_file_waits(long: ImportedHistory) -> None:
    waiting = PendingImports()
    for name in ("first.csv", "last.csv"):
        waiting.put("discord:1", PendingImport(7, name, long))
    held = waiting.take("discord:1", 7)
    assert held is not None
    assert held.name == "last.csv"
    assert waiting.take("discord:1", 7) is None


async def test_a_file_waits_for_an_hour_and_for_who_sent_it_alone(
    long: ImportedHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = PendingImports()
    waiting.put("discord:1", PendingImport(7, "long.csv", long))
    assert waiting.take("discord:1", 8) is None  # forgotten, and there again
    assert waiting.take("discord:1", 7) is None  # not even in memory
    monkeypatch.setattr("bot.imports.pending.WAIT", 0.0)
    waiting.put("discord:1", PendingImport(7, "long.csv", long))
    await asyncio.sleep(0.01)
    assert waiting.take("discord:1", 7) is None


async def test_a_group_has_so_many_votes_open_and_no_more(say: Say) -> None:
    for _ in range(MOST_OPEN):
        assert (await say("vote start 60 1214,541", guild_id="films")).vote_id is not None
    over = await say("vote start 60 1214,541", guild_id="films")
    assert f"There are {MOST_OPEN} votes open here already" in over.text
    assert (await say("vote start 60 1214,541", guild_id="games")).vote_id is not None
    await say("vote close 3", guild_id="films")
    assert (await say("vote start 60 1214,541", guild_id="films")).vote_id is not None


async def test_a_vote_on_one_film_twice_is_on_it_once(say: Say) -> None:
    vote = await say("vote start 60 1214,541,1214", guild_id="films")
    assert len(vote.tables[0].rows) == 2
