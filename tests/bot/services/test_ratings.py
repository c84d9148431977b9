"""Rating films as people type it: titles found, doubts asked, nothing kept that was not meant."""

import pytest

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
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


# taking back


async def test_a_rating_is_taken_back_and_the_stars_it_had_are_told(
    say: Say, context: AppContext
) -> None:
    await say("rate Alien 4.5\nUp 2")
    reply = await say("unrate alien")
    assert reply.text == "Alien (1979) had ★★★★½ from you."
    assert await rated(context) == {"Up (2009)": 2.0}
    await say(reply.hint.partition("!")[2])
    assert await rated(context) == {"Up (2009)": 2.0, "Alien (1979)": 4.5}


async def test_of_several_films_of_a_name_the_one_that_was_rated_is_taken_back(
    say: Say, context: AppContext
) -> None:
    await say("rate The Thing (1982) 4")
    assert "The Thing (1982)" in (await say("unrate the thing")).text
    assert await rated(context) == {}


async def test_where_both_films_of_a_name_were_rated_it_asks_which_to_take_back(
    say: Say, context: AppContext
) -> None:
    await say("rate The Thing (1982) 4\nThe Thing (2011) 2")
    reply = await say("unrate the thing")
    assert reply.severity is Severity.QUESTION
    chosen = next(option for option in options(reply) if option.label == "The Thing (2011)")
    await say(chosen.message)
    assert await rated(context) == {"The Thing (1982)": 4.0}


async def test_what_was_not_rated_cannot_be_taken_back(say: Say) -> None:
    await say("rate Alien 5", name="bob")
    reply = await say("unrate Alien")
    assert reply.severity is Severity.PROBLEM
    assert "You have not rated Alien (1979)" in reply.text


async def test_taking_nothing_back_is_answered_by_an_example(say: Say) -> None:
    assert "!unrate Toy Story (1995)" in (await say("unrate")).text


# the list


async def test_ratings_are_listed_latest_first_with_their_stars(say: Say) -> None:
    await say("rate Alien 5\nUp 2.5")
    reply = await say("ratings")
    listed = dict(zip(leads(reply.tables[0]), column(reply.tables[0], "Stars"), strict=True))
    assert listed == {"Alien (1979)": "★★★★★", "Up (2009)": "★★½"}
    assert reply.text.startswith("2 films")
    assert reply.choices == ()


async def test_many_ratings_are_turned_over_page_by_page(say: Say, context: AppContext) -> None:
    titles = {context.model.catalogue.by_row(row).title for row in context.model.well_known[:25]}
    await say("rate\n" + "\n".join(f"{title} 4" for title in titles))
    pages = [(await say(f"ratings {page}")).tables[0] for page in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [10, 10, 5]
    assert sorted(title for page in pages for title in leads(page)) == sorted(titles)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("ratings by stars", ["Up (2009)", "Alien (1979)", "Coco (2017)"]),
        ("ratings by title", ["Alien (1979)", "Coco (2017)", "Up (2009)"]),
        ("ratings title page 1", ["Alien (1979)", "Coco (2017)", "Up (2009)"]),
    ],
)
async def test_ratings_are_sorted_as_wished(say: Say, typed: str, titles: list[str]) -> None:
    await say("rate Alien 3.5\nUp 5\nCoco 2")
    assert leads((await say(typed)).tables[0]) == titles


async def test_a_page_that_is_not_there_is_refused_by_the_last_one(say: Say) -> None:
    await say("rate Alien 5")
    assert "For example: !ratings" in (await say("ratings 2")).text
    for wrong in ("0", "-1", "page two", "1.5", "1" * 500):
        reply = await say(f"ratings {wrong}")
        assert reply.severity is Severity.PROBLEM
        assert "from 1 to 1000" in reply.text


async def test_whoever_rated_nothing_is_told_how_to_begin_and_it_works(
    say: Say, context: AppContext
) -> None:
    reply = await say("ratings")
    assert reply.severity is Severity.NORMAL
    lines = reply.text.splitlines()
    example = "\n".join(lines[next(i for i, line in enumerate(lines) if "!rate" in line) :])
    assert (await say(example.removeprefix("!"))).severity is Severity.NORMAL
    assert len(await rated(context)) == 3


