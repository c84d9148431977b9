"""What people type behind a command, taken apart into its parameters."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.filter_parameters import GENRE_NAMES, Genres, Years, genre_named
from bot.commands.parameters import Parameter, format_values, parse_values
from bot.commands.registry import commands, load
from bot.errors import UserError


def understood(command: str, text: str) -> dict[str, Any]:
    parameters = load().by_name[command].parameters
    return parse_values(parameters, text, f"!{load().by_name[command].usage}", f"!{command} …")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("20", {"count": 20}),
        ("horror", {"genre": ("Horror",)}),
        ("sci-fi and horror", {"genre": ("Sci-Fi", "Horror")}),
        ("science fiction", {"genre": ("Sci-Fi",)}),
        ("Comedy, Romance", {"genre": ("Comedy", "Romance")}),
        ("thrillers", {"genre": ("Thriller",)}),
        ("1994", {"years": (1994, 1994)}),
        ("90s", {"years": (1990, 1999)}),
        ("the 1980s", {"years": (1980, 1989)}),
        ("10s", {"years": (2010, 2019)}),
        ("1990-1999", {"years": (1990, 1999)}),
        ("1990 to 1999", {"years": (1990, 1999)}),
        ("since 2000", {"years": (2000, None)}),
        ("after 2000", {"years": (2001, None)}),
        ("2000-", {"years": (2000, None)}),
        ("before 1980", {"years": (None, 1979)}),
        ("-1980", {"years": (None, 1980)}),
        ("hidden gems", {"gems": True}),
        ("page 2", {"page": 2}),
        ("page:3", {"page": 3}),
        (
            "20 hidden gems horror 1990s page 2",
            {"count": 20, "gems": True, "genre": ("Horror",), "years": (1990, 1999), "page": 2},
        ),
        (
            "Funny films before 1960, 5",
            {"count": 5, "genre": ("Comedy",), "years": (None, 1959)},
        ),
    ],
)
def test_wishes_are_understood_wherever_they_stand(text: str, values: dict[str, Any]) -> None:
    assert understood("recommend", text) == values


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0", "count must be a whole number from 1 to 50, and “0”"),
        ("51", "and “51” is not"),
        ("-3", "and “-3” is not"),
        ("1.5", "and “1.5” is not"),
        ("9" * 500, "999…” is not"),
        ("horrible", "I do not know what “horrible” means here"),
        ("horror with zombies", "“zombies” means here"),
        ("1999-1990", "goes back. For example: 1990-1999"),
        ("page 0", "page must be a whole number from 1"),
        ("page two", "“two” is not"),
    ],
)
def test_what_cannot_be_is_said_with_its_name_and_an_example(text: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        understood("recommend", text)
    assert said in str(refused.value)
    assert "For example: " in str(refused.value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("2", {"page": 2}),
        ("by stars", {"sort": "stars"}),
        ("title page 2", {"sort": "title", "page": 2}),
        ("@bob", {"member": "@bob"}),
        ("<@401> by stars", {"member": "<@401>", "sort": "stars"}),
        ("bob the builder", {"member": "bob the builder"}),
    ],
)
def test_whose_ratings_and_in_which_order(text: str, values: dict[str, Any]) -> None:
    assert understood("ratings", text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("Alien (1979)", {"film": "Alien (1979)"}),
        ("bob", {"film": "bob"}),
        ("me @ the zoo", {"film": "me @ the zoo"}),
        ("@bob", {"members": ("bob",)}),
        ("me and @bob", {"members": ("bob",)}),
        ("@ann @bob", {"members": ("ann", "bob")}),
        ("@ann, @bob and carol", {"members": ("ann", "bob", "carol")}),
        ("@bob smith @ann", {"members": ("bob smith", "ann")}),
        ("<@401> and <@!402>", {"members": ("<@401>", "<@!402>")}),
        ("<@401>, @bob", {"members": ("<@401>", "bob")}),
        ("Alien @bob", {"film": "Alien", "members": ("bob",)}),
        ("html", {"html": True}),
        ("html @bob", {"html": True, "members": ("bob",)}),
        ("Alien <@401>", {"film": "Alien", "members": ("<@401>",)}),
    ],
)
def test_people_on_the_map_are_those_mentioned_and_the_rest_is_a_title(
    text: str, values: dict[str, Any]
) -> None:
    assert understood("map", text) == values


def test_a_title_is_taken_whole_with_all_that_looks_like_something_else() -> None:
    for title in ("2001: A Space Odyssey", "Horror of Dracula", "12 Angry Men", "page 3"):
        assert understood("similar", title) == {"film": title}


def test_a_missing_title_is_left_to_whoever_looks_it_up() -> None:
    assert understood("similar", " ") == {"film": ""}


@pytest.mark.parametrize("name", GENRE_NAMES)
def test_every_genre_is_known_in_any_writing(name: str) -> None:
    assert genre_named(name) == genre_named(name.upper()) == name
    assert genre_named(name.replace("-", "")) == name


span = st.one_of(
    st.tuples(st.integers(1870, 1999), st.integers(2000, 2099)),
    st.tuples(st.integers(1870, 2099), st.none()),
    st.tuples(st.none(), st.integers(1870, 2099)),
)
wishes = st.fixed_dictionaries(
    {},
    optional={
        "years": span,
        "genre": st.lists(st.sampled_from(GENRE_NAMES), min_size=1, unique=True).map(tuple),
        "gems": st.just(True),
        "page": st.integers(2, 1000),
        "count": st.integers(1, 50),
    },
)


@given(wishes)
def test_what_is_written_is_read_back(values: dict[str, Any]) -> None:
    parameters = load().by_name["recommend"].parameters
    written = format_values(parameters, values)
    assert understood("recommend", written) == values


@given(st.sampled_from(commands()), st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(command: Any, text: str) -> None:
    values: dict[str, Any] = {}
    with suppress(UserError):
        values = parse_values(command.parameters, text, "usage", "example")
    assert set(values) <= {parameter.name for parameter in command.parameters}


@pytest.mark.parametrize("parameter", [Years(), Genres()])
def test_a_parameter_that_finds_nothing_leaves_the_text_alone(parameter: Parameter) -> None:
    assert parameter.parse("nothing of the kind") == (None, "nothing of the kind")
