"""Films for several people: movie nights, votes, the watchlist, the club."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from bot.replies import Reply, Severity
from bot.services.movienight import SHORTLIST
from tests.bot.chat_helpers import Say, column, leads, rated, words

GUILD = "films"
ALICE = "Alien 5\nAliens 4.5\nThe Matrix 4.5\nThe Terminator (1984) 5\nThe Notebook 1\nJaws 4"
BOB = "The Notebook 5\nTitanic (1997) 5\nPride & Prejudice (2005) 4.5\nAlien 1.5\nAmelie (2001) 5"


@pytest.fixture
def together(say: Say) -> Say:
    """What is said by members of one group."""

    async def together(message: str, name: str = "alice", guild_id: str | None = GUILD) -> Reply:
        return await say(message, name=name, guild_id=guild_id)

    return together


async def both_rate(together: Say) -> None:
    await together(f"rate\n{ALICE}")
    await together(f"rate\n{BOB}", name="bob")


def movie_ids(reply: Reply) -> list[int]:
    return [int(a.message.partition("id:")[2]) for a in reply.tables[0].actions]


# movie night


async def test_a_shortlist_shows_what_each_would_give_and_who_would_love_it(together: Say) -> None:
    await both_rate(together)
    reply = await together("movienight @bob")
    assert reply.title == "Movie night: alice and bob"
    (table,) = reply.tables
    assert len(table.rows) == SHORTLIST
    for each, mean in zip(column(table, "Each"), column(table, "On average"), strict=True):
        stars = [float(stars) for stars in re.findall(r"\d\.\d", each)]
        assert re.fullmatch(r"alice \d\.\d · bob \d\.\d", each)
        assert float(mean[2:]) == pytest.approx(sum(stars) / 2, abs=0.11)


async def test_where_many_are_named_it_is_said_how_to_see_other_films(together: Say) -> None:
    names = ["bartholomew", "maximiliana", "christopher", "wilhelmina", "montgomery", "persephone"]
    for name in ("alice", *names):
        await together(f"rate\n{ALICE}", name=name)
    reply = await together("movienight " + " ".join(f"@{name}" for name in names))
    assert reply.buttons == ()
    assert "round:2" in reply.hint


async def test_nothing_is_shown_that_anybody_rated_skipped_or_saw(
    together: Say, context: AppContext
) -> None:
    await both_rate(together)
    first = await together("movienight @bob")
    skipped, seen, new = movie_ids(first)[:3]
    await together(f"skip id:{skipped}", name="bob")
    await context.store.mark_seen("console:alice", [seen])
    await together(f"rate id:{new} 4", name="bob")
    assert not {skipped, seen, new} & set(movie_ids(await together("movienight @bob")))


async def test_other_shortlists_follow_without_repeating(together: Say) -> None:
    await both_rate(together)
    reply, shown = await together("movienight @bob horror"), list[int]()
    for number in range(3):
        assert column(reply.tables[0], "#")[0] == str(SHORTLIST * number + 1)
        shown += movie_ids(reply)
        (further,) = [b for b in reply.buttons if b.label.startswith("Others")]
        reply = await together(further.message)
    assert len(set(shown)) == len(shown) == 3 * SHORTLIST
    assert "Only Horror" in reply.text


async def test_without_names_all_of_the_channel_with_three_ratings_take_part(
    context: AppContext,
) -> None:
    async def said(name: str, channel: str, message: str) -> Reply:
        request = RequestContext(f"console:{name}", name, GUILD, channel)
        return await dispatch(context, request, message)

    await said("alice", "one", f"rate\n{ALICE}")
    await said("bob", "one", f"rate\n{BOB}")
    await said("carol", "one", "rate Alien 4\nUp 4")
    await said("dave", "two", f"rate\n{BOB}")
    assert (await said("alice", "one", "movienight")).title == "Movie night: alice and bob"
    alone = await said("dave", "two", "movienight")
    assert alone.severity is Severity.PROBLEM
    assert "Nobody else in this channel has rated 3 films" in alone.text


async def test_somebody_without_ratings_may_come_and_is_said_to_be_guessed_at(
    together: Say,
) -> None:
    await together(f"rate\n{ALICE}")
    await together("help", name="carol")
    reply = await together("movienight @carol")
    assert "carol rated nothing yet" in reply.hint


@pytest.mark.parametrize("typed", ["movienight @alice", "movienight just @alice"])
async def test_a_movie_night_with_nobody_but_oneself_leads_to_recommendations(
    together: Say, typed: str
) -> None:
    await both_rate(together)
    reply = await together(typed)
    assert reply.severity is Severity.PROBLEM
    assert reply.text == (
        "A movie night needs somebody besides you, for example: !movienight @friend. "
        "For you alone: !recommend"
    )


async def test_a_movie_night_for_just_one_other_says_how_to_come_along(together: Say) -> None:
    await both_rate(together)
    reply = await together("movienight just @bob")
    assert reply.severity is Severity.PROBLEM
    said, _, advised = reply.text.partition(" With you: !")
    assert said == "A movie night needs somebody besides bob, and “just” leaves you out."
    assert (await together(advised)).title == "Movie night: alice and bob"


@pytest.mark.parametrize("way", ["average", "misery"])
async def test_the_other_ways_to_weigh_are_said(together: Say, way: str) -> None:
    await both_rate(together)
    fair, other = await together("movienight bob"), await together(f"movienight bob {way}")
    assert fair.text != other.text


async def test_a_wish_that_nothing_fits_is_refused_in_words(together: Say) -> None:
    await both_rate(together)
    reply = await together("movienight @bob film-noir since 2095")
    assert reply.severity is Severity.PROBLEM
    assert "Film-Noir films since 2095 that none" in reply.text


async def test_whoever_is_private_is_not_taken_along(together: Say) -> None:
    await both_rate(together)
    await together("private on", name="bob")
    assert "Nobody else" in (await together("movienight")).text
    assert "to themselves" in (await together("movienight @bob")).text


@pytest.mark.parametrize("typed", ["movienight", "vote", "watchlist", "club"])
async def test_alone_there_is_no_group(say: Say, typed: str) -> None:
    reply = await say(typed)
    assert reply.severity is Severity.PROBLEM
    assert "server" in reply.text


# the vote


async def begun(together: Say) -> Reply:
    await both_rate(together)
    shortlist = await together("movienight @bob")
    return await together(shortlist.choices[0].options[1].message)


def votes(reply: Reply) -> Mapping[str, str]:
    (table,) = reply.tables
    return dict(zip(leads(table), column(table, "Who"), strict=True))


async def test_everybody_approves_of_as_many_as_they_like_and_may_take_it_back(
    together: Say,
) -> None:
    vote = await begun(together)
    first, second = [action.message for action in vote.tables[0].actions[:2]]
    titles = leads(vote.tables[0])
    await together(first)
    await together(first, name="bob")
    reply = await together(second, name="bob")
    assert votes(reply)[titles[0]] == "alice and bob"
    assert votes(reply)[titles[1]] == "bob"
    assert "2 voters" in reply.text
    assert votes(await together(first))[titles[0]] == "bob"
    assert votes(await together("vote")) == votes(await together("vote", name="bob"))


async def test_only_whoever_started_it_closes_it_and_then_nothing_changes(together: Say) -> None:
    vote = await begun(together)
    titles = leads(vote.tables[0])
    ballots = [action.message for action in vote.tables[0].actions]
    await together(ballots[2], name="bob")
    (close,) = [button.message for button in vote.buttons]
    assert (await together(close, name="bob")).severity is Severity.PROBLEM
    ended = await together(close)
    assert ended.title == f"The vote is over: {titles[2]}"
    assert leads(ended.tables[0])[0] == titles[2]
    assert (await together(ballots[0])).title == ended.title
    assert votes(await together("vote"))[titles[0]] == ""


async def test_its_time_closes_it_too(together: Say, context: AppContext) -> None:
    await both_rate(together)
    vote_id = await context.store.open_vote(
        GUILD, "", "console:alice", [1214], datetime.now(UTC) - timedelta(seconds=1)
    )
    reply = await together(f"vote {vote_id} id:1214")
    assert reply.title == "The vote is over"
    assert "Nobody voted" in reply.text


async def test_the_winner_goes_to_the_watchlist_and_whoever_watched_it_rates_it(
    together: Say, context: AppContext
) -> None:
    vote = await begun(together)
    title = leads(vote.tables[0])[0]
    await together(vote.tables[0].actions[0].message)
    ended = await together(vote.buttons[0].message)
    keep, watched = [button.message for button in ended.buttons]
    await together(keep)
    assert leads((await together("watchlist")).tables[0]) == [title]
    asked = await together(watched)
    assert (await together("watchlist")).title == "The watchlist is empty"
    await together(asked.choices[0].options[0].message, name="bob")
    assert (await rated(context, "bob"))[title] == 5.0


async def test_a_vote_of_another_group_is_none_of_ours(together: Say, say: Say) -> None:
    vote = await begun(together)
    reply = await say(vote.tables[0].actions[0].message, name="eve", guild_id="games")
    assert reply.severity is Severity.PROBLEM
    assert votes(await together("vote")) == votes(vote)


async def test_of_equal_films_the_first_of_the_shortlist_wins_and_it_is_said(
    together: Say,
) -> None:
    vote = await begun(together)
    for action in vote.tables[0].actions[:2]:
        await together(action.message)
    ended = await together(vote.buttons[0].message)
    assert leads(vote.tables[0])[0] in ended.title
    assert "first on the shortlist" in ended.text


# the watchlist


async def test_films_are_put_on_the_list_and_taken_off(together: Say) -> None:
    assert "is on the watchlist now" in (await together("watchlist add blade runner 1982")).text
    assert "already" in (await together("watchlist add Blade Runner (1982)", name="bob")).text
    listed = await together("watchlist", name="bob")
    assert leads(listed.tables[0]) == ["Blade Runner (1982)"]
    assert "put there by alice" in words(listed)
    off = await together("watchlist remove Blade Runner (1982)", name="bob")
    await together(off.buttons[0].message)
    await together("watchlist remove Blade Runner (1982)")
    assert "empty" in (await together("watchlist")).title
    assert (await together("watchlist remove Blade Runner (1982)")).severity is Severity.PROBLEM


async def test_two_groups_have_lists_of_their_own(together: Say, say: Say) -> None:
    await together("watchlist add Alien")
    assert "empty" in (await say("watchlist", guild_id="games")).title


async def test_a_draw_is_from_the_list(together: Say) -> None:
    titles = {"Alien (1979)", "Up (2009)", "Coco (2017)"}
    for title in titles:
        await together(f"watchlist add {title}")
    drawn = {(await together("watchlist random")).title.partition(": ")[2] for _ in range(30)}
    assert drawn <= titles
    assert len(drawn) > 1


async def test_what_fits_tonight_keeps_the_wish_and_suits_those_who_are_here(
    together: Say,
) -> None:
    await both_rate(together)
    for title in ("Alien: Covenant", "Predator (1987)", "Moonlight (2016)", "Up (2009)"):
        await together(f"watchlist add {title}")
    horror = await together("watchlist tonight horror sci-fi")
    assert set(leads(horror.tables[0])) == {"Alien: Covenant (2017)", "Predator (1987)"}
    means = [float(mean[2:]) for mean in column(horror.tables[0], "On average")]
    assert means == sorted(means, reverse=True)
    assert leads((await together("watchlist tonight 1980s")).tables[0]) == ["Predator (1987)"]
    assert (await together("watchlist tonight western")).severity is Severity.PROBLEM


async def test_a_film_without_a_doing_is_answered_by_how_to_add_it(together: Say) -> None:
    await together("watchlist add Up")
    assert "!watchlist add Alien" in (await together("watchlist Alien")).text


# the club


async def test_the_club_tells_favourites_what_divides_and_who_is_close(together: Say) -> None:
    await both_rate(together)
    await together(f"rate\n{ALICE}\nUp 4.0", name="carol")
    reply = await together("club")
    assert re.search("Closest to each other: (alice and carol|carol and alice),", reply.text)
    assert "is hard to please: all give what everybody gives, or more." in reply.text
    assert reply.picture is not None
    assert reply.picture.png.startswith(b"\x89PNG")
    assert all(name in reply.picture.description for name in ("alice", "bob", "carol"))
    assert "Closest to each other" in reply.picture.description
    by_heading = {table.heading: leads(table) for table in reply.tables}
    assert "The Terminator (1984)" in by_heading["The club’s favourites"]
    assert by_heading["What divides you most"] == ["The Notebook (2004)"]


async def test_too_few_people_are_told_how_many_it_takes(together: Say) -> None:
    await together(f"rate\n{ALICE}")
    reply = await together("club")
    assert "two people with 5 ratings each, and here is one" in reply.text


async def test_whoever_is_private_is_not_of_the_club_for_others(together: Say) -> None:
    await both_rate(together)
    await together(f"rate\n{ALICE}", name="carol")
    await together("private on", name="bob")
    assert "bob" not in words(await together("club"))
    assert "bob" in words(await together("club", name="bob"))
