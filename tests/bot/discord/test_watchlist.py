"""What a server means to watch: each thing to do with it, typed and by slash, and kept apart."""

from collections.abc import Awaitable, Callable

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import (
    ALIEN,
    TASTE,
    ask,
    assert_silent,
    by_slash,
    choose,
    films_of,
    labels,
    offers,
    press,
    rate,
    stars_of,
)
from tests.discord_server import (
    ANN,
    BOB,
    CARL,
    FILM_CLUB,
    OFFICE,
    OTHER_GUILD_FILMS,
    TALK,
    Driver,
    Message,
)

ALIEN_ID, HEAT_ID, COCO_ID = 1214, 6, 177765

# To do something with the list, and a film or a wish.
Do = Callable[..., Awaitable[Message]]


@pytest.fixture(params=["prefix", "slash"])
def do(request: pytest.FixtureRequest, bot: ReeltwinBot, chat: Driver) -> Do:
    async def do(doing: str = "", what: str = "", **where: object) -> Message:
        if request.param == "prefix":
            return await ask(chat, f"!watchlist {doing} {what}", **where)
        options = {"do": doing, "what": what}
        given = {name: value for name, value in options.items() if value}
        return await by_slash(chat, "watchlist", **given, **where)

    return do


async def fill(context: AppContext, *films: int, guild_id: str = FILM_CLUB.id) -> None:
    for film in films:
        await context.store.add_to_watchlist(guild_id, "discord:402", film)


async def on_it(context: AppContext, guild_id: str = FILM_CLUB.id) -> set[int]:
    return {entry.movie_id for entry in await context.store.watchlist(guild_id)}


async def test_an_empty_list_says_how_to_begin(do: Do) -> None:
    for doing in ("", "random", "tonight"):
        empty = await do(doing)
        assert "The watchlist is empty" in empty.text
        assert "!watchlist add Blade Runner" in empty.text
        assert labels(empty) == ["Find one for all"]


async def test_a_film_is_put_on_it_once(do: Do, context: AppContext) -> None:
    assert "Alien (1979) is on the watchlist now." in (await do("add", "Alien (1979)")).text
    again = await do("add", "Alien (1979)", user=BOB)
    assert "Alien (1979) was on the watchlist already." in again.text
    shown = await do(user=BOB)
    assert films_of(shown) == [ALIEN_ID]
    assert "put there by Ann" in shown.text
    assert await on_it(context) == {ALIEN_ID}


async def test_a_title_of_many_films_is_asked_about(do: Do, chat: Driver) -> None:
    which = await do("add", "solaris")
    added = await choose(chat, which, offers(which)[0])
    assert added.id == which.id
    assert "is on the watchlist now" in added.text


async def test_the_list_is_the_latest_first_in_every_channel_of_the_server(
    do: Do, chat: Driver
) -> None:
    for film in ("Alien (1979)", "Heat (1995)"):
        await do("add", film)
    for channel in (TALK, None):
        shown = await (do(channel=channel) if channel else do())
        assert films_of(shown) == [HEAT_ID, ALIEN_ID]


async def test_a_film_is_taken_off_and_put_back(do: Do, chat: Driver, context: AppContext) -> None:
    await fill(context, ALIEN_ID, HEAT_ID)
    removed = await do("remove", "alien")
    assert "Alien (1979) is off the watchlist." in removed.text
    assert await on_it(context) == {HEAT_ID}
    back = await press(chat, removed, "Put it back")
    assert back.id == removed.id
    assert await on_it(context) == {ALIEN_ID, HEAT_ID}
    assert "is not on the watchlist" in (await do("remove", "Coco (2017)")).text


async def test_one_is_drawn_by_lot_and_drawn_again_by_whoever_likes(
    do: Do, chat: Driver, context: AppContext
) -> None:
    await fill(context, ALIEN_ID, HEAT_ID)
    drawn = await do("random")
    for user in (ANN, BOB, CARL):
        assert drawn.text.startswith("### [The draw says: ")
        assert set(films_of(drawn)) < {ALIEN_ID, HEAT_ID}
        again = await press(chat, drawn, "Draw again", user=user)
        assert again.id == drawn.id
        drawn = again
    card = await press(chat, drawn, "Would I like it", user=BOB)
    assert card.ephemeral


