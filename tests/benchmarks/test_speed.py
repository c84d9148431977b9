"""What the benchmarks of speed are fed with, and what they print."""

import os

import numpy as np
import pytest
from rapidfuzz.distance import OSA

from benchmarks.bot.autocomplete_clients import beginnings, mistyped
from benchmarks.common.growth import Run, Size, draw, median_run, table
from benchmarks.common.stopwatch import in_fresh_process, latencies, median_seconds, peak_memory
from benchmarks.common.synthetic import synthetic_ratings
from benchmarks.common.targets import Target, short
from benchmarks.common.targets import table as targets_table

NAMES = ["Alien", "Heat", "Up", "The Matrix", "Amélie", "Se7en"]
COUNTS = np.array([500, 300, 400, 0, 200, 100])


def test_a_slip_is_one_edit_and_the_same_each_time() -> None:
    slips = mistyped(NAMES, COUNTS, 200)
    assert slips == mistyped(NAMES, COUNTS, 200)
    assert slips != mistyped(NAMES, COUNTS, 200, seed=2)
    assert {OSA.distance(slip.text, NAMES[slip.row].lower()) for slip in slips} == {1}


def test_films_are_asked_for_as_often_as_they_are_rated() -> None:
    rows = np.bincount([slip.row for slip in mistyped(NAMES, COUNTS, 2000)], minlength=6)
    assert rows[2] == rows[3] == 0  # too short for a slip; never rated
    assert rows[[0, 1, 4, 5]] / 2000 == pytest.approx(np.array([5, 3, 2, 1]) / 11, abs=0.04)


def test_beginnings_are_of_all_lengths_up_to_twelve() -> None:
    begun = beginnings(["The Silence of the Lambs"], np.array([1]), 200)
    assert {len(typed.text) for typed in begun} == set(range(1, 13))
    assert all("the silence of the lambs".startswith(typed.text) for typed in begun)


@pytest.fixture(scope="module")
def counts() -> np.ndarray:
    """Much as of real films: one film in a hundred has half of all ratings."""
    return np.rint(1e7 / np.arange(200, 80_200) ** 1.3).astype(np.int64)


def test_synthetic_ratings_have_the_size_and_no_pair_twice(counts: np.ndarray) -> None:
    ratings, features = synthetic_ratings(counts, n_users=500, n_movies=30_000, n_ratings=60_000)
    assert 0.9 < len(ratings) / 60_000 <= 1.05
    assert ratings.n_users == 500
    assert len(features) == 30_000 > ratings.movies.max()
    assert len(np.unique(ratings.users * 30_000 + ratings.movies)) == len(ratings)
    assert set(np.unique(ratings.stars * 2)) <= set(range(1, 11))


def test_synthetic_ratings_are_as_skewed_as_the_real_ones(counts: np.ndarray) -> None:
    ratings, _ = synthetic_ratings(counts, n_users=1000, n_movies=40_000, n_ratings=150_000)
    of_films = np.sort(np.bincount(ratings.movies, minlength=40_000))[::-1]
    for share in (0.01, 0.1):
        drawn = of_films[: round(share * 40_000)].sum() / len(ratings)
        real = counts[: round(share * 80_000)].sum() / counts.sum()
        assert drawn == pytest.approx(real, abs=0.08)
    of_users = np.bincount(ratings.users)
    assert of_users.min() >= 15  # 20, less what repetitions left missing
    assert 1.3 < of_users.mean() / np.median(of_users) < 3


def test_synthetic_ratings_are_the_same_each_time(counts: np.ndarray) -> None:
    first, again = (synthetic_ratings(counts, 50, 300, 2000)[0] for _ in range(2))
    assert np.array_equal(first.movies, again.movies)
    assert np.array_equal(first.stars, again.stars)


def test_taste_shows_in_the_synthetic_stars(counts: np.ndarray) -> None:
    """Of a user's films, those of the kinds rated most have more stars."""
    ratings, features = synthetic_ratings(counts, n_users=400, n_movies=3000, n_ratings=80_000)
    kinds = features[:, 2:].argmax(1)[ratings.movies]
    times = np.zeros((400, 20))
    np.add.at(times, (ratings.users, kinds), 1)
    favourite = times[ratings.users, kinds] == times.max(1)[ratings.users]
    assert ratings.stars[favourite].mean() > ratings.stars[~favourite].mean() + 0.08


def test_a_kept_and_a_broken_promise_are_told_apart() -> None:
    targets = [
        Target.below("fit", 0.5, 1, "ms"),
        Target.below("load", 2.0, 1.5, "s", "NumPy alone 1.30 s"),
    ]
    head, rule, *rows = targets_table(targets)
    assert head.count("|") == rule.count("|") == rows[0].count("|")
    assert rows == [
        "| fit | 0.500 ms | under 1 ms | yes |  |",
        "| load | 2.00 s (NumPy alone 1.30 s) | under 1.5 s | **no** |  |",
    ]
    assert [short(x) for x in (0.1234, 1.234, 12.34, 1234)] == ["0.123", "1.23", "12.3", "1,234"]


def test_the_growth_is_a_table_and_a_small_picture() -> None:
    sizes = [
        Size(n * 1_000_000, n * 6_000, Run(2.0 * n, 4.0 * n, 1e9), Run(4.0 * n, 8.0 * n, 5e8))
        for n in (1, 4, 32)
    ]
    head, _, first, *_, last = table(sizes)
    assert head.startswith("| ratings | users | Reeltwin | Reeltwin, processor |")
    assert first.startswith("| 1,000,000 | 6,000 | 2.0 s | 4.0 s | 1.0 GB | 4.0 s |")
    assert last.endswith("| 0.50 |")
    picture = draw(sizes, "Training time")
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 60_000


def test_the_median_run_has_the_median_of_each_figure() -> None:
    runs = [Run(1.0, 9.0, 5.0), Run(2.0, 7.0, 6.0), Run(3.0, 8.0, 4.0)]
    assert median_run(runs) == Run(2.0, 8.0, 5.0)


def test_times_are_one_for_each_work_and_input() -> None:
    calls: list[int] = []
    assert latencies(calls.append, [1, 2, 3], repeats=2).shape == (3,)
    assert calls == [1, 1, 2, 3, 1, 2, 3]
    assert median_seconds(lambda: None, lambda: None, repeats=2).shape == (2,)


@pytest.mark.slow
def test_a_fresh_process_is_another_one() -> None:
    assert in_fresh_process(os.getpid) != os.getpid()
    assert 1e6 < in_fresh_process(peak_memory) < peak_memory() * 10
