"""The page of the atlas as a text: all is in it, nothing from elsewhere, and no name breaks it."""

import base64
import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from engine import TasteModel
from engine.cli import main
from engine.plots.genre_colours import GROUPS, group_of
from engine.plots.map_html import render_map_page
from engine.plots.map_location import map_location
from tests.engine.conftest import Trained
from tests.engine.people import ALIEN, STUDY, ratings_of, users_with
from tests.engine.plots.map_pages import HOSTILE, Parts, with_hostile_names

LOADING = ("src", "srcset", "data", "poster", "background", "action", "formaction", "manifest")


@pytest.fixture(scope="module")
def world(model: TasteModel) -> str:
    return render_map_page(model)


@pytest.fixture(scope="module")
def parts(world: str) -> Parts:
    return Parts.of(world)


@pytest.fixture(scope="module")
def own(model: TasteModel) -> Parts:
    return Parts.of(render_map_page(model, model.fit(STUDY)))


def without_vector(model: TasteModel) -> int:
    return int(model.movie_ids[np.flatnonzero(model.rated_position < 0)[0]])


# All is in it.


def test_the_page_is_small(world: str) -> None:
    assert 500_000 < len(world.encode()) < 2_000_000


def test_all_rated_films_are_on_it_the_most_rated_first(model: TasteModel, parts: Parts) -> None:
    rows = model.rated_rows
    counts = parts.numbers("count", "<u4")
    assert len(parts.data["films"]["name"]) == len(counts) == len(rows)
    assert (np.diff(counts.astype(int)) <= 0).all()
    assert sorted(counts.tolist()) == sorted(model.catalogue.counts[rows].tolist())


def test_a_film_is_where_the_pictures_have_it_with_its_facts(
    model: TasteModel, parts: Parts
) -> None:
    row = model.catalogue.row(ALIEN)
    movie = model.catalogue.by_row(row)
    film = next(
        i
        for i, name in enumerate(parts.data["films"]["name"])
        if name == "Alien" and parts.numbers("year", "<u2")[i] == 1979
    )
    assert parts.numbers("count", "<u4")[film] == movie.count
    assert parts.numbers("imdb", "<u4")[film] == movie.imdb_id
    bits = parts.numbers("genres", "<u4")[film]
    genres = [g for b, g in enumerate(parts.data["films"]["genreNames"]) if bits & (1 << b)]
    assert tuple(genres) == movie.genres
    assert parts.numbers("group", "<u1")[film] == group_of(model.catalogue, np.array([row]))[0]
    atlas = model.map_coordinates
    low, span = atlas.min(0), np.ptp(atlas, axis=0)
    x, y = (atlas[model.rated_position[row]] - low) / span
    assert parts.numbers("x", "<u2")[film] / 65_535 == pytest.approx(x, abs=1e-4)
    assert parts.numbers("y", "<u2")[film] / 65_535 == pytest.approx(1 - y, abs=1e-4)


def test_groups_and_regions_are_those_of_the_pictures(model: TasteModel, parts: Parts) -> None:
    groups = [(group["name"], group["colour"]) for group in parts.data["groups"]]
    assert groups == [(group.name, group.colour) for group in GROUPS]
    assert [name for name, *_ in parts.data["regions"]] == [r.name for r in model.regions]
    assert all(0 <= x <= 1 and 0 <= y <= 1 for _, x, y in parts.data["regions"])


def test_the_conditions_of_the_data_come_with_it(world: str) -> None:
    assert "GroupLens" in world
    assert "10.1145/2827872" in world


# Somebody on it.


def test_the_world_map_marks_nobody(model: TasteModel, parts: Parts) -> None:
    for nobody in (parts, Parts.of(render_map_page(model, model.fit({})))):
        assert nobody.data["rated"] == []
        assert nobody.data["you"] is None
        assert nobody.texts["title"] == "The map of films"


def test_ratings_are_on_the_films_that_were_rated(model: TasteModel, own: Parts) -> None:
    names = own.data["films"]["name"]
    marked = {names[film]: stars for film, stars in own.data["rated"]}
    placed = {
        model.catalogue.by_id(m).name: stars
        for m, stars in STUDY.items()
        if model.rated_position[model.catalogue.row(m)] >= 0
    }
    assert marked == placed
    assert len(marked) >= 9
    assert own.texts["title"] == "Your map of films"


def test_the_place_is_that_of_the_pictures_amid_the_other_possible_ones(
    model: TasteModel, own: Parts
) -> None:
    found = map_location(model, model.fit(STUDY))
    atlas = model.map_coordinates
    x, y = (np.array([found.x, found.y]) - atlas.min(0)) / np.ptp(atlas, axis=0)
    assert own.data["you"]["place"] == pytest.approx([x, 1 - y], abs=1e-4)
    possible = np.array(own.data["you"]["possible"])
    assert 0.7 * len(found.possible) <= len(possible) <= 0.9 * len(found.possible)
    assert ((possible >= 0) & (possible <= 1)).all()


