"""What a user rates above the rest, and how sure that is."""

import numpy as np
import pytest

from engine import TasteModel
from engine.data.catalogue import GENRES
from engine.heads.star_regression import NORMAL_80
from engine.insights.affinities import Affinity, affinities
from tests.engine.people import ALIEN, ALIENS, SCREAM, STUDY, TOY_STORY, ratings_of, users_with


def found(model: TasteModel, ratings: dict[int, float]) -> dict[str, Affinity]:
    return {one.name: one for one in affinities(model.catalogue, ratings)}


def test_the_plain_means_are_of_the_films_of_the_kind_and_of_the_others(model: TasteModel) -> None:
    horror = found(model, STUDY)["Horror"]
    assert (horror.count, horror.mean) == (3, 4.5)  # Alien, Aliens and The Conjuring 2
    assert horror.others == pytest.approx((sum(STUDY.values()) - 13.5) / 7)


def test_the_difference_is_drawn_towards_nothing_and_never_past_it(model: TasteModel) -> None:
    for user in users_with(model, 20, 50):
        for one in found(model, ratings_of(model, user)).values():
            plain = one.mean - one.others
            assert abs(one.difference) <= abs(plain)
            assert one.difference * plain >= 0
            assert one.std > 0


@pytest.mark.parametrize("count", [1, 3, 10, 25])
def test_the_posterior_is_calibrated_on_simulated_users(model: TasteModel, count: int) -> None:
    """Users whose true difference is drawn as MovieLens users differ: a quarter of a star."""
    horror = model.catalogue.genres[:, GENRES.index("Horror")]
    rows = model.well_known[:600]
    scary = model.movie_ids[rows[horror[rows]]].tolist()[:count]
    others = model.movie_ids[rows[~horror[rows]]].tolist()[:40]
    rng = np.random.default_rng(count)
    truth, told, std = [], [], []
    for difference in rng.normal(0, 0.25, 400):
        noise = iter(rng.normal(3.4, 0.95, count + 40).tolist())
        ratings = {movie: difference + next(noise) for movie in scary}
        one = found(model, ratings | {movie: next(noise) for movie in others})["Horror"]
        truth.append(difference)
        told.append(one.difference)
        std.append(one.std)
    errors = np.abs(np.subtract(truth, told))
    assert 0.75 < (errors < NORMAL_80 * np.array(std)).mean() < 0.87
    assert np.square(errors).mean() < np.square(truth).mean()  # better than knowing nothing
    assert 0.6 < np.dot(truth, told) / np.dot(told, told) < 1.4  # neither too bold nor too timid


def test_the_more_films_of_a_kind_the_surer(model: TasteModel) -> None:
    horror = model.catalogue.genres[:, GENRES.index("Horror")]
    rows = model.well_known[:600]
    scary = model.movie_ids[rows[horror[rows]]].tolist()
    rated = {m: 2.0 + 2 * (i % 2) for i, m in enumerate(model.movie_ids[rows[~horror[rows]]][:40])}
    stds = [
        found(model, rated | {m: 2.0 + 2 * (i % 2) for i, m in enumerate(scary[:n])})["Horror"].std
        for n in (1, 2, 4, 8, 16, 32)
    ]
    assert stds == sorted(stds, reverse=True)
    assert stds[-1] < 0.7 * stds[0]


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


def test_on_the_whole_it_predicts_what_users_give_their_other_films(model: TasteModel) -> None:
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
