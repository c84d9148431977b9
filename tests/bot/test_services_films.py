"""Recommendations and look-alikes as they are told."""

import re

import pytest

from bot.replies import Tone
from bot.services import Services, complete
from bot.services.films import DEFAULT_COUNT, MOST
from tests.bot.chatting import TEN_RATINGS, Say, column, leads, options, words


@pytest.mark.parametrize(
    ("typed", "count"), [("recommend", DEFAULT_COUNT), ("recommend 1", 1), ("recommend 50", MOST)]
)
async def test_as_many_films_are_recommended_as_wanted(say: Say, typed: str, count: int) -> None:
    await say(TEN_RATINGS)
    (table,) = (await say(typed)).tables
    assert column(table, "#") == [str(n) for n in range(1, count + 1)]
    assert len(set(leads(table))) == count


async def test_each_recommendation_has_genres_stars_and_a_reason(say: Say) -> None:
    await say(TEN_RATINGS)
    (table,) = (await say("recommend 20")).tables
    assert all(column(table, "Genres"))
    for figure in column(table, "You would give"):
        stars, spread = map(float, re.findall(r"\d\.\d", figure))
        assert 0.5 <= stars <= 5
        assert 0 < spread < 2
    mine = {"Jumanji", "Alien", "Aliens", "Treasure Planet", "Coco", "The Conjuring 2"}
    assert any(name in why for why in column(table, "Why") for name in mine)


async def test_what_was_rated_is_never_recommended(say: Say, services: Services) -> None:
    favourites = leads((await say("recommend 50")).tables[0])
    await say("rate\n" + "\n".join(f"{title} 5" for title in favourites))
    recommended = leads((await say("recommend 50")).tables[0])
    assert len(recommended) == 50
    assert set(recommended).isdisjoint(favourites)


async def test_ten_ratings_of_science_fiction_and_action_are_answered_in_kind(say: Say) -> None:
    await say(TEN_RATINGS)
    (table,) = (await say("recommend 20")).tables
    kin = [g for g in column(table, "Genres") if re.search("Sci-Fi|Horror|Action", g)]
    assert len(kin) >= 6
    assert leads(table)[0] != "The Shawshank Redemption (1994)"


async def test_what_one_says_changes_no_list_of_another(say: Say) -> None:
    await say("rate Alien 5", name="bob")
    before = await say("recommend", name="bob")
    await say(TEN_RATINGS)
    assert await say("recommend", name="bob") == before


@pytest.mark.parametrize("typed", ["0", "51", "-3", "many", "2.5", "10 films"])
async def test_a_number_out_of_bounds_is_refused_in_a_sentence(say: Say, typed: str) -> None:
    reply = await say(f"recommend {typed}")
    assert reply.tone is Tone.PROBLEM
    assert reply.text == (
        f'The number of films must be a whole number from 1 to 50, and "{typed}" is not. '
        "For example: !recommend 20"
    )


async def test_whoever_rated_nothing_gets_everybodys_favourites_and_the_next_step(
    say: Say,
) -> None:
    reply = await say("recommend")
    assert len(reply.tables[0].rows) == DEFAULT_COUNT
    assert "You have not rated anything yet" in reply.text
    assert "!rate Alien 5" in reply.hint
    assert "Why" not in [column.name for column in reply.tables[0].columns]


@pytest.mark.parametrize("typed", ["Toy Story", "toy story 1995", "Toy Stroy (1995)"])
async def test_similar_films_come_with_the_least_similar_ones(say: Say, typed: str) -> None:
    reply = await say(f"similar {typed}")
    assert reply.title == "Like Toy Story (1995)"
    assert "alone" not in reply.text
    most, least = reply.tables
    assert (len(most.rows), len(least.rows)) == (10, 5)
    assert leads(most)[0] == "Toy Story 2 (1999)"
    assert "Toy Story (1995)" not in leads(most) + leads(least)
    alike, apart = ([float(x) for x in column(table, "Alike")] for table in (most, least))
    assert alike == sorted(alike, reverse=True)
    assert apart == sorted(apart)
    assert min(alike) > max(apart)


async def test_a_film_that_nobody_rated_has_look_alikes_by_content_and_says_so(
    say: Say, services: Services
) -> None:
    unrated = services.model.catalogue.at(int((services.model.rated_position < 0).argmax()))
    reply = await say(f"similar id:{unrated.movie_id}")
    assert "by genre, year and series alone" in reply.text
    assert [len(table.rows) for table in reply.tables] == [10, 5]


async def test_in_doubt_it_asks_and_goes_on_with_the_chosen_film(say: Say) -> None:
    reply = await say("similar the thing")
    assert reply.tone is Tone.QUESTION
    assert "“the thing” is …" in words(reply)
    chosen = next(option for option in options(reply) if option.label == "The Thing (2011)")
    assert (await say(chosen.message)).title == "Like The Thing (2011)"


@pytest.mark.parametrize(
    ("typed", "title"),
    [("toy sto", "Toy Story (1995)"), ("the matr", "The Matrix (1999)"), ("léon", "Léon: The Pr")],
)
async def test_half_a_title_is_completed(services: Services, typed: str, title: str) -> None:
    assert (await complete(services, typed))[0].startswith(title)


async def test_before_anything_is_typed_known_films_are_proposed(services: Services) -> None:
    proposed = await complete(services, " ")
    assert len(set(proposed)) == 25
    assert "The Matrix (1999)" in proposed
