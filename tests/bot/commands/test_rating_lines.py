import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.rating_lines import LONGEST_LINE, MOST_LINES, Interpretation, parse_ratings
from bot.errors import UserError

HALF_STARS = [half / 2 for half in range(1, 11)]


def readings(line: str) -> list[tuple[str, float | None]]:
    (parsed,) = parse_ratings(line)
    return [(reading.title, reading.stars) for reading in parsed.interpretations]


@pytest.mark.parametrize(
    ("line", "title", "stars"),
    [
        ("Alien 5", "Alien", 5.0),
        ("4.5 the matrix", "the matrix", 4.5),
        ("Amelie (2001) 4", "Amelie (2001)", 4.0),
        ("2001: A Space Odyssey 5", "2001: A Space Odyssey", 5.0),
        ("1917 4.5", "1917", 4.5),
        ("Se7en 4", "Se7en", 4.0),
        ("Up 5", "Up", 5.0),
        ("9 3", "9", 3.0),
        ("10 5", "10", 5.0),
        ("50/50 4", "50/50", 4.0),
        ("Fahrenheit 9/11 4", "Fahrenheit 9/11", 4.0),
        ("8 1/2 5", "8 1/2", 5.0),
        ("Catch-22 4", "Catch-22", 4.0),
        ("3:10 to Yuma 5", "3:10 to Yuma", 5.0),
        ("12 Monkeys 4", "12 Monkeys", 4.0),
        ("WALL-E 5", "WALL-E", 5.0),
        ("Airplane! 5!", "Airplane!", 5.0),
        ("Crazy, Stupid, Love, 4", "Crazy, Stupid, Love", 4.0),
        ("Alien 4,5", "Alien", 4.5),
        ("Alien 4.50", "Alien", 4.5),
        ("Alien 4½", "Alien", 4.5),
        ("Alien ½", "Alien", 0.5),
        ("Alien 4/5", "Alien", 4.0),
        ("Alien 8/10", "Alien", 4.0),
        ("Alien 7 / 10", "Alien", 3.5),
        ("Alien 1/10", "Alien", 0.5),
        ("Alien 5 stars", "Alien", 5.0),
        ("Alien 1 star", "Alien", 1.0),
        ("Alien 4.5/5 stars", "Alien", 4.5),
        ("5 stars Alien", "Alien", 5.0),
        ("4 Star Wars", "Star Wars", 4.0),
        ("Alien ★★★★½", "Alien", 4.5),
        ("Alien★★★★", "Alien", 4.0),
        ("★★★☆☆ Alien", "Alien", 3.0),
        ("⭐️⭐️ Alien", "Alien", 2.0),
        ("Alien: 5", "Alien", 5.0),
        ("Alien=5", "Alien", 5.0),
        ("Alien = 5", "Alien", 5.0),
        ("Alien - 4.5", "Alien", 4.5),
        ("5 – Alien", "Alien", 5.0),
        ('"Toy Story 3" 5', "Toy Story 3", 5.0),
        ("“Alien” 5", "Alien", 5.0),
        ("«Alien»: 5", "Alien", 5.0),
        ("5 'Alien'", "Alien", 5.0),
        ("'71 4", "'71", 4.0),
        ("- Alien 5", "Alien", 5.0),
        ("• 5 Alien", "Alien", 5.0),
        ("  Alien\t  5 ", "Alien", 5.0),
    ],
)
def test_title_and_stars_are_told_apart(line: str, title: str, stars: float) -> None:
    assert readings(line)[0] == (title, stars)
    assert parse_ratings(line)[0].problem == ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Alien 5", [("Alien", 5.0), ("Alien 5", None)]),
        ("Toy Story 3", [("Toy Story", 3.0), ("Toy Story 3", None)]),
        ("3 Idiots", [("Idiots", 3.0), ("3 Idiots", None)]),
        ("3 Idiots 4.5", [("3 Idiots", 4.5), ("Idiots 4.5", 3.0), ("3 Idiots 4.5", None)]),
        ("5 3", [("5", 3.0), ("3", 5.0), ("5 3", None)]),
        ("1. Alien 5", [("1. Alien", 5.0), ("Alien", 5.0), ("1. Alien 5", None)]),
        ("Alien", [("Alien", None)]),
        ("5", [("5", None)]),
        ("★★★", [("★★★", None)]),
        ('"Toy Story 3"', [("Toy Story 3", None)]),
        ("12 Angry Men", [("12 Angry Men", None)]),
        ("2001: A Space Odyssey", [("2001: A Space Odyssey", None)]),
    ],
)
def test_every_reading_is_given_the_whole_as_a_title_last(
    line: str, expected: list[tuple[str, float | None]]
) -> None:
    assert readings(line) == expected
    assert parse_ratings(line)[0].problem == ""


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Alien 7", "7"),
        ("Alien 4.3", "4.3"),
        ("4.3 Alien", "4.3"),
        ("Alien 0", "0"),
        ("Alien -5", "-5"),
        ("Alien 11/10", "11/10"),
        ("7/5 Alien", "7/5"),
        ("Alien ★★★★★★", "★★★★★★"),
        ("6 stars Alien", "6"),
        ("Apollo 13", "13"),
        ("Fahrenheit 451", "451"),
        ("3 Idiots 4.3", "4.3"),
    ],
)
def test_stars_off_the_scale_are_told_and_the_whole_line_may_be_a_title(
    line: str, number: str
) -> None:
    (parsed,) = parse_ratings(line)
    assert parsed.problem == (
        f'Stars go from 0.5 to 5 in half steps, and "{number}" is not one of them. '
        "For example: Alien 4.5"
    )
    assert parsed.interpretations[-1] == Interpretation(line, None)


