"""Look-alikes: alike by audience, genre and age, never for being popular."""

import numpy as np
import pytest

from engine import TasteModel
from tests.engine.conftest import Trained
from tests.engine.people import ALIEN, MATRIX, SCREAM, SHAWSHANK, TOY_STORY, TOY_STORY_2

FAMOUS = (TOY_STORY, MATRIX, SCREAM, ALIEN)


def unrated(model: TasteModel) -> list[int]:
    """Rows of films with genres and year but without a vector."""
    catalogue = model.catalogue
    content_only = (model.rated_position < 0) & catalogue.genres.any(1) & (catalogue.years > 0)
    rows = np.flatnonzero(content_only)
    return rows[np.linspace(0, len(rows) - 1, 12).astype(int)].tolist()


@pytest.mark.parametrize("movie_id", [*FAMOUS, SHAWSHANK])
def test_the_lists_hold_the_measure_they_are_ranked_by(model: TasteModel, movie_id: int) -> None:
    for neighbours, sign in ((model.similar(movie_id), -1), (model.dissimilar(movie_id), 1)):
        assert len(neighbours) == len({n.movie.movie_id for n in neighbours}) == 10
        values = [n.similarity for n in neighbours]
        assert values == sorted(values, key=lambda v: sign * round(v, 4))
        for n in neighbours:
            assert n.movie.movie_id != movie_id
            assert -1 <= n.similarity <= 1 + 1e-5
            one, other = (
                model.similarity(movie_id, n.movie.movie_id),
                model.similarity(n.movie.movie_id, movie_id),
            )
            assert one == pytest.approx(other, abs=1e-5)
            assert one == pytest.approx(n.similarity, abs=1e-5)


def test_no_film_is_more_alike_than_those_listed(model: TasteModel) -> None:
    listed = model.similar(MATRIX, n=7)
    row = model.catalogue.row(MATRIX)
    others = np.delete((model.look_alikes @ model.look_alikes[row]).numpy(), row)
    best = np.sort(others)[::-1][:7].tolist()
    assert [n.similarity for n in listed] == pytest.approx(best, abs=1e-4)
    assert len(model.similar(MATRIX, n=200)) == 200


def test_a_film_is_most_alike_itself(model: TasteModel) -> None:
    for movie_id in FAMOUS:
        assert model.similarity(movie_id, movie_id) > model.similar(movie_id, 1)[0].similarity


def test_the_least_alike_are_films_that_people_know(model: TasteModel) -> None:
    known = set(model.movie_ids[np.argsort(-model.catalogue.counts)[:3000]].tolist())
    for movie_id in FAMOUS:
        least = model.dissimilar(movie_id)
        assert {n.movie.movie_id for n in least} <= known
        assert least[-1].similarity < model.similar(movie_id, 10)[-1].similarity - 0.4


def test_likeness_is_correlation_of_audiences_genres_and_age(model: TasteModel) -> None:
    catalogue, tensors = model.catalogue, model.bundle.tensors
    y = tensors.vectors.numpy().astype(float)
    covariance = np.linalg.inv(tensors.ranking_precision.numpy().astype(float))
    trained_on = np.bincount(tensors.user_movies.numpy(), minlength=len(y))
    rarity = np.log(len(catalogue) / catalogue.genres.sum(0))
    decades = np.arange(1910, 2030, 10)

    def parts(movie_id: int) -> tuple[np.ndarray, float, np.ndarray, np.ndarray]:
        row = catalogue.row(movie_id)
        at = int(model.rated_position[row])
        reliability = (trained_on[at] / (trained_on[at] + 3)) ** 0.5
        bumps = np.exp(-0.5 * ((float(catalogue.years[row]) - decades) / 8) ** 2)
        return y[at], reliability, catalogue.genres[row] * rarity, bumps

    def cosine(a: np.ndarray, b: np.ndarray) -> float:
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    little_known = int(model.movie_ids[tensors.rated_rows[int(np.argmin(trained_on))]])
    for one, other in ((TOY_STORY, SHAWSHANK), (MATRIX, ALIEN), (SCREAM, little_known)):
        (y_a, r_a, genres_a, age_a), (y_b, r_b, genres_b, age_b) = parts(one), parts(other)
        spread = np.sqrt((y_a @ covariance @ y_a) * (y_b @ covariance @ y_b))
        correlation = y_a @ covariance @ y_b / spread
        expected = 0.55 * r_a * r_b * correlation
        expected += 0.35 * cosine(genres_a, genres_b) + 0.10 * cosine(age_a, age_b)
        assert model.similarity(one, other) == pytest.approx(expected, abs=2e-3)


def test_toy_story_is_like_films_for_children(model: TasteModel) -> None:
    films = [n.movie for n in model.similar(TOY_STORY)]
    assert films[0].movie_id == TOY_STORY_2
    assert len([f for f in films if {"Animation", "Children"} & set(f.genres)]) >= 5


@pytest.mark.parametrize("movie_id", FAMOUS)
def test_everybodys_favourite_is_nobodys_look_alike(model: TasteModel, movie_id: int) -> None:
    assert SHAWSHANK not in {n.movie.movie_id for n in model.similar(movie_id)}


def test_a_film_without_ratings_is_like_films_of_its_genres_and_age(model: TasteModel) -> None:
    for row in unrated(model):
        film = model.catalogue.at(row)
        assert film.year is not None
        for n in model.similar(film.movie_id, 5):
            assert set(n.movie.genres) & set(film.genres)
            assert n.movie.year is not None
            assert abs(n.movie.year - film.year) <= 20
            assert n.similarity > 0.3


def test_ratings_alone_tell_which_films_are_alike(trained: Trained) -> None:
    model, cluster = trained.model, trained.known.movies
    same = [
        cluster[n.movie.movie_id] == name
        for name in ("space", "love", "fear")
        for movie_id in sorted(
            trained.cluster(name), key=lambda m: -model.catalogue.movie(m).count
        )[:8]
        for n in model.similar(movie_id)
    ]
    assert np.mean(same) > 0.85  # a third by chance; there are no genres in this set
