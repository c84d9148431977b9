"""Lists that follow the decades of what a person likes."""

import numpy as np
import pytest

from engine import TasteModel
from engine.recommend.calibration import Decades
from engine.recommend.reranking import select

# 60 candidates: the older a film, the higher its score. Three liked films follow them.
YEARS = np.array([1980] * 20 + [1995] * 20 + [2015] * 20 + [2012, 2013, 2019], dtype=np.int16)
SCORES = np.linspace(1, 0.4, len(YEARS)).astype(np.float32)
CANDIDATES = np.arange(60)
LIKED = np.array([60, 61, 62])
NOBODY = np.empty(0, np.int64)


def choose(
    n: int,
    weight: float,
    liked: np.ndarray = LIKED,
    years: np.ndarray = YEARS,
    candidates: np.ndarray = CANDIDATES,
) -> list[int]:
    decades = Decades.of(years[candidates], years[liked], n)
    alike = np.zeros((len(candidates), 2), np.float32)
    return select(SCORES[candidates], decades, alike, n, weight, diversity=0)


def recent(rows: list[int]) -> int:
    return int((YEARS[rows] >= 2010).sum())


def test_weight_0_is_the_plain_order() -> None:
    assert choose(12, 0.0) == list(range(12))


def test_each_film_is_the_one_that_lowers_the_objective_most() -> None:
    """Against the formula of the module, for every candidate at every step."""
    weight, n = 0.3, 15
    wanted = Decades.of(YEARS[CANDIDATES], YEARS[LIKED], n).wanted
    decades = YEARS // 10 - 189

    def objective(rows: list[int]) -> float:
        q = 0.95 * np.bincount(decades[rows], minlength=len(wanted)) / len(rows) + 0.05 * wanted
        some = wanted > 0
        divergence = (wanted[some] * np.log(wanted[some] / q[some])).sum()
        return float((1 - weight) * SCORES[rows].sum() - weight * len(rows) * divergence)

    chosen = choose(n, weight)
    for step, row in enumerate(chosen):
        before = chosen[:step]
        rest = [r for r in CANDIDATES.tolist() if r not in before]
        best = max(objective([*before, r]) for r in rest)
        assert objective([*before, row]) == pytest.approx(best, abs=1e-6)


def test_whoever_liked_nothing_gets_the_plain_order(model: TasteModel) -> None:
    for ratings in ({}, {1: 1.0, 1214: 2.0}):
        taste = model.fit(ratings)
        plain = taste.recommend(12, calibration=0, diversity=0)
        assert taste.recommend(12, calibration=0.5, diversity=0) == plain


def test_more_weight_brings_more_of_the_liked_decade() -> None:
    shares = [recent(choose(20, weight)) for weight in (0.0, 0.2, 0.5, 0.9)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] >= 6  # 3 of 3 liked, smoothed by 5 of the plain list: three eighths of 20


def test_within_a_decade_the_order_of_scores_stays() -> None:
    rows = choose(20, 0.5)
    for decade in (1980, 1990, 2010):
        of_it = [r for r in rows if YEARS[r] // 10 * 10 == decade]
        assert of_it == sorted(of_it)


@pytest.mark.parametrize("weight", [0.0, 0.2, 1.0])
@pytest.mark.parametrize(("n", "expected"), [(0, 0), (1, 1), (59, 59), (60, 60), (500, 60)])
def test_as_many_are_chosen_as_there_are_and_none_twice(
    n: int, expected: int, weight: float
) -> None:
    rows = choose(n, weight)
    assert len(rows) == len(set(rows)) == expected


@pytest.mark.parametrize("weight", [0.0, 0.2, 1.0])
def test_nothing_is_chosen_of_nothing(weight: float) -> None:
    assert choose(5, weight, candidates=NOBODY) == []


def test_films_without_a_year_do_no_harm() -> None:
    years = np.where(np.arange(len(YEARS)) % 4, YEARS, 0).astype(np.int16)
    years[LIKED[0]] = 0
    assert len(set(choose(20, 0.5, years=years))) == 20


def test_somebody_who_likes_the_2010s_is_recommended_more_of_them(model: TasteModel) -> None:
    titles = (
        *("Interstellar (2014)", "Inception (2010)", "The Martian (2015)", "Arrival (2016)"),
        *("Guardians of the Galaxy (2014)", "Get Out (2017)", "Whiplash (2014)"),
    )
    row = {model.catalogue.by_row(r).title: r for r in model.well_known.tolist()}
    taste = model.fit({int(model.movie_ids[row[title]]): 5.0 for title in titles})

    def of_the_2010s(calibration: float) -> int:
        films = [r.movie for r in taste.recommend(20, calibration=calibration)]
        return len([f for f in films if f.year is not None and f.year // 10 == 201])

    assert of_the_2010s(0.0) < of_the_2010s(0.5)
    assert of_the_2010s(0.0) <= of_the_2010s(0.2)