def test_many_ratings_fit(model: TasteModel) -> None:
    (user,) = users_with(model, 600, 1)
    page = render_map_page(model, model.fit(ratings_of(model, user)))
    assert len(Parts.of(page).data["rated"]) >= 600
    assert len(page.encode()) < 2_000_000


def test_who_rated_nothing_that_is_on_the_map_has_no_stars(model: TasteModel) -> None:
    parts = Parts.of(render_map_page(model, model.fit({without_vector(model): 5.0})))
    assert parts.data["rated"] == []
    assert parts.data["you"] is not None


def test_the_map_of_a_small_data_set_can_be_written(trained: Trained) -> None:
    taste = trained.model.fit({trained.cluster("fear")[0]: 5.0})
    parts = Parts.of(render_map_page(trained.model, taste))
    assert len(parts.data["films"]["name"]) == len(trained.model.rated_rows)
    assert len(parts.data["rated"]) == 1


# Nothing from elsewhere.


def test_nothing_is_loaded_from_anywhere(parts: Parts) -> None:
    for tag, attributes in parts.tags:
        assert not attributes.keys() & set(LOADING), (tag, attributes)
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        assert "style" not in attributes
        assert attributes.get("href", "data:,") == "data:,"
    assert not re.search(r"url\(|@import", parts.texts["style"])
    assert not re.search(
        r"\b(fetch|XMLHttpRequest|WebSocket|eval|Function|import|innerHTML|document\.write)\s*\(",
        parts.texts["script"],
    )


def test_addresses_lead_to_imdb_alone_and_name_the_data(world: str) -> None:
    addresses = set(re.findall(r"\b\w+://[\w./-]+", world))
    assert addresses == {
        "https://www.imdb.com/title/tt",
        "https://doi.org/10.1145/2827872",
    }


def test_the_policy_lets_this_script_and_style_run_and_nothing_else(parts: Parts) -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in parts.policy.split(";"))
    for kind in ("script", "style"):
        digest = hashlib.sha256(parts.texts[kind].encode()).digest()
        assert rules.pop(f"{kind}-src") == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


# No name breaks it.


def test_hostile_names_stay_names(model: TasteModel, parts: Parts) -> None:
    hostile = render_map_page(with_hostile_names(model))
    found = Parts.of(hostile)
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in parts.tags]
    expected = [" ".join(name.split()) for name in HOSTILE]
    assert found.data["films"]["name"][: len(HOSTILE)] == expected
    assert found.data["films"]["aliases"]["0"] == [HOSTILE[0]]
    assert found.texts["script"] == parts.texts["script"]
    assert not set(found.texts["data"]) & set("<>&\u2028\u2029")
    assert found.texts["data"].isascii()
    assert hostile.encode()  # half a surrogate pair, too


# The command.


def test_the_command_writes_the_page(tmp_path: Path, world: str) -> None:
    assert main(["atlas", "--out", str(tmp_path / "map.html")]) == 0
    assert (tmp_path / "map.html").read_text("utf-8") == world


@pytest.mark.parametrize("column", ["movieId", "MovieLensID"])
def test_the_command_marks_ratings_from_a_table(tmp_path: Path, column: str, own: Parts) -> None:
    rows = "".join(f"{movie_id},{stars}\n" for movie_id, stars in STUDY.items())
    table, page = tmp_path / "ratings.csv", tmp_path / "map.html"
    table.write_text(f"\ufeff{column},rating\n{rows},4\n1,\n", "utf-8")
    assert main(["atlas", "--out", str(page), "--ratings", str(table)]) == 0
    assert Parts.of(page.read_text("utf-8")).data["rated"] == own.data["rated"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("title,stars\nAlien,5\n", "columns movieId"),
        ("movieId,rating\nAlien,5\n", "Alien"),
        ("movieId,rating\n1214,11\n", "0.5 to 5"),
        ("movieId,rating\n999999999,5\n", "no rating of a film"),
        ("movieId,rating\n", "no rating of a film"),
        ("", "columns movieId"),
        (None, "No such file"),
    ],
)
def test_a_table_that_makes_no_sense_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, what: str
) -> None:
    table, page = tmp_path / "ratings.csv", tmp_path / "map.html"
    if text is not None:
        table.write_text(text, "utf-8")
    assert main(["atlas", "--out", str(page), "--ratings", str(table)]) == 1
    error = capsys.readouterr().err
    assert what in error
    assert error.count("\n") == 1
    assert not page.exists()


def test_a_page_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["atlas", "--out", str(tmp_path / "none" / "map.html")]) == 1
    assert "cannot be written" in capsys.readouterr().err
