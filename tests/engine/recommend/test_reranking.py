"""Lists that are not all alike."""

import numpy as np
import pytest

from engine import TasteModel
from engine.recommend.calibration import Decades
from engine.recommend.reranking import select
from tests.engine.people import STUDY, ratings_of, users_with

STAR_WARS = {260: 5.0, 1196: 5.0}
HARRY_POTTER = {4896: 5.0, 5816: 4.5}
BOND = {10: 5.0, 1722: 4.5, 3635: 5.0, 2949: 5.0}

N, D = 40, 5
RNG = np.random.default_rng(3)
RELEVANCE = np.sort(RNG.random(N).astype(np.float32))[::-1]
DIRECTIONS = RNG.normal(size=(N, D)).astype(np.float32)
DIRECTIONS /= np.linalg.norm(DIRECTIONS, axis=1, keepdims=True)
ONE_DECADE = Decades.of(np.full(N, 1995, np.int16), np.array([1995], np.int16), N)


def test_each_film_is_of_maximal_marginal_relevance() -> None:
    """Against the formula of the module, for every candidate at every step."""
    diversity = 0.3
    chosen = select(RELEVANCE, ONE_DECADE, DIRECTIONS, 12, 0, diversity)
    for step, film in enumerate(chosen):
        rest = [i for i in range(N) if i not in chosen[:step]]
        alike = np.maximum(DIRECTIONS[rest] @ DIRECTIONS[chosen[:step]].T, 0) ** 4
        worth = (1 - diversity) * RELEVANCE[rest] - diversity * alike.sum(1)
        assert film == rest[int(worth.argmax())]


def test_without_diversity_the_order_is_that_of_relevance() -> None:
    assert select(RELEVANCE, ONE_DECADE, DIRECTIONS, 12, 0, 0) == list(range(12))


@pytest.mark.parametrize(("n", "expected"), [(0, 0), (1, 1), (N, N), (500, N)])
def test_as_many_are_chosen_as_there_are_and_none_twice(n: int, expected: int) -> None:
    chosen = select(RELEVANCE, ONE_DECADE, DIRECTIONS, n, 0.2, 0.5)
    assert len(chosen) == len(set(chosen)) == expected


def redundancy(model: TasteModel, ratings: dict[int, float], diversity: float) -> float:
    """Mean cosine of the directions in a list of twenty."""
    films = [r.movie for r in model.fit(ratings).recommend(20, diversity=diversity)]
    rows = [model.catalogue.row(film.movie_id) for film in films]
    directions = model.directions[model.rated_position[rows]]
    return float((directions @ directions.T)[np.triu_indices(20, 1)].mean())


def test_more_diversity_makes_films_less_alike(model: TasteModel) -> None:
    for ratings in (STUDY, STAR_WARS, HARRY_POTTER, BOND):
        alike = [redundancy(model, ratings, diversity) for diversity in (0, 0.1, 0.5)]
        assert alike == sorted(alike, reverse=True)
        assert alike[2] < alike[0] - 0.05


@pytest.mark.parametrize("ratings", [STUDY, STAR_WARS, HARRY_POTTER, BOND])
def test_a_list_is_not_of_one_series(
    model: TasteModel, series: np.ndarray, ratings: dict[int, float]
) -> None:
    assert most_of_a_series(model, series, ratings) <= 5


def test_nobody_gets_a_list_of_one_series(model: TasteModel, series: np.ndarray) -> None:
    people = [dict(list(ratings_of(model, u).items())[:10]) for u in users_with(model, 20, 60)]
    most = [most_of_a_series(model, series, person) for person in people]
    assert max(most) <= 5
    assert np.mean(most) < 2.5


def most_of_a_series(model: TasteModel, series: np.ndarray, ratings: dict[int, float]) -> int:
    rows = [model.catalogue.row(r.movie.movie_id) for r in model.fit(ratings).recommend(20)]
    listed = series[rows]
    return int(np.unique(listed[listed >= 0], return_counts=True)[1].max(initial=0))


def test_what_is_recommended_is_still_what_fits(model: TasteModel) -> None:
    """Diversity reorders the head of the list; it does not bring in what scores low."""
    taste = model.fit(STUDY)
    plain = {r.movie.movie_id for r in taste.recommend(60, calibration=0, diversity=0)}
    shown = [r.movie.movie_id for r in taste.recommend(20, calibration=0)]
    assert set(shown) <= plain
