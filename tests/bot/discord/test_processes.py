"""Several real processes, each with a shard of its own, share one store."""

import asyncio
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from storage import open_store
from tests.bot.chat_helpers import BOT, bare_environment
from tests.bot.discord.discord_helpers import ask, assert_silent, by_slash, press, until
from tests.discord_server import (
    ANN,
    BOB,
    CARL,
    CINEMA,
    FILMS,
    Driver,
    Message,
    User,
    loopback_discord,
)
from tests.discord_server.world import CINEMA_FILMS, GUILDS
from tests.postgresql import PostgresServer

pytestmark = pytest.mark.slow

# Movies by id, two for each message.
PAIRS = [(1, 2), (3, 5), (6, 7), (10, 11), (16, 17), (19, 21), (22, 25), (29, 32), (34, 36)]
SLOW_START = 120.0  # seconds: a process of its own loads torch and the model
SHARDS = 2


@pytest_asyncio.fixture
async def chat() -> AsyncIterator[Driver]:
    """A Discord with servers of two shards, which lets in one shard after the other."""
    async with loopback_discord(shards=SHARDS, guilds=(*GUILDS, CINEMA)) as driver:
        driver.server.gateway.identify_pause = 0.5
        yield driver


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "sqlite":
        return tmp_path / "reeltwin.sqlite3"
    server: PostgresServer = request.getfixturevalue("postgresql")
    return server.database()


class Processes:
    """The bot's processes, by their shard. Made by `processes`."""

    def __init__(self, chat: Driver, folder: Path, database: Path | str) -> None:
        self._chat = chat
        self._folder = folder
        kind = "DATABASE_URL" if isinstance(database, str) else "DATABASE_PATH"
        self._database = {kind: str(database)}
        self._running: dict[int, asyncio.subprocess.Process] = {}

    async def start(self, *shards: int) -> None:
        for shard in shards:
            environment = bare_environment(
                self._folder,
                DISCORD_TOKEN=self._chat.server.token,
                DISCORD_API_URL=self._chat.server.api_url,
                SHARD_COUNT=str(SHARDS),
                SHARD_IDS=str(shard),
                **self._database,
            )
            with (self._folder / f"{shard}.log").open("a") as log:
                self._running[shard] = await asyncio.create_subprocess_exec(
                    *BOT, cwd=self._folder, env=environment, stdout=log, stderr=log
                )
        await self._chat.online(SLOW_START)

    async def kill(self, shard: int) -> None:
        process = self._running.pop(shard)
        process.kill()
        assert await process.wait() == -signal.SIGKILL
        await until(lambda: not self._chat.server.gateway.online.is_set())

    async def stop(self) -> list[int]:
        """Tell all to stop; return their exit statuses."""
        for process in self._running.values():
            process.terminate()
        return [await process.wait() for process in self._running.values()]

    def logs(self) -> str:
        return "".join(file.read_text() for file in sorted(self._folder.glob("*.log")))


@pytest_asyncio.fixture
async def processes(chat: Driver, tmp_path: Path, database: Path | str) -> AsyncIterator[Processes]:
    """Both shards, each in a process of its own."""
    processes = Processes(chat, tmp_path, database)
    try:
        await processes.start(0, 1)
        yield processes
    finally:
        statuses = await processes.stop()
    assert set(statuses) == {0}
    assert "Traceback" not in processes.logs()
    assert chat.refused == []


async def test_each_server_is_served_once_and_ratings_are_seen_across(
    chat: Driver, processes: Processes
) -> None:
    # Both came at the same time: one of them registered the commands.
    assert [call.method for call in chat.journal].count("PUT") == 1
    for channel in (FILMS, CINEMA_FILMS, chat.direct()):
        assert "Alien" in (await ask(chat, "!rate Alien 5", channel=channel)).text
        await assert_silent(chat)
    await ask(chat, "!rate Aliens 4.5", channel=FILMS)
    listed = await by_slash(chat, "ratings", channel=CINEMA_FILMS)
    assert "Aliens" in listed.text
    undone = await ask(chat, "!undo", channel=CINEMA_FILMS)
    assert "Aliens" in undone.text
    assert "Aliens" not in (await by_slash(chat, "ratings", channel=FILMS)).text
    for channel in (FILMS, CINEMA_FILMS):
        rated = await ask(chat, "!rate Aliens 4", channel=channel)
        assert "Aliens" in (await press(chat, rated, "Undo")).text
        await assert_silent(chat)


async def test_one_is_killed_and_started_again_and_nothing_confirmed_is_lost(
    chat: Driver, processes: Processes, database: Path | str
) -> None:
    vote_message = await ask(chat, channel=CINEMA_FILMS)
    closing = datetime.now(UTC) + timedelta(seconds=1)
    async with open_store(database) as store:
        vote = await store.open_vote(CINEMA.id, CINEMA_FILMS.id, who(ANN), [1], closing)
        await store.add_vote_message(vote, CINEMA_FILMS.id, vote_message.id)
    pairs = {}
    for n, (first, second) in enumerate(PAIRS):
        user = (ANN, BOB)[n % 2]
        text = f"!rate\nid:{first} 4\nid:{second} 4"
        said = await chat.say(text, user=user, channel=CINEMA_FILMS)
        pairs[said.id] = user, {first, second}
    replies = [await chat.reply() for _ in range(3)]
    await processes.kill(1)
    # The other one serves on in the meantime.
    aside = await chat.say("!rate Alien 5", user=CARL)
    while replies[-1].replies_to != aside.id:
        replies.append(await chat.reply())
    await processes.start(1)
    async with open_store(database) as store:
        kept = {
            user: {rating.movie_id for rating in await store.ratings(who(user))}
            for user in (ANN, BOB)
        }
    confirmed = [pairs[reply.replies_to] for reply in replies if reply.replies_to in pairs]
    assert len(confirmed) >= 3
    assert all(films <= kept[user] for user, films in confirmed)
    # What was under way is kept whole or not at all.
    assert all(not films & kept[user] or films <= kept[user] for user, films in pairs.values())
    assert await edits_of(chat, vote_message) == 1
    assert "Rated" in (await ask(chat, "!rate Alien 5", channel=CINEMA_FILMS, user=CARL)).text


async def edits_of(chat: Driver, message: Message) -> int:
    """How often a message was changed, once it was."""

    def number() -> int:
        edits = [shown.message.id for shown in chat.record if shown.kind == "edit"]
        return edits.count(message.id)

    await until(lambda: number() > 0)
    await chat.say("!help rate")
    while (await chat.reply()).channel != FILMS:
        pass
    return number()


def who(user: User) -> str:
    return f"discord:{user.id}"
