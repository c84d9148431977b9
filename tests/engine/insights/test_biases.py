"""The most and least loved films: what the same people make of them, not who they are."""

import numpy as np
import pytest

from engine import TasteModel
from engine.data.bias import movie_bias
from engine.data.catalogue import GENRES, Catalogue
from engine.data.ratings import Ratings
from engine.insights.biases import corrected_biases
from tests.engine.people import SHAWSHANK


def catalogue_of(ratings: Ratings) -> tuple[Catalogue, float]:
    """The catalogue of these ratings alone, and their mean."""
    counts = np.bincount(ratings.movies)
    means = np.bincount(ratings.movies, ratings.stars) / counts
    mean, biases = movie_bias(counts, means, shrinkage=0.0)
    n = len(counts)
    catalogue = Catalogue(
        movie_ids=np.arange(n),
        names=[f"Film {i}" for i in range(n)],
        years=np.full(n, 2000, np.int16),
        aliases=[()] * n,
        genres=np.zeros((n, len(GENRES)), np.bool_),
        imdb_ids=np.zeros(n, np.int64),
        tmdb_ids=np.zeros(n, np.int64),
        counts=counts,
        means=means,
        biases=biases,
        tags=[()] * n,
    )
    return catalogue, mean


def test_a_film_is_not_loved_for_having_generous_raters() -> None:
    rng = np.random.default_rng(0)
    n_users, n_movies = 2000, 80
    # All rate half of the films; film 0 is for the generous alone, film 1 for the strict alone.
    seen = rng.random((n_users, n_movies)) < 0.5
    generosity = np.where(np.arange(n_users) % 2, 0.5, -0.5)
    seen[:, 0], seen[:, 1] = generosity > 0, generosity < 0
    users, movies = np.nonzero(seen)
    truth = np.linspace(-0.6, 0.6, n_movies)
    truth[:2] = 0.0
    stars = 3.0 + truth[movies] + generosity[users] + rng.normal(0, 0.3, len(users))
    ratings = Ratings(users, movies, stars.astype(np.float32))
    catalogue, mean = catalogue_of(ratings)
    assert catalogue.biases[0] - catalogue.biases[1] == pytest.approx(1.0, abs=0.1)

    corrected = corrected_biases(catalogue, ratings, mean)
    assert corrected[0] - corrected[1] == pytest.approx(0.0, abs=0.2)
    assert corrected[2:] - corrected[2:].mean() == pytest.approx(
        truth[2:] - truth[2:].mean(), abs=0.05
    )


def test_the_table_holds_both_ends_of_the_films_people_know(model: TasteModel) -> None:
    table = model.bias_table(20)
    loved, unloved = table.most_loved, table.least_loved
    assert len(loved) == len(unloved) == 20
    assert SHAWSHANK in {row.movie.movie_id for row in loved}
    biases = [row.bias for row in (*loved, *unloved[::-1])]
    assert biases == sorted(biases, reverse=True)
    for row in (*loved, *unloved):
        assert row.count == row.movie.count >= table.min_count >= 1000
        assert row.bias == pytest.approx(row.movie.bias, abs=0.3)


def test_the_least_count_can_be_chosen(model: TasteModel) -> None:
    base_rate = model.bias_table()
    obscure = model.bias_table(min_count=20)
    assert obscure.least_loved[0].bias < base_rate.least_loved[0].bias
    assert 20 <= min(row.count for row in obscure.least_loved) < base_rate.min_count
    famous = model.bias_table(min_count=50_000)
    assert all(row.count >= 50_000 for row in (*famous.most_loved, *famous.least_loved))
