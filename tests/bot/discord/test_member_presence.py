"""Whoever left a server is in none of its lists, and keeps what is theirs."""

from typing import Any

import discord
import pytest

from bot.app import members
from bot.app.context import AppContext
from bot.discord import member_presence
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import (
    TASTE,
    ask,
    by_slash,
    choose,
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
)

MORE = "Heat (1995) 4\nFargo (1996) 3"
UNKNOWN = "has not talked to me here yet"


@pytest.fixture(autouse=True)
def _roll_is_called_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "SYNC_INTERVAL", 0.0)


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
    for text in ("!ratings <@401>", "!compare <@401>", "!movienight <@401>", "!ratings bob"):
        assert UNKNOWN in (await ask(chat, text)).text


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
    bot: ReeltwinBot, chat: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "SYNC_INTERVAL", 600.0)
    await fill(chat)
    assert "**Bob**" in (await ask(chat, "!seen Alien (1979)")).text
    await chat.leaves(BOB, FILM_CLUB)
    assert "**Bob**" in (await ask(chat, "!seen Alien (1979)")).text


async def test_where_discord_does_not_say_who_is_there_nobody_is_let_go(
    bot: ReeltwinBot,
    chat: Driver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(member_presence, "QUERY_TIMEOUT", 0.05)
    await fill(chat)
    chat.server.gateway.names_members = False
    assert "Rated by 3 people here" in (await ask(chat, "!seen Alien (1979)")).text
    assert f"Discord does not say who is in server {FILM_CLUB.id}" in caplog.text


async def test_a_connection_that_drops_while_the_roll_is_called_costs_nobody_the_answer(
    bot: ReeltwinBot, chat: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the library answers from the drop until it has noticed it, which no test can time."""

    async def dropped(*_: Any, **__: Any) -> list[discord.Member]:
        raise ConnectionResetError("Cannot write to closing transport")

    await fill(chat)
    monkeypatch.setattr(discord.Guild, "query_members", dropped)
    assert "Rated by 3 people here" in (await ask(chat, "!seen Alien (1979)")).text
