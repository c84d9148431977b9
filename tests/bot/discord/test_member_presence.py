"""Whoever left a server is in none of its lists, and keeps what is theirs."""

from dataclasses import dataclass
from time import monotonic
from typing import Any

import discord
import pytest

from bot.app import members
from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import (
    TASTE,
    ask,
    by_slash,
    choose,
    make_bot,
    offers,
    plain,
    press,
    rate,
    stars_of,
)
from tests.discord_server import (
    ANN,
    BOB,
    CARL,
    FILM_CLUB,
    OTHER_GUILD_FILMS,
    Driver,
    connected,
)
from tests.discord_server.gateway import GRANTS_MEMBERS

MORE = "Heat (1995) 4\nFargo (1996) 3"
UNKNOWN = "has not talked to me here yet"


@dataclass
class Clock:
    """The clock by which presence lasts; ``ahead`` is raised to let time pass (seconds)."""

    ahead: float = 0.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still but for what a test lets pass."""
    clock, now = Clock(), monotonic()
    monkeypatch.setattr(members, "monotonic", lambda: now + clock.ahead)
    return clock


@pytest.fixture(autouse=True)
def _roll_is_called_every_time(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if "clock" not in request.fixturenames:
        monkeypatch.setattr(members, "PRESENCE_LASTS", 0.0)


async def fill(chat: Driver) -> None:
    await rate(chat, f"{TASTE}\n{MORE}", ANN, BOB, CARL)


async def lists(chat: Driver) -> str:
    """All that Ann sees of others."""
    asked = ("!seen Alien (1979)", "!movienight", "!club", "!watchlist", "!vote")
    return "\n".join([plain(await ask(chat, text)) for text in asked])


async def test_a_member_who_left_is_in_no_list_any_more(bot: ReeltwinBot, chat: Driver) -> None:
    await fill(chat)
    await by_slash(chat, "watchlist", do="add", what="Heat (1995)", user=BOB)
    night = await ask(chat, "!movienight")
    vote = await choose(chat, night, offers(night)[0])
    await press(chat, vote, "Vote", user=BOB)
    before = await lists(chat)
    assert before.count("Bob") > 5
    await chat.leaves(BOB, FILM_CLUB)
    after = await lists(chat)
    assert "Bob" not in after
    assert "Rated by 2 people here" in after
    assert "0 voters so far." in after
    for text in ("!ratings <@401>", "!compare <@401>", "!movienight <@401>"):
        assert "is not in this server" in (await ask(chat, text)).text
    assert UNKNOWN in (await ask(chat, "!ratings bob")).text


async def test_what_they_rated_is_still_theirs_and_seen_where_they_are(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await fill(chat)
    await ask(chat, "!ratings", user=BOB, channel=OTHER_GUILD_FILMS)
    await chat.leaves(BOB, FILM_CLUB)
    await ask(chat, "!seen Alien (1979)")
    assert len(await stars_of(context, "discord:401")) == 5
    assert "Ratings of Bob" in (await ask(chat, "!ratings <@401>", channel=OTHER_GUILD_FILMS)).text
    own = await ask(chat, "!ratings", user=BOB, channel=chat.direct(BOB))
    assert "5 films" in own.text


async def test_whoever_comes_back_is_there_again_with_all_of_it(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await fill(chat)
    await chat.leaves(BOB, FILM_CLUB)
    assert "Bob" not in (await ask(chat, "!seen Alien (1979)")).text
    await chat.arrives(BOB, FILM_CLUB)
    await ask(chat, "!help", user=BOB)
    assert "**Bob**" in (await ask(chat, "!seen Alien (1979)")).text
    assert "Bob" in (await ask(chat, "!club")).text


async def test_who_is_there_is_not_asked_for_with_every_message(
    bot: ReeltwinBot, chat: Driver, clock: Clock
) -> None:
    await fill(chat)
    for _ in range(3):
        assert "**Bob**" in (await ask(chat, "!seen Alien (1979)")).text
    assert len(chat.server.gateway.rolls) == 1


async def test_half_a_minute_after_they_left_they_are_shown_no_more(
    bot: ReeltwinBot, chat: Driver, clock: Clock
) -> None:
    await fill(chat)
    assert "**Bob**" in (await ask(chat, "!seen Alien (1979)")).text
    await chat.leaves(BOB, FILM_CLUB)
    clock.ahead = 30.0
    assert "Bob" not in await lists(chat)


async def test_where_discord_tells_of_it_they_are_shown_no_more_at_once(
    chat: Driver, context: AppContext, clock: Clock
) -> None:
    chat.server.gateway.application_flags = GRANTS_MEMBERS
    async with connected(make_bot(context), chat):
        await fill(chat)
        assert "**Bob**" in (await ask(chat, "!seen Alien (1979)")).text
        await chat.leaves(BOB, FILM_CLUB)
        assert "Bob" not in await lists(chat)
        others = [roll["user_ids"] for roll in chat.server.gateway.rolls[1:]]
        assert others in ([], [[401]])  # his leaving may be on its way to the store


async def test_who_left_while_nothing_was_heard_of_it_is_asked_for_anew(
    chat: Driver, context: AppContext, clock: Clock
) -> None:
    chat.server.gateway.application_flags = GRANTS_MEMBERS
    async with connected(make_bot(context), chat):
        await fill(chat)
        assert "**Bob**" in (await ask(chat, "!seen Alien (1979)")).text
        chat.server.world.move(BOB, FILM_CLUB.id, into=False)
        chat.server.gateway.drop(resumable=False)
        await chat.offline()
        await chat.online()
        assert "Bob" not in await lists(chat)


async def test_who_asks_at_the_same_time_waits_for_one_answer(
    bot: ReeltwinBot, chat: Driver, clock: Clock
) -> None:
    await fill(chat)
    for user in (ANN, BOB, CARL) * 4:
        await chat.say("!seen Alien (1979)", user=user)
    answers = [await chat.reply() for _ in range(12)]
    assert all("Rated by 3 people here" in answer.text for answer in answers)
    assert len(chat.server.gateway.rolls) == 1


async def test_of_many_a_hundred_are_asked_for_at_a_time(
    bot: ReeltwinBot, chat: Driver, context: AppContext, clock: Clock
) -> None:
    for number in range(1000, 1240):
        await context.store.remember(f"discord:{number}", "Gone", FILM_CLUB.id)
    await fill(chat)
    await ask(chat, "!seen Alien (1979)")
    asked = [len(roll["user_ids"]) for roll in chat.server.gateway.rolls]
    assert sorted(asked) == [43, 100, 100]
    assert await context.store.member_ids(FILM_CLUB.id) == {
        f"discord:{user.id}" for user in (ANN, BOB, CARL)
    }


async def test_where_discord_does_not_say_who_is_there_nobody_is_shown(
    bot: ReeltwinBot,
    chat: Driver,
    context: AppContext,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(members, "ROLL_TIMEOUT", 0.05)
    await fill(chat)
    chat.server.gateway.names_members = False
    shown = await lists(chat)
    assert shown.count(members.NOBODY_SHOWN) == 5
    assert "Bob" not in shown
    assert f"Discord does not say who is in server {FILM_CLUB.id}" in caplog.text
    assert "Rated" in (await ask(chat, "!rate Heat (1995) 3")).text
    chat.server.gateway.names_members = True
    monkeypatch.undo()
    assert "Rated by 3 people here" in (await ask(chat, "!seen Alien (1979)")).text


async def test_of_a_server_that_is_out_of_sight_nobody_is_shown(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await fill(chat)
    bot._connection._guilds.clear()
    shown = await by_slash(chat, "seen", film="Alien (1979)")
    assert "I name nobody" in shown.text


async def test_a_connection_that_drops_while_the_roll_is_called_is_told_in_a_sentence(
    bot: ReeltwinBot, chat: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the library answers from the drop until it has noticed it, which no test can time."""

    async def dropped(*_: Any, **__: Any) -> list[discord.Member]:
        raise ConnectionResetError("Cannot write to closing transport")

    await fill(chat)
    monkeypatch.setattr(discord.Guild, "query_members", dropped)
    assert "I name nobody" in (await ask(chat, "!seen Alien (1979)")).text