async def test_what_fits_tonight_suits_the_wish_and_those_who_are_here(
    do: Do, chat: Driver, context: AppContext
) -> None:
    await rate(chat, TASTE, ANN, BOB)
    await fill(context, ALIEN_ID, HEAT_ID, COCO_ID)
    everything = await do("tonight")
    assert set(films_of(everything)) == {ALIEN_ID, HEAT_ID, COCO_ID}
    assert "by what 2 people here would give" in everything.text
    assert films_of(await do("tonight", "animation")) == [COCO_ID]
    assert films_of(await do("tonight", "before 1990")) == [ALIEN_ID]
    assert films_of(await do("tonight", "crime 90s")) == [HEAT_ID]
    assert "The watchlist has no Western films" in (await do("tonight", "western")).text
    assert "I do not know what “xyzzy” means here" in (await do("tonight", "xyzzy")).text


async def test_what_was_watched_leaves_the_list_and_everyone_is_asked_for_stars(
    do: Do, chat: Driver, context: AppContext
) -> None:
    await fill(context, ALIEN_ID, HEAT_ID)
    watched = await do("watched", "alien")
    assert "You watched Alien (1979)" in watched.text
    assert await on_it(context) == {HEAT_ID}
    assert [film.movie_id for film in await context.store.watched(FILM_CLUB.id)] == [ALIEN_ID]
    for user, stars in ((ANN, 4.0), (BOB, 5.0), (CARL, 0.5)):
        rated = await choose(chat, watched, f"rate {ALIEN} {stars:g}", user=user)
        assert rated.ephemeral
        assert await stars_of(context, f"discord:{user.id}") == {"Alien (1979)": stars}
    assert "Rated by 3 people here" in (await press(chat, watched, "Who rated it")).text


async def test_two_servers_are_kept_apart(do: Do, context: AppContext) -> None:
    await do("add", "Alien (1979)")
    await do("add", "Heat (1995)", channel=OTHER_GUILD_FILMS)
    assert films_of(await do()) == [ALIEN_ID]
    assert films_of(await do(channel=OTHER_GUILD_FILMS)) == [HEAT_ID]
    assert (
        "Alien (1979) is not on the watchlist"
        in (await do("remove", "Alien (1979)", channel=OTHER_GUILD_FILMS)).text
    )
    await do("watched", "Heat (1995)")
    assert (await on_it(context), await on_it(context, OFFICE.id)) == ({ALIEN_ID}, {HEAT_ID})


async def test_in_direct_messages_it_takes_a_server(do: Do, chat: Driver) -> None:
    for doing in ("", "random", "add"):
        told = await do(doing, channel=chat.direct())
        assert "use it in a server" in told.text


async def test_the_buttons_of_the_list_draw_and_choose_before_all(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await fill(context, ALIEN_ID)
    shown = await ask(chat, "!watchlist")
    assert labels(shown) == ["Open", "Draw one", "What fits tonight"]
    for label, title in (("Draw one", "The draw says"), ("What fits tonight", "What fits tonight")):
        answer = await press(chat, shown, label)
        assert title in answer.text
        assert not answer.ephemeral
        assert answer.id != shown.id
    assert (await press(chat, shown, "Open")).ephemeral


async def test_a_movie_night_begun_from_an_empty_list_is_for_all_to_vote_on(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await rate(chat, TASTE, ANN, BOB)
    night = await press(chat, await ask(chat, "!watchlist"), "Find one for all")
    assert not night.ephemeral
    vote = await choose(chat, night, offers(night)[0])
    voted = await press(chat, vote, "Vote", user=BOB)
    assert "1 voter so far" in voted.text
    await assert_silent(chat)


async def test_a_title_without_a_verb_is_answered_by_the_way_to_add_it(
    do: Do, context: AppContext
) -> None:
    await fill(context, ALIEN_ID)
    assert "!watchlist add Heat" in (await do(what="Heat")).text
