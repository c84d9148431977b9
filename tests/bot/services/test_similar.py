"""Films like a film, and their opposites."""

import pytest

from bot.app.context import AppContext
from tests.bot.chat_helpers import Say, column, leads


@pytest.mark.parametrize("typed", ["Toy Story", "toy story 1995", "Toy Stroy (1995)"])
async def test_similar_films_come_most_alike_first_and_lead_to_their_opposites(
    say: Say, typed: str
) -> None:
    reply = await say(f"similar {typed}")
    assert reply.title == "Like Toy Story (1995)"
    assert "alone" not in reply.text
    opposite = await say(reply.buttons[0].message)
    assert opposite.title == "The opposite of Toy Story (1995)"
    most, least = reply.tables[0], opposite.tables[0]
    assert len(most.rows) == len(least.rows) == 10
    assert leads(most)[0] == "Toy Story 2 (1999)"
    assert "Toy Story (1995)" not in leads(most) + leads(least)
    alike, apart = ([int(x[:-1]) for x in column(table, "Alike")] for table in (most, least))
    assert alike == sorted(alike, reverse=True)
    assert apart == sorted(apart)
    assert min(alike) > max(apart)


async def test_a_film_that_nobody_rated_has_look_alikes_by_content_and_says_so(
    say: Say, context: AppContext
) -> None:
    unrated = context.model.catalogue.by_row(int((context.model.rated_position < 0).argmax()))
    reply = await say(f"similar id:{unrated.movie_id}")
    assert "by genre, year and series alone" in reply.text
    assert len(reply.tables[0].rows) == 10
