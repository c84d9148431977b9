"""How often two people would agree, against people who did or did not."""

import numpy as np
import pytest

from engine import TasteModel
from engine.recommend.agreement import agreement, agreements
from tests.engine.people import ALIEN, ALIENS, MATRIX, STUDY, ratings_of, users_with


def test_it_is_the_same_from_either_side(model: TasteModel) -> None:
    a, b = (model.fit(ratings_of(model, user)) for user in users_with(model, 100, 2))
    one, other = agreement(model, a, b), agreement(model, b, a)
    assert one.expected == pytest.approx(other.expected)
    assert set(one.shared) == set(other.shared) == a.ratings.keys() & b.ratings.keys()
    assert one.close == other.close


def test_who_rated_all_alike_agrees_and_who_rated_all_contrary_does_not(model: TasteModel) -> None:
    films = model.movie_ids[model.well_known[:1000]].tolist()
    high, low = model.fit(dict.fromkeys(films, 4.0)), model.fit(dict.fromkeys(films, 2.5))
    assert agreement(model, high, high).expected == 1
    assert agreement(model, high, low).expected == 0


def test_a_difference_of_one_star_is_close_and_one_of_more_is_not(model: TasteModel) -> None:
    a = model.fit({ALIEN: 5.0, ALIENS: 4.0, MATRIX: 3.0})
    b = model.fit({ALIEN: 4.0, ALIENS: 2.5, MATRIX: 3.0, 1: 5.0})
    found = agreement(model, a, b)
    assert found.shared == (ALIEN, ALIENS, MATRIX)
    assert found.close == 2


def test_of_people_nothing_is_known_of_only_the_usual_is_expected(model: TasteModel) -> None:
    nobody = agreement(model, model.fit({}), model.fit({}))
    assert nobody.expected == nobody.base_rate
    assert nobody.shared == ()
    assert 0.55 < nobody.base_rate < 0.75
    assert agreement(model, model.fit(STUDY), model.fit({})).base_rate == nobody.base_rate


def test_as_many_agree_as_is_expected(model: TasteModel) -> None:
    """Of well-known films hidden from the model, which saw ten ratings of each of two people."""
    known = set(model.movie_ids[model.well_known[:1000]].tolist())
    rng = np.random.default_rng(0)
    people = []
    for user in users_with(model, 300, 24):
        ratings = ratings_of(model, user)
        given = rng.choice(list(ratings), 10, replace=False).tolist()
        taste = model.fit({movie: ratings[movie] for movie in given})
        people.append((taste, {m: s for m, s in ratings.items() if m in known - set(given)}))
    expected, came = [], []
    for i, (taste, hidden) in enumerate(people):
        for other, theirs in people[:i]:
            both = hidden.keys() & theirs.keys()
            if len(both) >= 20:
                expected.append(agreement(model, taste, other).expected)
                came.append(np.mean([abs(hidden[m] - theirs[m]) <= 1 for m in both]))
    assert len(came) > 150
    # What people choose to watch they like, and on what both like they agree.
    assert np.mean(expected) == pytest.approx(np.mean(came), abs=0.06)
    assert np.corrcoef(expected, came)[0, 1] > 0.35


def test_of_several_people_each_pair_agrees_as_it_does_alone(model: TasteModel) -> None:
    tastes = [model.fit(STUDY), model.fit({ALIEN: 1.0}), model.fit({}), model.fit({MATRIX: 5.0})]
    matrix = agreements(model, tastes)
    pairs = [[agreement(model, a, b).expected for b in tastes] for a in tastes]
    different = ~np.eye(len(tastes), dtype=bool)
    np.testing.assert_allclose(matrix[different], np.array(pairs)[different])
    assert (matrix.diagonal() == 1).all()