def test_each_line_is_a_rating_and_blank_lines_are_none() -> None:
    parsed = parse_ratings("Alien 5\n\n  \r\nUp 4; Coco 3\n")
    assert [line.text for line in parsed] == ["Alien 5", "Up 4; Coco 3"]


@pytest.mark.parametrize("text", ["", "  ", "\n\n"])
def test_nothing_typed_is_refused_with_what_is_needed(text: str) -> None:
    with pytest.raises(UserError, match=r"a title and its stars, from 0\.5 to 5"):
        parse_ratings(text)


def test_too_many_lines_are_refused_with_the_limit() -> None:
    assert len(parse_ratings("Alien 5\n" * MOST_LINES)) == MOST_LINES
    with pytest.raises(UserError, match=f"{MOST_LINES + 1} lines.* at most {MOST_LINES}"):
        parse_ratings("Alien 5\n" * (MOST_LINES + 1))


def test_too_long_a_line_is_refused_with_the_limit() -> None:
    assert parse_ratings("a" * LONGEST_LINE)
    with pytest.raises(UserError, match=f"{LONGEST_LINE + 1} characters.* {LONGEST_LINE} "):
        parse_ratings("Alien 5\n" + "a" * (LONGEST_LINE + 1))


@given(
    st.from_regex(r"[A-Za-z][A-Za-z0-9:' ]{0,30}[A-Za-z]", fullmatch=True),
    st.sampled_from(HALF_STARS),
)
def test_whatever_title_is_rated_comes_back_with_its_stars(title: str, stars: float) -> None:
    title = " ".join(title.split())
    assert readings(f"{title} {stars:g}")[0] == (title, stars)
    assert (title, stars) in readings(f"{stars} {title}")


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" 0123456789./,-:½★☆*\"'\n"))))
def test_any_text_gives_readings_with_titles_and_stars_on_the_scale_or_a_user_error(
    text: str,
) -> None:
    try:
        lines = parse_ratings(text)
    except UserError as error:
        assert str(error)  # noqa: PT017
        return
    for line in lines:
        assert line.interpretations[-1].stars is None
        for reading in line.interpretations:
            assert reading.title.strip()
            assert reading.stars is None or reading.stars in HALF_STARS
