"""The films a user should see next."""

import re

import pytest

from bot.app.context import AppContext
from bot.commands.filter_parameters import Filters
from bot.replies import Action, Severity
from bot.services.recommend import A_FEW, MOST
from tests.bot.chat_helpers import TEN_RATINGS, Say, column, leads


async def recommended(say: Say, typed: str) -> list[str]:
    """The titles on all pages."""
    films: list[str] = []
    reply = await say(typed)
    while True:
        films += leads(reply.tables[0])
        further = [button for button in reply.buttons if button.label.startswith("More")]
        if not further:
            return films
        reply = await say(further[0].message)


def movie_id(action: Action) -> int:
    return int(action.message.partition("id:")[2].split()[0])


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("recommend", MOST),
        ("recommend 1", 1),
        ("recommend 50", MOST),
        ("rec 12 films", 12),
    ],
)
async def test_as_many_films_are_recommended_as_wanted(say: Say, typed: str, count: int) -> None:
    await say(TEN_RATINGS)
    films = await recommended(say, typed)
    assert len(films) == len(set(films)) == count


async def test_a_page_goes_on_with_the_ranks_and_turns_back(say: Say) -> None:
    second = await say("recommend 30 page 2")
    assert column(second.tables[0], "#") == [str(n) for n in range(11, 21)]
    assert [button.message for button in second.buttons][:2] == [
        "recommend 30",
        "recommend 30 page:3",
    ]


@pytest.mark.parametrize(
    ("wish", "genres", "first", "last"),
    [
        ("horror", {"Horror"}, 0, 9999),
        ("comedy 1990s", {"Comedy"}, 1990, 1999),
        ("sci-fi or western since 2000", {"Sci-Fi", "Western"}, 2000, 9999),
        ("before 1950", None, 0, 1949),
    ],
)
async def test_a_wish_for_genres_and_years_is_kept(
    say: Say, context: AppContext, wish: str, genres: set[str] | None, first: int, last: int
) -> None:
    await say(TEN_RATINGS)
    (table,) = (await say(f"recommend {wish}")).tables
    assert len(table.rows) == A_FEW
    for title, named in zip(leads(table), column(table, "Genres"), strict=True):
        assert genres is None or genres & set(named.split(", "))
        assert first <= int(title[-5:-1]) <= last


async def test_hidden_gems_are_films_that_fewer_know(say: Say, context: AppContext) -> None:
    await say(TEN_RATINGS)
    base_rate, gems = (
        (await say("recommend")).tables[0],
        (await say("recommend hidden gems")).tables[0],
    )
    counts = [
        max(context.model.catalogue.by_id(movie_id(action)).count for action in table.actions)
        for table in (base_rate, gems)
    ]
    assert counts[1] < counts[0] / 5


async def test_a_wish_that_nothing_fits_is_said_so(say: Say) -> None:
    reply = await say("recommend film-noir since 2095")
    assert reply.title == "Nothing left"
    assert "Film-Noir" in reply.text


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


async def test_what_was_rated_or_put_aside_is_never_recommended(say: Say) -> None:
    favourites = await recommended(say, "recommend 50")
    await say("rate\n" + "\n".join(f"{title} 5" for title in favourites[:49]))
    await say(f"skip {favourites[49]}")
    films = await recommended(say, "recommend 50")
    assert len(films) == 50
    assert set(films).isdisjoint(favourites)


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


@pytest.mark.parametrize("typed", ["0", "51", "-3", "2.5"])
async def test_a_number_out_of_bounds_is_refused_in_a_sentence(say: Say, typed: str) -> None:
    reply = await say(f"recommend {typed}")
    assert reply.severity is Severity.PROBLEM
    for told in ("count", "from 1 to 50", f"“{typed}”", "!recommend 20 horror 1990s"):
        assert told in reply.text


async def test_a_word_that_means_nothing_is_repeated_with_what_would(say: Say) -> None:
    reply = await say("recommend many")
    assert reply.severity is Severity.PROBLEM
    assert "“many” means here" in reply.text
    assert "!recommend [count] [genre] [years] [gems]" in reply.text


async def test_whoever_rated_nothing_gets_everybodys_favourites_and_the_next_step(
    say: Say,
) -> None:
    reply = await say("recommend")
    assert len(reply.tables[0].rows) == A_FEW
    assert "You have not rated anything yet" in reply.text
    assert reply.buttons[-1].message == "quiz"
    assert "Why" not in [column.name for column in reply.tables[0].columns]


@pytest.mark.parametrize(
    ("filters", "films"),
    [
        (Filters(), "films"),
        (Filters(years=(2050, 2059)), "films from 2050 to 2059"),
        (Filters(years=(1994, 1994)), "films from 1994"),
        (Filters(("Horror", "Comedy"), (2000, None)), "Horror or Comedy films since 2000"),
        (Filters(("Horror",), (None, 1980), hidden_gems=True), "hidden Horror gems until 1980"),
        (Filters(hidden_gems=True), "hidden gems"),
    ],
)
def test_any_wish_reads_as_films_in_a_sentence(filters: Filters, films: str) -> None:
    assert filters.films == films


async def test_where_nothing_is_left_the_wish_is_told_as_films(say: Say) -> None:
    reply = await say("recommend 2050-2059")
    assert reply.text.startswith("I know no films from 2050 to 2059 that you have not rated")
