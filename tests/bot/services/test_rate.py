"""Rating films, however they are typed."""

import pytest

from bot.app.context import AppContext
from bot.replies import Severity
from tests.bot.chat_helpers import Say, column, leads, options, rated, words


@pytest.mark.parametrize(
    ("typed", "title", "stars"),
    [
        ("Alien 5", "Alien (1979)", 5.0),
        ("4.5 the matrix", "The Matrix (1999)", 4.5),
        ("The Matrix 4", "The Matrix (1999)", 4.0),
        ("Matrix, The (1999) 4", "The Matrix (1999)", 4.0),
        ("Amelie (2001) 4", "Amelie (2001)", 4.0),
        ("AMÉLIE 4", "Amelie (2001)", 4.0),
        ("Le fabuleux destin d'Amélie Poulain 4", "Amelie (2001)", 4.0),
        ("2001: A Space Odyssey 5", "2001: A Space Odyssey (1968)", 5.0),
        ("Se7en 4", "Seven (1995)", 4.0),
        ("1917 4.5", "1917 (2019)", 4.5),
        ("Up 5", "Up (2009)", 5.0),
        ("300 3", "300 (2007)", 3.0),
        ("Teh Matrix 0.5", "The Matrix (1999)", 0.5),
        ("The Shawshenk Redemption 5", "The Shawshank Redemption (1994)", 5.0),
        ("Dune 2021 4", "Dune (2021)", 4.0),
        ("“Toy Story” 4½", "Toy Story (1995)", 4.5),
        ("Léon ★★★★", "Léon: The Professional (1994)", 4.0),
        ("★★★ Alien", "Alien (1979)", 3.0),
        ("Star Wars: Episode IV - A New Hope 8/10", "Star Wars: Episode IV - A New Hope (1977)", 4),
    ],
)
async def test_a_title_is_understood_as_it_is_typed(
    say: Say, context: AppContext, typed: str, title: str, stars: float
) -> None:
    reply = await say(f"rate {typed}")
    assert reply.severity is Severity.NORMAL
    assert leads(reply.tables[0]) == [title]
    assert await rated(context) == {title: stars}


async def test_the_best_known_films_are_understood_by_their_full_title(
    say: Say, context: AppContext
) -> None:
    titles = [context.model.catalogue.by_row(row).title for row in context.model.well_known[:100]]
    reply = await say("rate\n" + "\n".join(f"{title} 3.5" for title in titles))
    assert reply.severity is Severity.NORMAL
    assert await rated(context) == dict.fromkeys(titles, 3.5)


async def test_between_films_of_one_name_it_asks_and_keeps_the_stars(
    say: Say, context: AppContext
) -> None:
    reply = await say("rate 9 3")
    assert reply.severity is Severity.QUESTION
    assert "Which film gets ★★★ in “9 3”?" in words(reply)
    named = [option for option in options(reply) if option.label.startswith("9 (")]
    assert {"9 (2009)", "9 (2005)"} <= {option.label for option in named}
    assert await rated(context) == {}

    chosen = next(option for option in named if option.label == "9 (2005)")
    assert (await say(chosen.message)).severity is Severity.NORMAL
    assert await rated(context) == {"9 (2005)": 3.0}


@pytest.mark.parametrize(
    ("typed", "short", "long"),
    [
        ("Toy Story 3", "Toy Story (1995)", "Toy Story 3 (2010)"),
        ("Alien 3", "Alien (1979)", "Alien³ (1992)"),
        ("Spiderman 3", "Spider-Man (2002)", "Spider-Man 3 (2007)"),
    ],
)
async def test_where_the_number_may_be_of_the_title_it_asks(
    say: Say, context: AppContext, typed: str, short: str, long: str
) -> None:
    with_stars, without = options(await say(f"rate {typed}"))
    assert with_stars.label == f"{short} ★★★"
    assert without.label.startswith(long)
    assert await rated(context) == {}

    stars = options(await say(without.message))
    await say(stars[0].message)
    assert await rated(context) == {long: 5.0}
    await say(with_stars.message)
    assert await rated(context) == {long: 5.0, short: 3.0}


