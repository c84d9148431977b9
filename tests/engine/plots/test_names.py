"""Names in pictures: drawn where the font can, never a hole where it cannot."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from engine import TasteModel
from engine.data.catalogue import Movie
from engine.insights.affinities import affinities
from engine.plots.charts_group import agreement_matrix_figure
from engine.plots.charts_stars import CommonRating, agreement_figure
from engine.plots.charts_taste import taste_figure
from engine.plots.layout import card, write
from engine.plots.map_members import members_figure
from engine.plots.text import drawable, drawable_name, drawn_names, renderer_of
from engine.recommend.agreement import Agreement
from tests.engine.people import STUDY

# Each with what is drawn of it; "" where too little is left to know somebody by.
NAMES = {
    "Alice": "Alice",
    "Ελένη": "Ελένη",
    "Олег": "Олег",
    "אבי": "אבי",
    "مريم": "مريم",
    "Bob🦊": "Bob",
    "貞子3D": "3D",
    "𝓗𝓮𝓲𝓭𝓲": "Heidi",
    "???": "???",
    "田中さくら": "",
    "王小明": "",
    "김민수": "",
    "他们2": "",
    "田中, 花子": "",
    "🦊🍿": "",
    "\u200b\u3164": "",
    "\u202eBob\u200d": "Bob",
}
FOUND = Agreement(expected=0.7, base_rate=0.64, shared=(), close=0)


def heading(figure: Figure) -> str:
    return str(figure.texts[0].get_text())


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_drawn_if_enough_of_it_can_be(name: str) -> None:
    assert drawable_name(name) == NAMES[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_heading_of_a_taste_has_a_name_or_says_you(model: TasteModel, name: str) -> None:
    figure = taste_figure(name, len(STUDY), affinities(model.catalogue, STUDY), (), ())
    assert figure is not None
    assert heading(figure) == (f"What {NAMES[name]} likes" if NAMES[name] else "What you like")


@pytest.mark.parametrize("name", NAMES)
def test_two_people_have_a_name_each_in_heading_and_axes(name: str) -> None:
    movie = Movie(1, "Alien", 1979, (), None, None, 10, 3.0, 0.0)
    figure = agreement_figure(name, "Carol", [CommonRating(movie, 5, 1)], FOUND)
    drawn = NAMES[name] or "member 1"
    told = [text.get_text().removeprefix("\u200e") for text in figure.texts]
    assert told[0] == f"{drawn} and Carol"
    assert {f"stars from {drawn}", "stars from Carol"} <= set(told)


@pytest.mark.parametrize("name", NAMES)
def test_each_of_a_club_and_of_a_map_has_a_name(model: TasteModel, name: str) -> None:
    both = ["Carol", name]
    drawn = NAMES[name] or "member 2"
    (club,) = agreement_matrix_figure(both, np.array([[1, 0.4], [0.4, 1]])).axes
    assert {"Carol", drawn} <= {text.get_text() for text in club.texts}
    taste = model.fit(STUDY)
    (axes,) = members_figure(model, [(one, taste) for one in both]).axes
    assert {"Carol", drawn} <= {text.get_text() for text in axes.texts}
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["Carol", drawn]


def test_names_that_are_drawn_alike_are_numbered() -> None:
    assert drawn_names(["Bob", "Bob🦊", "王", "Bob\u200b"]) == [
        "Bob",
        "Bob (2)",
        "member 3",
        "Bob (4)",
    ]
    assert drawn_names(["王", "李"], ["@wang", "@li"]) == ["@wang", "@li"]
    assert drawn_names(["Bob", "Bob (3)", "Bob"]) == ["Bob", "Bob (3)", "Bob (4)"]


def test_a_sentence_that_begins_with_hebrew_runs_from_left_to_right_all_the_same() -> None:
    assert drawable("אבי and Bob") == "\u200eאבי and Bob"
    assert drawable("Bob and אבי") == "Bob and אבי"
    assert drawable("אבי, דן") == "אבי, דן"


def test_arabic_letters_are_joined() -> None:
    figure = card("a", "b", 3)
    renderer = renderer_of(figure)

    def width(text: str) -> float:
        return float(write(figure, 1, 1, text).get_window_extent(renderer).width)

    assert width("مريم") < 0.9 * sum(map(width, "مريم"))
