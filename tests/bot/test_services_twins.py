"""The taste twins as they are told."""

import re

from bot.services import Services
from tests.bot.chatting import TEN_RATINGS, Say, column, rated, words


async def test_five_twins_come_with_shared_films_and_their_best_and_worst(say: Say) -> None:
    await say(TEN_RATINGS)
    reply = await say("twin")
    assert len(reply.tables) == 5
    for table in reply.tables:
        assert column(table, "What") == ["Both rated", "Their best", "Their worst"]
        shared, best, worst = column(table, "Films (stars)")
        assert re.search(r"\(\d{4}\) \(you [\d.]+, they [\d.]+\)", shared)
        best_stars, worst_stars = (
            [float(stars) for stars in re.findall(r"\(\d{4}\) ([\d.]+)", films)]
            for films in (best, worst)
        )
        assert len(best_stars) == len(worst_stars) == 5
        assert best_stars == sorted(best_stars, reverse=True)
        assert worst_stars == sorted(worst_stars)
        assert min(best_stars) >= min(worst_stars)


async def test_the_nearest_twin_comes_first(say: Say) -> None:
    await say(TEN_RATINGS)
    headings = [table.heading for table in (await say("twin")).tables]
    similarity = [float(re.findall(r"similarity ([\d.]+)", heading)[0]) for heading in headings]
    assert similarity == sorted(similarity, reverse=True)
    assert all(0 < one <= 1 for one in similarity)
    assert [heading[:2] for heading in headings] == ["1.", "2.", "3.", "4.", "5."]


async def test_what_both_rated_is_told_with_my_own_stars(say: Say, services: Services) -> None:
    await say("rate Alien 5\nThe Matrix 4\nToy Story (1995) 0.5")
    mine = await rated(services)
    told = " ".join(column(table, "Films (stars)")[0] for table in (await say("twin")).tables)
    shared = re.findall(r"([^,()]+ \(\d{4}\)) \(you ([\d.]+), they", told)
    assert shared
    assert all(mine[title.strip()] == float(stars) for title, stars in shared)


async def test_whoever_rated_nothing_is_told_what_to_do(say: Say) -> None:
    reply = await say("twin")
    assert "You have not rated anything yet" in reply.title
    assert "!rate Alien 5" in words(reply)