# others in the group


async def test_the_ratings_of_another_member_are_listed_by_name(say: Say) -> None:
    await say("rate Alien 5\nUp 2.5", name="Robert", guild_id="films")
    for typed in ("ratings Robert", "ratings @robert", "ratings rboert by stars"):
        reply = await say(typed, guild_id="films")
        assert reply.title == "Ratings of Robert"
        assert sorted(leads(reply.tables[0])) == ["Alien (1979)", "Up (2009)"]


async def test_nobody_of_another_group_is_shown(say: Say) -> None:
    await say("rate Alien 5", name="bob", guild_id="games")
    assert "has not talked to me here" in (await say("ratings bob", guild_id="films")).text
    assert "Nobody here has rated it" in (await say("seen Alien", guild_id="films")).text


@pytest.mark.parametrize("typed", ["ratings bob", "seen Alien", "compare bob"])
async def test_alone_there_are_no_others(say: Say, typed: str) -> None:
    reply = await say(typed)
    assert reply.severity is Severity.PROBLEM
    assert "only the two of us" in reply.text


async def test_two_members_of_one_name_are_asked_about(say: Say, context: AppContext) -> None:
    for number in (401, 402):
        await context.store.remember(f"discord:{number}", "Bob", "films")
        await context.store.rate(f"discord:{number}", {1214: 5.0})
    request = RequestContext("discord:400", "Ann", "films")
    asked = await dispatch(context, request, "ratings bob")
    assert asked.severity is Severity.QUESTION
    assert [option.message for option in options(asked)] == ["ratings <@401>", "ratings <@402>"]
    chosen = await dispatch(context, request, "ratings <@402>")
    assert chosen.title == "Ratings of Bob"


async def test_who_has_seen_a_film_is_told_most_stars_first(say: Say) -> None:
    for name, stars in (("alice", 4), ("bob", 5), ("carol", 1.5)):
        await say(f"rate Alien {stars}", name=name, guild_id="films")
    reply = await say("seen alien", guild_id="films")
    assert leads(reply.tables[0]) == ["bob", "alice", "carol"]
    assert "3 people here: ★ 3.5 on average" in reply.text
    assert reply.choices == ()
    asked = await say("seen alien", name="dave", guild_id="films")
    await say(asked.choices[0].options[0].message, name="dave", guild_id="films")
    assert leads((await say("seen alien", guild_id="films")).tables[0])[:2] == ["bob", "dave"]


# putting aside and undoing


async def test_what_was_put_aside_is_said_once_and_taken_back(
    say: Say, context: AppContext
) -> None:
    first = await say("skip The Notebook")
    assert "I will never recommend" in first.text
    assert "already" in (await say("skip The Notebook")).text
    await say(first.buttons[0].message)
    assert await context.store.skipped("console:alice") == set()


async def test_a_rated_film_cannot_be_put_aside(say: Say, context: AppContext) -> None:
    await say("rate Alien 5")
    reply = await say("skip Alien")
    assert reply.severity is Severity.PROBLEM
    assert "!unrate Alien (1979)" in reply.text
    assert await rated(context) == {"Alien (1979)": 5.0}


async def test_undo_goes_back_step_by_step_and_then_says_that_nothing_is_left(
    say: Say, context: AppContext
) -> None:
    await say("rate Alien 5\nUp 3")
    await say("rate Alien 2")
    await say("unrate Up")
    assert column((await say("undo")).tables[0], "Before and now") == ["not rated → ★★★"]
    assert await rated(context) == {"Alien (1979)": 2.0, "Up (2009)": 3.0}
    assert column((await say("undo")).tables[0], "Before and now") == ["★★ → ★★★★★"]
    assert len((await say("undo")).tables[0].rows) == 2
    assert await rated(context) == {}
    assert "nothing left to undo" in (await say("undo")).text


async def test_one_persons_undo_leaves_anothers_ratings_alone(
    say: Say, context: AppContext
) -> None:
    await say("rate Alien 5", name="bob")
    assert "nothing left" in (await say("undo")).text
    assert await rated(context, "bob") == {"Alien (1979)": 5.0}
