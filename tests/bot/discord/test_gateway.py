"""Whatever comes over the gateway, or does not: the bot stays, is back soon, and says how it is."""

import random
from typing import Any

import pytest

from bot.app.context import AppContext
from bot.discord import gateway
from bot.discord.gateway import Backoff
from tests.bot.discord.discord_helpers import ask, make_bot, until
from tests.discord_server import (
    ANN,
    CINEMA,
    FILM_CLUB,
    FILMS,
    Driver,
    connected,
    loopback_discord,
)
from tests.discord_server.world import BOT, GUILDS, Json

MESSAGE: Json = {
    "id": "900000000000000001",
    "channel_id": FILMS.id,
    "guild_id": FILM_CLUB.id,
    "author": ANN.payload(),
    "member": ANN.member(),
    "content": "!help",
    "timestamp": "2024-01-01T00:00:00+00:00",
    "edited_timestamp": None,
    "tts": False,
    "mention_everyone": False,
    "mentions": [],
    "mention_roles": [],
    "attachments": [],
    "embeds": [],
    "pinned": False,
    "type": 0,
}
POLL: Json = {
    "question": {"text": "?"},
    "answers": [],
    "expiry": None,
    "allow_multiselect": False,
    "layout_type": 1,
}
INTERACTION: Json = {
    "id": "900000000000000002",
    "application_id": BOT.id,
    "type": 2,
    "token": "t",
    "version": 1,
    "channel_id": FILMS.id,
    "channel": FILMS.payload(),
    "guild_id": FILM_CLUB.id,
    "guild": {"id": FILM_CLUB.id, "features": [], "locale": "en-US"},
    "member": {**ANN.member(), "user": ANN.payload()},
    "data": {"id": "1", "name": "help", "type": 1},
    "entitlements": [],
    "authorizing_integration_owners": {},
    "attachment_size_limit": 10_000_000,
    "locale": "en-US",
}
ODD_VALUES: tuple[Any, ...] = (None, [], {}, "x", 0, -1, True, 10**40, 1.5, [None], {"id": None})
# What else Discord tells a bot, with these intents or more.
OTHERS = (
    "CHANNEL_CREATE",
    "CHANNEL_UPDATE",
    "CHANNEL_DELETE",
    "CHANNEL_PINS_UPDATE",
    "GUILD_CREATE",
    "GUILD_UPDATE",
    "GUILD_DELETE",
    "GUILD_ROLE_CREATE",
    "GUILD_MEMBERS_CHUNK",
    "GUILD_MEMBER_UPDATE",
    "MESSAGE_DELETE",
    "MESSAGE_DELETE_BULK",
    "MESSAGE_REACTION_ADD",
    "STAGE_INSTANCE_CREATE",
    "THREAD_CREATE",
    "THREAD_LIST_SYNC",
    "TYPING_START",
    "USER_UPDATE",
    "VOICE_STATE_UPDATE",
    "VOICE_SERVER_UPDATE",
)


def odd_events() -> list[tuple[str, Any]]:
    """Each field of the events that matter left out, and replaced by each odd value."""
    whole = {
        "MESSAGE_CREATE": MESSAGE,
        "MESSAGE_UPDATE": MESSAGE,
        "INTERACTION_CREATE": INTERACTION,
    }
    events: list[tuple[str, Any]] = [("MESSAGE_CREATE", {**MESSAGE, "poll": POLL})]
    for event, payload in whole.items():
        for name in payload:
            events.append((event, {key: payload[key] for key in payload if key != name}))
            events += [(event, {**payload, name: value}) for value in ODD_VALUES]
    events += [(event, value) for event in (*whole, *OTHERS) for value in ODD_VALUES]
    return [*events, ("NO_SUCH_EVENT", None), ("", None), ("__class__", {})]


async def tell(chat: Driver, event: str, data: Any) -> None:
    for session in chat.server.gateway.sessions.values():
        await session.tell(event, data)


