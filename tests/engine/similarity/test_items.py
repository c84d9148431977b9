"""Look-alikes: alike by audience and content, never for being popular."""

from dataclasses import replace

import numpy as np
import pytest

from engine import TasteModel
from engine.data.catalogue import GENRES, Movie
from engine.similarity.items import AUDIENCE_WEIGHT, SERIES_WEIGHT, logistic_similarity
from tests.engine.conftest import Trained
from tests.engine.people import ALIEN, ALIENS, MATRIX, SCREAM, SHAWSHANK, TOY_STORY, TOY_STORY_2

APOLLO_13 = 150
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
        assert values == sorted(values, key=lambda v: sign * round(v, 3))
        for n in neighbours:
            assert n.movie.movie_id != movie_id
            assert n.similarity == pytest.approx(
                model.similarity(movie_id, n.movie.movie_id), abs=1e-5
            )


def test_similarity_is_symmetric_and_between_0_and_1_for_any_two_films(model: TasteModel) -> None:
    pairs = np.random.default_rng(1).choice(model.movie_ids, (200, 2)).tolist()
    famous = [(one, other) for one in FAMOUS for other in FAMOUS]
    for one, other in pairs + famous + [(one, unknown) for one, unknown in pairs[:20]]:
        similarity = model.similarity(one, other)
        assert 0 < similarity < 1
        assert similarity == pytest.approx(model.similarity(other, one), abs=1e-6)


def test_films_picked_by_chance_have_little_in_common(model: TasteModel) -> None:
    pairs = np.random.default_rng(2).choice(model.movie_ids[model.well_known], (300, 2)).tolist()
    assert np.median([model.similarity(one, other) for one, other in pairs]) < 0.1


def test_no_film_is_more_alike_than_those_listed(model: TasteModel) -> None:
    listed = model.similar(MATRIX, n=7)
    row = model.catalogue.row(MATRIX)
    others = np.delete(model.item_similarity.scores(row), row)
    best = logistic_similarity(np.sort(others)[::-1][:7]).tolist()
    assert [n.similarity for n in listed] == pytest.approx(best, abs=1e-3)
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


def test_audiences_are_compared_free_of_what_all_films_share(model: TasteModel) -> None:
    y = model.als.vectors.astype(float)
    inverse = np.linalg.inv(y.T @ y)
    trained_on = np.bincount(model.user_ratings.columns, minlength=len(y))
    n_genres, d = len(GENRES), y.shape[1]  # the last of the vectors' columns
    audience = model.item_similarity.vectors[model.rated_rows, -n_genres - d : -n_genres]
    for one, other in ((TOY_STORY, SHAWSHANK), (MATRIX, ALIEN)):
        a, b = (int(model.rated_position[model.catalogue.row(m)]) for m in (one, other))
        spread = np.sqrt((y[a] @ inverse @ y[a]) * (y[b] @ inverse @ y[b]))
        trust = np.sqrt(trained_on[a] * trained_on[b] / (trained_on[a] + 3) / (trained_on[b] + 3))
        expected = AUDIENCE_WEIGHT * trust * (y[a] @ inverse @ y[b]) / spread
        assert audience[a] @ audience[b] == pytest.approx(expected, abs=2e-3)


def test_a_series_counts_only_where_a_genre_is_shared(model: TasteModel) -> None:
    item_similarity = model.item_similarity
    alone = replace(item_similarity, series=np.full(len(model.catalogue), -1))
    row = model.catalogue.row(APOLLO_13)
    gain = item_similarity.scores(row) - alone.scores(row)
    series = item_similarity.series == item_similarity.series[row]
    kin = series & (model.catalogue.genres & model.catalogue.genres[row]).any(1)
    assert (series & ~kin).any()  # documentaries of Apollo 11, a horror film of Apollo 18
    np.testing.assert_allclose(gain, SERIES_WEIGHT * kin, atol=1e-6)


def listed(model: TasteModel, movie_id: int) -> list[Movie]:
    return [n.movie for n in model.similar(movie_id)]


def with_genres(films: list[Movie], *genres: str) -> int:
    return len([film for film in films if set(genres) <= set(film.genres)])


def test_toy_story_is_like_animated_films_for_children(model: TasteModel) -> None:
    films = listed(model, TOY_STORY)
    assert films[0].movie_id == TOY_STORY_2
    assert with_genres(films, "Animation", "Children") >= 8
    studios = {"Toy Story 3", "Monsters, Inc.", "A Bug's Life", "Finding Nemo", "Toy Story 4"}
    assert len(studios & {film.name for film in films}) >= 4


def test_the_matrix_is_like_science_fiction(model: TasteModel) -> None:
    films = listed(model, MATRIX)
    assert with_genres(films, "Sci-Fi") >= 8
    assert {"The Matrix Reloaded", "The Matrix Revolutions"} <= {film.name for film in films}


def test_scream_is_like_slashers(model: TasteModel) -> None:
    films = listed(model, SCREAM)
    assert with_genres(films, "Horror") >= 9
    last_summer = {"I Know What You Did Last Summer", "I Still Know What You Did Last Summer"}
    slashers = {"Scream 2", "Scream 3", "Scream 4"} | last_summer
    assert slashers <= {film.name for film in films}


def test_alien_is_like_aliens_and_horror_in_space(model: TasteModel) -> None:
    films = listed(model, ALIEN)
    assert ALIENS in {film.movie_id for film in films[:3]}
    assert with_genres(films, "Sci-Fi") == 10
    assert with_genres(films, "Horror", "Sci-Fi") >= 8


@pytest.mark.parametrize("movie_id", FAMOUS)
def test_everybodys_favourite_is_nobodys_look_alike(model: TasteModel, movie_id: int) -> None:
    assert SHAWSHANK not in {film.movie_id for film in listed(model, movie_id)}


def test_the_best_known_films_take_few_places_among_the_others(model: TasteModel) -> None:
    favourites = set(model.movie_ids[model.well_known[:50]].tolist())
    asked = model.movie_ids[model.well_known[50:1000:25]].tolist()
    places = [film.movie_id in favourites for m in asked for film in listed(model, m)]
    assert np.mean(places) < 0.05


def test_a_film_without_ratings_is_like_films_of_its_genres_and_says_so(
    model: TasteModel,
) -> None:
    assert not any(n.by_content for n in model.similar(TOY_STORY))
    for row in unrated(model):
        film = model.catalogue.by_row(row)
        assert film.year is not None
        for n in model.similar(film.movie_id, 5):
            assert n.by_content
            assert set(n.movie.genres) & set(film.genres)


def test_ratings_alone_tell_which_films_are_alike(trained: Trained) -> None:
    model, cluster = trained.model, trained.known.movies
    same = [
        cluster[n.movie.movie_id] == name
        for name in ("space", "love", "fear")
        for movie_id in sorted(
            trained.cluster(name), key=lambda m: -model.catalogue.by_id(m).count
        )[:8]
        for n in model.similar(movie_id)
    ]
    assert np.mean(same) > 0.85  # a third by chance; there are no genres in this set
