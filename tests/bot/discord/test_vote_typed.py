"""A film of a vote and its end by typing, by slash command and by button, and who may close it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import (
    ask,
    assert_silent,
    by_slash,
    choose,
    offers,
    plain,
    press,
)
from tests.discord_server import (
    ANN,
    BOB,
    DORA,
    FILM_CLUB,
    FILMS,
    FILMS_THREAD,
    OTHER_GUILD_FILMS,
    TALK,
    Channel,
    Driver,
    Message,
    User,
)

OVER = "The vote is over"
REFUSED = "Only whoever started the vote can close it before its time"
PULP, HEAT, KING, TOWERS = 296, 6, 7153, 5952


async def begin(chat: Driver, context: AppContext, channel: Channel = FILMS) -> Message:
    """A vote that Ann started."""
    guild_id = channel.guild_id
    assert guild_id is not None
    films = [PULP, HEAT, KING, TOWERS]
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    await context.store.open_vote(guild_id, channel.id, f"discord:{ANN.id}", films, in_an_hour)
    return await ask(chat, "!vote", channel=channel)


async def is_open(context: AppContext) -> bool:
    vote = await context.store.latest_vote(FILM_CLUB.id)
    assert vote is not None
    return vote.open


async def test_a_film_is_voted_for_by_typing_and_by_slash(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await begin(chat, context)
    typed = await ask(chat, "!vote Pulp Fiction", user=BOB)
    assert "Your vote for Pulp Fiction (1994) counts." in plain(typed)
    assert "1 voter so far." in plain(typed)
    slash = await by_slash(chat, "vote", film="heat")
    assert "Your vote for Heat (1995) counts." in plain(slash)
    assert "2 voters so far." in plain(slash)
    again = await by_slash(chat, "vote", film="Pulp Fiction (1994)", user=BOB)
    assert "Pulp Fiction (1994) has your vote already" in plain(again)
    assert "1 vote" in plain(again)
    assert "Bob" in plain(again)


async def test_an_ambiguous_film_is_asked_about_and_chosen(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await begin(chat, context)
    unsure = await ask(chat, "!vote lord of the rings", user=BOB)
    assert [offer.split("id:")[1] for offer in offers(unsure)] == [str(KING), str(TOWERS)]
    chosen = await choose(chat, unsure, offers(unsure)[1], user=BOB)
    assert chosen.id == unsure.id
    assert "The Two Towers (2002) counts." in plain(chosen)


@pytest.mark.parametrize("way", ["typed", "slash", "button"])
@pytest.mark.parametrize(("user", "may"), [(ANN, True), (DORA, True), (BOB, False)])
async def test_it_is_closed_by_whoever_started_it_and_by_moderators(
    bot: ReeltwinBot, chat: Driver, context: AppContext, way: str, user: User, may: bool
) -> None:
    vote = await begin(chat, context)
    if way == "typed":
        told = await ask(chat, "!vote close", user=user)
    elif way == "slash":
        told = await by_slash(chat, "vote", close=True, user=user)
    else:
        told = await press(chat, vote, "Close the vote", user=user)
    assert (OVER if may else REFUSED) in told.text
    assert await is_open(context) is not may


async def test_a_moderator_of_a_thread_closes_the_vote_that_is_there(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await begin(chat, context, FILMS_THREAD)
    assert REFUSED in (await ask(chat, "!vote close", user=BOB, channel=FILMS_THREAD)).text
    # What somebody may do in one channel they may not do in another.
    assert REFUSED in (await ask(chat, "!vote close", user=DORA, channel=TALK)).text
    assert OVER in (await ask(chat, "!vote close", user=DORA, channel=FILMS_THREAD)).text


async def test_in_a_server_out_of_sight_nobody_is_taken_for_a_moderator(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await begin(chat, context)
    bot._connection._guilds.clear()
    await ask(chat, "!vote close", user=DORA)
    assert await is_open(context)


async def test_closed_by_typing_it_is_shown_closed_where_it_was_open(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    vote = await begin(chat, context)
    asked = await chat.say("!vote close")
    first, second = [await chat.reply() for _ in range(2)]
    answer, shown = (first, second) if first.replies_to == asked.id else (second, first)
    assert answer.replies_to == asked.id
    assert shown.id == vote.id
    assert OVER in answer.text
    assert OVER in shown.text
    await assert_silent(chat)


async def test_without_an_open_vote_that_is_said(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await begin(chat, context)
    for told in (
        await ask(chat, "!vote close", channel=OTHER_GUILD_FILMS),
        await ask(chat, "!vote Heat", channel=OTHER_GUILD_FILMS),
        await by_slash(chat, "vote", close=True, channel=OTHER_GUILD_FILMS),
    ):
        assert told.text.startswith("No vote is open here.")


async def test_a_film_and_the_end_at_once_are_refused_with_an_example(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await begin(chat, context)
    told = await by_slash(chat, "vote", film="Heat", close=True)
    assert "Either vote for a film or close the vote, for example: !vote Alien" in told.text
    assert await is_open(context)
