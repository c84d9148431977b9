"""Two members side by side, as it is told."""

import re

import pytest

from bot.app.context import AppContext, RequestContext
from bot.errors import UserError
from bot.replies import Reply, Table
from bot.services.compare import compare
from tests.bot.chat_helpers import column, leads, words
from tests.engine.people import ALIEN, ALIENS, MATRIX, SHAWSHANK, STUDY, TOY_STORY

ALICE = RequestContext("console:alice", "alice", "guild")
BOB = RequestContext("console:bob", "bob", "guild")
BOBS = {ALIEN: 2.0, ALIENS: 4.0, 2: 4.5, MATRIX: 5.0, SHAWSHANK: 4.5, TOY_STORY: 4.0}


async def compared(
    context: AppContext, alices: dict[int, float], bobs: dict[int, float], whom: str = "bob"
) -> Reply:
    for request, ratings in ((ALICE, alices), (BOB, bobs)):
        await context.store.remember(request.user_id, request.name, request.guild_id)
        await context.store.rate(request.user_id, ratings)
    return await compare(context, ALICE, whom)


def under(reply: Reply, heading: str) -> Table:
    return next(table for table in reply.tables if table.heading.startswith(heading))


async def test_the_share_is_explained_beside_what_is_usual(context: AppContext) -> None:
    reply = await compared(context, STUDY, BOBS)
    share = re.fullmatch(r"alice and bob agree on (\d+%)", reply.title)
    assert share
    assert f"On {share[1]} of the films that many know" in reply.text
    assert re.search(r"For any two people it is \d\d%\.", reply.text)


async def test_the_films_of_both_are_counted_loved_and_disputed(context: AppContext) -> None:
    reply = await compared(context, STUDY, BOBS)
    assert "You both rated 3 films, and agree like that on 2 of them." in reply.text
    both = under(reply, "You both love")
    assert leads(both) == ["Jumanji (1995)", "Aliens (1986)"]
    assert column(both, "You") == ["you ★★★★", "you ★★★★½"]
    assert column(both, "bob") == ["bob ★★★★½", "bob ★★★★"]
    assert leads(under(reply, "You disagree most")) == ["Alien (1979)"]


async def test_the_chart_of_both_is_told_in_words(context: AppContext) -> None:
    reply = await compared(context, STUDY, BOBS)
    assert reply.picture is not None
    assert reply.picture.filename == "compare.png"
    assert reply.picture.png.startswith(b"\x89PNG")
    described = reply.picture.description
    assert "3 films, the stars of alice across and of bob up: 2 within one star" in described
    assert "Furthest apart: Alien (1979) (5 and 2)." in described
    assert reply.title.split()[-1] in described


async def test_each_should_show_the_other_what_they_loved_and_the_other_lacks(
    context: AppContext,
) -> None:
    reply = await compared(context, STUDY, {ALIEN: 2.0, MATRIX: 5.0, SHAWSHANK: 4.5, TOY_STORY: 4})
    theirs, mine = under(reply, "bob should show you"), under(reply, "You should show bob")
    assert set(leads(theirs)) == {"The Matrix (1999)", "The Shawshank Redemption (1994)"}
    assert leads(mine) == ["Aliens (1986)"]
    expected = [float(re.findall(r"\d\.\d", stars)[0]) for stars in column(theirs, "Expected")]
    assert expected == sorted(expected, reverse=True)


async def test_nobody_is_shown_what_they_put_aside(context: AppContext) -> None:
    await context.store.skip(ALICE.user_id, MATRIX)
    reply = await compared(context, STUDY, BOBS)
    assert leads(under(reply, "bob should show you")) == ["The Shawshank Redemption (1994)"]
    await context.store.skip(ALICE.user_id, SHAWSHANK)
    assert "should show you" not in words(await compare(context, ALICE, "bob"))


async def test_people_who_share_no_film_are_compared_all_the_same(context: AppContext) -> None:
    reply = await compared(context, {ALIEN: 5.0}, {MATRIX: 5.0})
    assert "There is no film that both of you rated yet." in reply.text
    assert reply.picture is None
    assert "agree on" in reply.title
    assert "only 1 rating" in reply.hint


@pytest.mark.parametrize(("theirs", "said"), [(4.0, "and agree."), (1.0, "do not agree on it.")])
async def test_a_single_film_in_common_is_told_of(
    context: AppContext, theirs: float, said: str
) -> None:
    reply = await compared(context, {ALIEN: 5.0}, {ALIEN: theirs})
    assert reply.text.endswith(said)


async def test_both_sides_tell_the_same_share(context: AppContext) -> None:
    one = await compared(context, STUDY, BOBS)
    other = await compare(context, BOB, "alice")
    assert one.title.split()[-1] == other.title.split()[-1]


async def test_with_oneself_one_agrees(context: AppContext) -> None:
    reply = await compared(context, STUDY, BOBS, whom="alice")
    assert reply.text.startswith("With yourself you agree on everything.")
    assert "!compare @friend" in reply.text


async def test_somebody_without_ratings_is_named_with_what_to_do(context: AppContext) -> None:
    reply = await compared(context, STUDY, {})
    assert reply.text.startswith("bob has not rated anything yet")
    assert "!quiz" in reply.text


async def test_whoever_rated_nothing_gets_a_way_forward(context: AppContext) -> None:
    reply = await compared(context, {}, BOBS)
    assert reply.title == "You have not rated anything yet"


async def test_a_stranger_and_a_private_chat_are_refused_in_a_sentence(
    context: AppContext,
) -> None:
    with pytest.raises(UserError, match="has not talked to me here yet"):
        await compared(context, STUDY, BOBS, whom="mallory")
    with pytest.raises(UserError, match="works in a server"):
        await compare(context, RequestContext(ALICE.user_id, "alice"), "bob")
