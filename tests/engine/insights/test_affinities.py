"""What somebody rates above the rest, and how sure that is."""

import numpy as np
import pytest

from engine import TasteModel
from engine.data.catalogue import GENRES
from engine.insights.affinities import Affinity, affinities
from tests.engine.people import ALIEN, ALIENS, SCREAM, STUDY, TOY_STORY, ratings_of, users_with


def found(model: TasteModel, ratings: dict[int, float]) -> dict[str, Affinity]:
    return {one.name: one for one in affinities(model.catalogue, ratings)}


def test_the_difference_is_drawn_to_nothing_by_how_little_is_known(model: TasteModel) -> None:
    horror = found(model, STUDY)["Horror"]
    stars = np.array(list(STUDY.values()))
    variance = (5 * 0.9 + np.square(stars - stars.mean()).sum()) / (5 + 9)
    v = variance * (1 / 3 + 1 / 7)
    assert (horror.count, horror.mean) == (3, 4.5)  # Alien, Aliens and The Conjuring 2
    assert horror.others == pytest.approx((stars.sum() - 13.5) / 7)
    assert horror.difference == pytest.approx(0.07 / (0.07 + v) * (4.5 - horror.others))
    assert horror.std == pytest.approx((0.07 * v / (0.07 + v)) ** 0.5)


def test_the_fondest_come_first(model: TasteModel) -> None:
    differences = [one.difference for one in affinities(model.catalogue, STUDY)]
    assert differences == sorted(differences, reverse=True)
    assert differences[0] > 0 > differences[-1]


def test_one_film_claims_little_and_many_claim_much(model: TasteModel) -> None:
    horror = model.catalogue.genres[:, GENRES.index("Horror")]
    rows = model.well_known[:400]
    scary = model.movie_ids[rows[horror[rows]]].tolist()
    others = model.movie_ids[rows[~horror[rows]]].tolist()[:40]
    rated = {movie: 2.0 + 2 * (i % 2) for i, movie in enumerate(others)}
    one = found(model, rated | {scary[0]: 5.0})["Horror"]
    many = found(model, rated | dict.fromkeys(scary[:20], 5.0))["Horror"]
    assert one.mean - one.others == many.mean - many.others == 2
    assert 0 < one.difference < 0.3
    assert many.difference > 3 * one.difference
    assert many.std < one.std


def test_on_the_whole_it_foretells_what_people_give_their_other_films(model: TasteModel) -> None:
    """Half of the ratings say what the other half's difference will be, without exaggeration."""
    told, came = [], []
    for user in users_with(model, 200, 200):
        ratings = list(ratings_of(model, user).items())
        later = found(model, dict(ratings[1::2]))
        for name, one in found(model, dict(ratings[::2])).items():
            if name in later and later[name].count >= 5:
                told.append(one.difference)
                came.append(later[name].mean - later[name].others)
    slope = np.dot(told, came) / np.dot(told, told)
    assert 0.8 < slope < 1.3


def test_a_kind_of_all_the_films_compares_with_nothing(model: TasteModel) -> None:
    kinds = found(model, {ALIEN: 5.0, ALIENS: 4.0})
    assert set(kinds) == {"1970s", "1980s", "Action", "Adventure"}  # both are horror and Sci-Fi
    assert affinities(model.catalogue, {ALIEN: 5.0}) == []
    assert affinities(model.catalogue, {}) == []


def test_equal_stars_for_all_make_nothing_of_any_kind(model: TasteModel) -> None:
    kinds = affinities(model.catalogue, {ALIEN: 4.0, SCREAM: 4.0, TOY_STORY: 4.0})
    assert kinds
    assert all(one.difference == 0 for one in kinds)