@pytest.mark.parametrize("typed", ["Apollo 13", "Alien", "Forrest Gump"])
async def test_a_title_without_stars_is_asked_for_its_stars(
    say: Say, context: AppContext, typed: str
) -> None:
    reply = await say(f"rate {typed}")
    assert reply.severity is Severity.QUESTION
    assert reply.choices[0].prompt.startswith(f"How many stars for {typed}")
    given = [float(option.message.split()[-1]) for option in options(reply)]
    assert given == [half / 2 for half in range(10, 0, -1)]
    assert [float(option.key) for option in options(reply)] == given
    assert await rated(context) == {}


@pytest.mark.parametrize("typed", ["dune", "the thing", "9", "12 Angry Men"])
async def test_a_name_of_several_films_without_stars_is_asked_for_the_film_and_then_its_stars(
    say: Say, context: AppContext, typed: str
) -> None:
    first = options(await say(f"rate {typed}"))[0]
    reply = await say(first.message)
    assert reply.choices[0].prompt == f"How many stars for {first.label}?"
    await say(options(reply)[2].message)
    assert await rated(context) == {first.label: 4.0}


async def test_of_many_lines_the_good_are_kept_the_bad_named_and_the_doubtful_asked(
    say: Say, context: AppContext
) -> None:
    reply = await say(
        "rate\nAlien 5\n\nxqzzy wvut 4\n  4.5 the matrix  \n- Up: 3\nAliens 7\nToy Story 3\nCoco 0"
    )
    assert await rated(context) == {"Alien (1979)": 5, "The Matrix (1999)": 4.5, "Up (2009)": 3}
    assert sorted(leads(reply.tables[0])) == ["Alien (1979)", "The Matrix (1999)", "Up (2009)"]
    assert reply.severity is Severity.PROBLEM
    unknown, too_many, too_few, advice = reply.text.splitlines()
    assert "“xqzzy wvut”" in unknown
    assert "“Aliens 7”" in too_many
    assert "“Coco 0”" in too_few
    assert "for example" in advice
    assert [choice.prompt for choice in reply.choices] == ["“Toy Story 3” is …"]


async def test_the_same_advice_is_given_once_for_many_unknown_films(say: Say) -> None:
    reply = await say("rate\n" + "\n".join(f"xqzzy {'wvut' * n} 4" for n in range(1, 21)))
    assert reply.text.count("I know no film called") == 20
    assert reply.text.count("Amelie (2001)") == 1


@pytest.mark.parametrize("stars", ["0", "7", "4.3", "-1", "5.5", "11/10"])
async def test_stars_off_the_scale_are_refused_by_name(
    say: Say, context: AppContext, stars: str
) -> None:
    reply = await say(f"rate Forrest Gump {stars}")
    assert reply.severity is Severity.PROBLEM
    assert f"“Forrest Gump {stars}”: Stars go from 0.5 to 5" in reply.text
    assert await rated(context) == {}


async def test_re_rating_replaces_and_says_what_it_was(say: Say, context: AppContext) -> None:
    first = await say("rate Alien 5")
    assert "was" not in words(first)
    again = await say("rate Alien 3.5")
    assert column(again.tables[0], "Before") == ["was ★★★★★"]
    assert await rated(context) == {"Alien (1979)": 3.5}
    same = await say("rate Alien 3.5\nAliens 4")
    assert column(same.tables[0], "Before") == ["as before", ""]


@pytest.mark.parametrize("typed", ["rate", "rate   ", "rate\n\n"])
async def test_rating_nothing_is_answered_by_an_example(say: Say, typed: str) -> None:
    reply = await say(typed)
    assert reply.severity is Severity.PROBLEM
    assert "For example: !rate Amelie (2001) 4" in reply.text


async def test_the_way_to_a_first_list_is_counted(say: Say) -> None:
    for n, film in enumerate(("Alien", "Aliens", "Up", "Coco"), start=1):
        reply = await say(f"rate {film} 4")
        assert reply.hint.startswith(f"{n} film rated." if n == 1 else f"{n} films rated.")
        assert "takes 5" in reply.hint
        assert reply.buttons[-1].message == "quiz"
    assert (await say("rate Amelie 4")).buttons[-1].message == "recommend"