async def test_an_event_that_cannot_be_read_is_one_line_and_the_next_is_answered(
    chat: Driver, context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(make_bot(context), chat):
        await tell(chat, "MESSAGE_CREATE", {**MESSAGE, "poll": POLL})
        assert "Rated" in (await ask(chat, "!rate Alien 5")).text
    (said,) = [record for record in caplog.records if "unreadable" in record.message]
    assert said.message.startswith("dropped an unreadable MESSAGE_CREATE of Discord: ")
    assert "\n" not in said.message
    assert said.exc_info is None
    assert chat.server.gateway.resumed == 0


async def test_no_odd_event_ends_the_bot(chat: Driver, context: AppContext) -> None:
    async with connected(make_bot(context, cooldown=(10_000, 1.0)), chat):
        for event, data in odd_events():
            await tell(chat, event, data)
        asked = await chat.say("!help", channel=chat.direct())
        while (await chat.reply()).replies_to != asked.id:
            pass


@pytest.mark.parametrize("field", ["session_id", "resume_gateway_url", "user", "shard", "guilds"])
async def test_a_session_that_begins_unreadably_is_begun_anew_after_a_wait(
    chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    waits = in_a_hurry(monkeypatch)
    broken = 2

    def tamper(event: str, data: Json) -> Json:
        nonlocal broken
        if event != "READY" or not broken:
            return data
        broken -= 1
        return {key: part for key, part in data.items() if key != field}

    chat.server.gateway.tampers = tamper
    async with connected(make_bot(context), chat):
        assert "Rated" in (await ask(chat, "!rate Alien 5")).text
    assert len(waits) == 2


async def test_a_server_that_comes_unreadably_leaves_the_others_served(
    chat: Driver, context: AppContext
) -> None:
    def tamper(event: str, data: Json) -> Json:
        return {**data, "channels": None} if data.get("id") == "201" else data

    chat.server.gateway.tampers = tamper
    async with connected(make_bot(context), chat):
        assert "Rated" in (await ask(chat, "!rate Alien 5")).text


async def test_a_stream_that_cannot_be_unpacked_is_begun_anew(
    chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_a_hurry(monkeypatch)
    async with connected(make_bot(context), chat):
        (session,) = chat.server.gateway.sessions.values()
        assert session.socket is not None
        await session.socket.socket.send_bytes(b"no zlib\x00\x00\xff\xff")
        await chat.offline()
        await chat.online()
        assert "Rated" in (await ask(chat, "!rate Alien 5")).text


def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Wait as long as may be, in milliseconds for seconds; returns these waits as they come."""
    waits: list[float] = []

    def longest(self: random.Random, low: float, high: float) -> float:
        waits.append(high)
        return high / 1000

    monkeypatch.setattr(random.Random, "uniform", longest)
    return waits


# how soon it is back


def test_waits_between_attempts_stay_within_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random.Random, "uniform", lambda self, low, high: high)
    backoff = Backoff()
    waits = [backoff.delay() for _ in range(20)]
    assert waits == sorted(waits)
    assert waits[0] == 2
    assert waits[-1] == 30


async def test_waits_are_forgotten_once_it_is_back(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = in_a_hurry(monkeypatch)
    async with (
        loopback_discord(shards=2, guilds=(*GUILDS, CINEMA)) as chat,
        connected(make_bot(context), chat),
    ):
        for _ in range(2):
            await cut_off(chat)
            await until(lambda: 32 in waits)
            assert waits[0] == 2
            await come_back(chat)
            waits.clear()
        assert "Rated" in (await ask(chat, "!rate Alien 5")).text


async def cut_off(chat: Driver) -> None:
    chat.server.gateway.away = True
    chat.server.gateway.drop()
    await chat.offline()


async def come_back(chat: Driver) -> None:
    chat.server.gateway.away = False
    await chat.online()


# how it is


async def test_it_is_live_while_it_is_in_session_and_not_while_cut_off(
    chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_a_hurry(monkeypatch)
    bot = make_bot(context)
    assert not bot.is_live
    async with connected(bot, chat):
        for _ in range(2):
            await until(lambda: bot.is_live)
            await cut_off(chat)
            await until(lambda: not bot.is_live)
            assert bot.is_ready()  # as discord.py sees it, once and for all
            await come_back(chat)
        await until(lambda: bot.is_live)
    assert not bot.is_live


async def test_one_shard_that_is_cut_off_is_not_live(context: AppContext) -> None:
    async with loopback_discord(shards=2, guilds=(*GUILDS, CINEMA)) as chat:
        bot = make_bot(context)
        async with connected(bot, chat):
            await until(lambda: bot.is_live)
            chat.server.gateway.away = True
            chat.server.gateway.drop(1)
            await until(lambda: not bot.is_live)


async def test_a_connection_that_is_open_but_acknowledges_nothing_is_not_live(
    chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "HEARTBEAT_PATIENCE", 0.3)
    chat.server.gateway.heartbeat = 0.05
    bot = make_bot(context)
    async with connected(bot, chat):
        await until(lambda: bot.is_live)
        chat.server.gateway.acknowledges = False
        await until(lambda: not bot.is_live)
        assert not chat.server.gateway.offline.is_set()
        chat.server.gateway.acknowledges = True
        await until(lambda: bot.is_live)
