"""The taste twins as they are told."""

import re

from bot.app.context import AppContext, RequestContext
from tests.bot.chat_helpers import TEN_RATINGS, Say, column, rated, words


async def test_five_twins_come_with_shared_films_their_loves_and_their_worst(say: Say) -> None:
    await say(TEN_RATINGS)
    reply = await say("twin")
    assert len(reply.tables) == 5
    for table in reply.tables:
        parts = ["Both rated", "They love, new to you", "Their best", "Their worst"]
        assert column(table, "What") == parts
        best_stars, worst_stars = (
            [float(stars) for stars in re.findall(r"\(\d{4}\) ([\d.]+)", films)]
            for films in column(table, "Films (stars)")[2:]
        )
        assert len(best_stars) == len(worst_stars) == 5
        assert best_stars == sorted(best_stars, reverse=True)
        assert worst_stars == sorted(worst_stars)
        assert min(best_stars) >= min(worst_stars)


async def test_a_twin_says_how_many_films_we_share_and_how_often_we_agree(
    say: Say, context: AppContext
) -> None:
    await say(TEN_RATINGS)
    mine = await context.stars_of(RequestContext("console:alice", "alice"))
    twins = context.model.twins(context.model.fit(mine))
    assert any(twin.shared for twin in twins)
    for twin, table in zip(twins, (await say("twin")).tables, strict=True):
        told = column(table, "Films (stars)")[0]
        if not twin.shared:
            assert told == "nothing yet"
            continue
        n = len(twin.shared)
        close = sum(abs(s.yours - s.theirs) <= 0.5 for s in twin.shared)
        assert told.startswith(f"{n} film{'' if n == 1 else 's'}, {close / n:.0%} within half a")
        named = re.findall(r"\(you [\d.]+, they [\d.]+\)", told)
        assert len(named) == min(n, 3)
        assert told.endswith(f" and {n - 3} more") or n <= 3


async def test_what_they_love_is_nothing_that_i_have_rated(say: Say, context: AppContext) -> None:
    await say(TEN_RATINGS)
    mine = await rated(context)
    for table in (await say("twin")).tables:
        loved = re.findall(r"(.+? \(\d{4}\)) ([\d.]+)(?:, |$)", column(table, "Films (stars)")[1])
        assert len(loved) == 4
        assert not mine.keys() & {title for title, _ in loved}
        assert all(float(stars) >= 4 for _, stars in loved)


async def test_the_nearest_twin_comes_first(say: Say) -> None:
    await say(TEN_RATINGS)
    headings = [table.heading for table in (await say("twin")).tables]
    similarity = [float(re.findall(r"similarity ([\d.]+)", heading)[0]) for heading in headings]
    assert similarity == sorted(similarity, reverse=True)
    assert all(0 < one <= 1 for one in similarity)
    assert [heading[:2] for heading in headings] == ["1.", "2.", "3.", "4.", "5."]


async def test_what_both_rated_is_told_with_my_own_stars(say: Say, context: AppContext) -> None:
    await say("rate Alien 5\nThe Matrix 4\nToy Story (1995) 0.5")
    mine = await rated(context)
    told = " ".join(column(table, "Films (stars)")[0] for table in (await say("twin")).tables)
    shared = re.findall(r"([^,():]+ \(\d{4}\)) \(you ([\d.]+), they", told)
    assert shared
    assert all(mine[title.strip()] == float(stars) for title, stars in shared)


async def test_whoever_rated_nothing_is_told_what_to_do(say: Say) -> None:
    reply = await say("twin")
    assert "You have not rated anything yet" in reply.title
    assert "!rate Alien 5" in words(reply)
