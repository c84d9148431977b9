"""The regions of the map: how many, what they are called, and that this never changes."""

import numpy as np

from engine import TasteModel, load_model
from engine.insights.regions import find_regions
from engine.insights.traits import TraitKind
from tests.engine.conftest import Trained
from tests.engine.people import ALIEN, TOY_STORY


def test_there_are_25_to_60_regions_each_with_a_name_of_its_own(model: TasteModel) -> None:
    names = [region.name for region in model.regions]
    assert 25 <= len(names) <= 60
    assert len(set(names)) == len(names)
    for name in names:
        assert 4 <= len(name) <= 40
        assert name == name.strip()
        assert name[0].isupper() or name[0].isdigit()


def test_regions_are_the_same_each_time(model: TasteModel) -> None:
    again = load_model().regions
    assert [r.name for r in again] == [r.name for r in model.regions]
    assert [(r.x, r.y) for r in again] == [(r.x, r.y) for r in model.regions]


def test_each_film_is_in_one_region_near_its_films(model: TasteModel) -> None:
    rows = np.concatenate([region.rows for region in model.regions])
    assert len(set(rows.tolist())) == len(rows) > 2800
    atlas = model.map_coordinates
    for region in model.regions:
        points = atlas[model.rated_position[region.rows]]
        middle = np.array([region.x, region.y])
        assert (points == middle.astype(np.float32)).all(1).any()
        assert np.median(np.linalg.norm(points - middle, axis=1)) < 0.25
        assert region.landmark == model.catalogue.by_row(int(region.rows[0]))


def test_regions_are_named_after_what_is_usual_there(model: TasteModel) -> None:
    def named(movie_id: int) -> str:
        row = model.catalogue.row(movie_id)
        return next(region.name for region in model.regions if row in region.rows)

    assert "animat" in named(TOY_STORY).casefold()
    assert "sci-fi horror" in named(ALIEN).casefold()
    assert any(region.name.startswith("Westerns") for region in model.regions)
    assert any("19" in region.name for region in model.regions)  # decades
    assert any(": " in region.name for region in model.regions)  # tags
    without = [region for region in model.regions if region.name.startswith("Around ")]
    for region in without:
        assert region.landmark.name in region.name
        assert all(t.share < 0.4 for t in region.traits if t.kind is TraitKind.GENRE)


def test_a_small_set_without_genres_has_regions_named_after_landmarks(trained: Trained) -> None:
    names = [region.name for region in trained.model.regions]
    assert names
    assert len(set(names)) == len(names)
    assert all(names)


def test_no_films_have_no_regions(model: TasteModel) -> None:
    no_rows, no_points = np.empty(0, np.int64), np.empty((0, 2), np.float32)
    assert find_regions(model.catalogue, no_rows, no_points, no_rows.astype(np.int16)) == ()
