"""Recommendations, a film's card and look-alikes as they are told."""

import re

import pytest

from bot.app.context import AppContext, RequestContext
from bot.replies import Action, Severity
from bot.services.common.movie_lookup import complete_title
from bot.services.recommend import A_FEW, MOST
from tests.bot.chat_helpers import TEN_RATINGS, Say, column, leads, options, rated, words


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


def movie_id(action: Action) -> int:
    return int(action.message.partition("id:")[2].split()[0])


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


# a film's card


async def test_each_film_of_a_list_opens_its_card(say: Say) -> None:
    await say(TEN_RATINGS)
    (table,) = (await say("recommend")).tables
    for title, action in list(zip(leads(table), table.actions, strict=True))[:3]:
        assert (await say(action.message)).title == title


async def test_the_card_foretells_what_the_list_promised_and_names_reasons(say: Say) -> None:
    await say(TEN_RATINGS)
    (table,) = (await say("recommend")).tables
    card = await say(table.actions[0].message)
    assert f"You would give it {column(table, 'You would give')[0]}" in card.text
    assert "www.imdb.com/title/tt" in card.url
    assert 1 <= len(card.tables[0].rows) <= 3


async def test_from_the_card_a_film_is_rated_put_aside_compared_and_explained(
    say: Say, context: AppContext
) -> None:
    await say(TEN_RATINGS)
    card = await say("predict the matrix")
    assert card.choices[0].options[0].label == "★★★★★ 5"
    assert len(card.choices[0].options) == 10
    titles = {button.label: (await say(button.message)).title for button in card.buttons}
    assert titles == {
        "Not interested": "Not interested",
        "More like this": "Like The Matrix (1999)",
        "Why": "Why The Matrix (1999)",
    }
    await say(card.choices[0].options[1].message)
    assert (await rated(context))["The Matrix (1999)"] == 4.5


async def test_a_rated_film_is_foretold_from_the_other_ratings_alone(
    say: Say, context: AppContext
) -> None:
    await say(TEN_RATINGS)
    ratings = await context.stars_of(RequestContext("console:alice", "alice"))
    alien = context.model.titles.resolve("Alien").matches[0].row
    movie = context.model.catalogue.by_row(alien)
    del ratings[movie.movie_id]
    (stars,), _ = context.model.fit(ratings).predict([movie.movie_id])
    card = await say("predict Alien")
    assert (
        f"You gave it ★★★★★. From your other ratings I would have said ★ {stars:.1f}" in card.text
    )
    assert "Not interested" not in [button.label for button in card.buttons]
    assert "Alien (1979)" not in leads(card.tables[0])


async def test_without_ratings_the_card_tells_what_most_people_think(say: Say) -> None:
    card = await say("predict Alien")
    assert re.search(r"Most people would give it ★ \d\.\d ± ", card.text)
    assert card.tables == ()


async def test_the_shares_of_all_reasons_sum_to_the_whole(say: Say) -> None:
    await say(TEN_RATINGS)
    reply = await say("why the matrix")
    shares = [int(share[2:-1]) for share in column(reply.tables[0], "Share")]
    assert len(shares) == 10
    assert 95 <= sum(shares) <= 105
    assert shares == sorted(shares, reverse=True)
    up, against = map(int, re.findall(r"\d+", reply.text)[:2])
    assert up + against == 10


async def test_without_ratings_there_is_no_why_but_a_way_forward(say: Say) -> None:
    reply = await say("why Alien")
    assert "not rated anything yet" in reply.text
    assert reply.buttons[0].message == "quiz"


async def test_in_doubt_it_asks_and_goes_on_with_the_chosen_film(say: Say) -> None:
    reply = await say("similar the thing")
    assert reply.severity is Severity.QUESTION
    assert "“the thing” is …" in words(reply)
    chosen = next(option for option in options(reply) if option.label == "The Thing (2011)")
    assert (await say(chosen.message)).title == "Like The Thing (2011)"


@pytest.mark.parametrize(
    ("typed", "title"),
    [("toy sto", "Toy Story (1995)"), ("the matr", "The Matrix (1999)"), ("léon", "Léon: The Pr")],
)
async def test_half_a_title_is_completed(context: AppContext, typed: str, title: str) -> None:
    assert (await complete_title(context, typed))[0].title.startswith(title)


async def test_before_anything_is_typed_known_films_are_proposed(context: AppContext) -> None:
    proposed = [movie.title for movie in await complete_title(context, " ")]
    assert len(set(proposed)) == 25
    assert "The Matrix (1999)" in proposed
