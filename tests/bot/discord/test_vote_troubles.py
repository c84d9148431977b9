"""A vote whose end meets a trouble is closed, and shown closed, once the trouble is over."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio

from bot.app import members
from bot.app.context import AppContext
from bot.discord import vote_timer
from bot.discord.client import ReeltwinBot
from engine import TasteModel
from tests.bot.chat_helpers import serving
from tests.bot.discord.discord_helpers import ask, assert_silent, make_bot, press, until
from tests.discord_server import ANN, BOB, FILM_CLUB, FILMS, TALK, Driver, Message, connected
from tests.discord_server.refusals import (
    CUT_OFF,
    MISSING_ACCESS,
    UNAVAILABLE,
    Reason,
    unknown,
)
from tests.postgresql import PostgresServer
from tests.storage.test_held import held

OVER = "The vote is over"
ARCHIVED = Reason(400, 50083, "Thread is archived")
GONE = unknown("Message", 10008).reason


ON_BOTH = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vote_timer, "LOOK_EVERY", 0.2)
    monkeypatch.setattr(vote_timer, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(vote_timer, "LONGEST_WAIT", 0.2)
    monkeypatch.setattr(members, "PRESENCE_LASTS", 0.0)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if getattr(request, "param", "sqlite") == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgresql")
        return server.database()
    return tmp_path / "reeltwin.sqlite3"


@pytest_asyncio.fixture
async def context(model: TasteModel, database: Path | str) -> AsyncIterator[AppContext]:
    """On a database for which it does not wait long."""
    async with serving(model, database, busy_timeout=0.1) as context:
        yield context


@pytest_asyncio.fixture
async def bot(chat: Driver, context: AppContext) -> AsyncIterator[ReeltwinBot]:
    bot = make_bot(context)
    async with connected(bot, chat):
        yield bot


async def vote_of(context: AppContext, seconds: float) -> int:
    return await context.store.open_vote(
        FILM_CLUB.id,
        FILMS.id,
        f"discord:{ANN.id}",
        [1214, 541],
        closes_at=datetime.now(UTC) + timedelta(seconds=seconds),
    )


async def shown_vote(chat: Driver, context: AppContext, seconds: float = 0.7) -> Message:
    """A message that shows a vote which is open for so long."""
    vote_id = await vote_of(context, seconds)
    message = await ask(chat, "!vote")
    await until_none(lambda: _missing(context, vote_id))
    return message


async def _missing(context: AppContext, vote_id: int) -> bool:
    return not await context.store.vote_messages(vote_id)


async def is_shown_closed(chat: Driver, vote: Message) -> Message:
    closed = await chat.reply()
    assert closed.id == vote.id
    assert OVER in closed.text
    return closed


async def is_closed(context: AppContext) -> bool:
    vote = await context.store.latest_vote(FILM_CLUB.id)
    assert vote is not None
    return not vote.open


async def all_is_done(context: AppContext) -> None:
    await until_none(lambda: context.store.unfinished_votes(within=0))


async def until_none(ask_store: Callable[[], Awaitable[object]]) -> None:
    """Let the bot go on until the store has nothing left."""
    async with asyncio.timeout(10):
        while await ask_store():  # noqa: ASYNC110 - the store sets no event
            await asyncio.sleep(0)


def tried(chat: Driver, vote: Message, method: str = "PATCH") -> int:
    """How often the bot asked Discord about the message."""
    calls = [call for call in chat.journal if call.method == method]
    return sum(call.path.endswith(vote.id) for call in calls)


def kept(database: Path | str) -> AbstractAsyncContextManager[None]:
    """Let another program keep everybody from writing about votes for the body."""
    locked = "LOCK TABLE votes, vote_messages IN EXCLUSIVE MODE"
    return held(database, locked if isinstance(database, str) else "BEGIN IMMEDIATE")


@ON_BOTH
async def test_the_database_is_held_beyond_its_end(
    bot: ReeltwinBot,
    chat: Driver,
    context: AppContext,
    database: Path | str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    vote = await shown_vote(chat, context)
    async with kept(database):
        await until(lambda: caplog.text.count("is not shown closed yet, again in") > 2)
    await is_shown_closed(chat, vote)
    assert await is_closed(context)
    assert "Traceback" not in caplog.text
    await assert_silent(chat)


@ON_BOTH
async def test_the_database_is_held_when_it_is_first_shown(
    bot: ReeltwinBot,
    chat: Driver,
    context: AppContext,
    database: Path | str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await ask(chat, "!help")  # Ann is remembered
    await vote_of(context, 1.5)
    async with kept(database):
        vote = await ask(chat, "!vote")
        await until(lambda: "is not noted yet" in caplog.text)
    await is_shown_closed(chat, vote)
    await assert_silent(chat)


@pytest.mark.parametrize("trouble", [UNAVAILABLE, CUT_OFF], ids=["503", "cut off"])
async def test_discord_does_not_take_the_change(
    bot: ReeltwinBot, chat: Driver, context: AppContext, trouble: Reason
) -> None:
    vote = await shown_vote(chat, context)
    chat.server.rest.refuse(vote.id, trouble, method="PATCH")
    await until(lambda: tried(chat, vote) > 2)
    assert await is_closed(context)
    chat.server.rest.refuse(vote.id, None, method="PATCH")
    await is_shown_closed(chat, vote)
    await all_is_done(context)
    await assert_silent(chat)


async def test_the_gateway_is_cut_and_discord_does_not_say_who_is_there(
    bot: ReeltwinBot, chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "ROLL_TIMEOUT", 0.05)
    vote = await shown_vote(chat, context, 1.5)
    chat.server.gateway.names_members = False
    chat.server.gateway.drop(resumable=False)
    await asyncio.sleep(2.0)
    assert await is_closed(context)
    assert tried(chat, vote) == 0
    chat.server.gateway.names_members = True
    await is_shown_closed(chat, vote)


async def test_the_clock_is_set_back_before_its_end(
    bot: ReeltwinBot, chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = 0.0

    def time_ns() -> int:
        return time.time_ns() - int(behind * 1e9)

    monkeypatch.setattr("storage.timestamps.time", SimpleNamespace(time_ns=time_ns))
    vote = await shown_vote(chat, context)
    behind = 3600.0
    await asyncio.sleep(1.0)
    assert not await is_closed(context)
    behind = 0.0
    await is_shown_closed(chat, vote)


async def test_the_clock_is_set_back_after_it_was_closed(
    bot: ReeltwinBot, chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote = await shown_vote(chat, context)
    chat.server.rest.refuse(vote.id, UNAVAILABLE, method="PATCH")
    await until(lambda: tried(chat, vote) > 0)
    past = SimpleNamespace(time_ns=lambda: time.time_ns() - 10**15)
    monkeypatch.setattr("storage.timestamps.time", past)
    chat.server.rest.refuse(vote.id, None, method="PATCH")
    await is_shown_closed(chat, vote)


@ON_BOTH
async def test_the_bot_is_started_anew_before_it_was_shown_closed(
    chat: Driver, context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(make_bot(context), chat):
        vote = await shown_vote(chat, context)
        other = await ask(chat, "!vote")
        chat.server.rest.refuse(vote.id, UNAVAILABLE, method="PATCH")
        chat.server.rest.refuse(other.id, UNAVAILABLE, method="PATCH")
        await until(lambda: tried(chat, other) > 0)
    await chat.offline()
    assert await is_closed(context)
    chat.server.rest.refuse(vote.id, None, method="PATCH")
    chat.server.rest.refuse(other.id, None, method="PATCH")
    async with connected(make_bot(context), chat):
        assert {(await chat.reply()).id for _ in range(2)} == {vote.id, other.id}
        await assert_silent(chat)
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("refusal", [GONE, MISSING_ACCESS, ARCHIVED], ids=["404", "403", "400"])
async def test_where_it_can_never_be_shown_one_line_says_so_and_all_is_done(
    bot: ReeltwinBot,
    chat: Driver,
    context: AppContext,
    caplog: pytest.LogCaptureFixture,
    refusal: Reason,
) -> None:
    caplog.set_level("INFO")
    vote = await shown_vote(chat, context)
    other = await ask(chat, "!vote")
    chat.server.rest.refuse(vote.id, refusal, method="PATCH")
    await is_shown_closed(chat, other)
    await all_is_done(context)
    await asyncio.sleep(0.5)
    assert tried(chat, vote) == 1
    assert caplog.text.count(f"cannot be shown in message {vote.id}") == 1
    assert refusal.message in caplog.text


async def test_from_a_server_without_the_bot_it_asks_whether_the_message_is_there_and_is_done(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    vote = await shown_vote(chat, context)
    bot._connection._guilds.clear()
    chat.server.rest.refuse(vote.id, MISSING_ACCESS, method="GET")
    await until(lambda: tried(chat, vote, "GET"))
    await all_is_done(context)
    assert tried(chat, vote) == 0


async def test_the_result_names_nobody_who_has_left(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    vote = await shown_vote(chat, context, 2.0)
    for user in (ANN, BOB):
        vote = await press(chat, vote, "Vote", user=user)
    assert "Ann and Bob" in vote.text
    await chat.leaves(BOB, FILM_CLUB)
    closed = await is_shown_closed(chat, vote)
    assert "With 1 vote." in closed.text
    assert "Bob" not in closed.text


async def test_of_many_messages_the_latest_are_shown_closed(
    bot: ReeltwinBot, chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vote_timer, "MOST_SHOWN", 2)
    first = await shown_vote(chat, context, 2.0)
    others = [await ask(chat, "!vote") for _ in range(2)]
    assert {(await chat.reply()).id for _ in others} == {other.id for other in others}
    await assert_silent(chat)
    assert tried(chat, first) == 0


async def test_after_an_outage_votes_are_finished_some_at_a_time(
    bot: ReeltwinBot, chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vote_timer, "AT_ONCE", 1)
    messages = [await ask(chat, channel=channel) for channel in (FILMS, TALK)]
    for message in messages:
        vote_id = await vote_of(context, -1.0)
        await context.store.add_vote_message(vote_id, message.channel.id, message.id)
        chat.server.rest.limit(message.id, 0.2, method="PATCH")
    for message in messages:
        await is_shown_closed(chat, message)
    patched = [call.path.rpartition("/")[2] for call in chat.journal if call.method == "PATCH"]
    assert patched == [message.id for message in messages for _ in range(2)]


def test_waits_between_tries_double_up_to_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    waits = [vote_timer.pause_after(number) for number in range(1, 2_000)]
    assert waits[:3] == [1.0, 2.0, 4.0]
    assert max(waits) == waits[-1] == 300.0
