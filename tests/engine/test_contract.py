"""The calls that callers and measurements rely on, on the model that ships."""

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from engine import EngineError, TasteModel, UnknownMovieError, load_model
from tests.engine.people import ALIEN, SHAWSHANK, STUDY, TOY_STORY, ratings_of, users_with

NO_SUCH_ID = 999_999_999


def many(model: TasteModel, n: int) -> dict[int, float]:
    """Ratings of the best-known films, with stars from 0.5 to 5 in turn."""
    ids = model.movie_ids[np.argsort(-model.catalogue.counts, kind="stable")[:n]].tolist()
    return {movie_id: (i % 10 + 1) / 2 for i, movie_id in enumerate(ids)}


PEOPLE = {
    "nobody": lambda model: {},
    "one rating": lambda model: {ALIEN: 5.0},
    "the study": lambda model: STUDY,
    "loves everything": lambda model: dict.fromkeys(many(model, 60), 5.0),
    "hates everything": lambda model: dict.fromkeys(many(model, 60), 0.5),
    "3,000 ratings": lambda model: many(model, 3000),
}


@pytest.fixture(params=PEOPLE)
def ratings(request: pytest.FixtureRequest, model: TasteModel) -> Mapping[int, float]:
    return PEOPLE[request.param](model)  # type: ignore[no-any-return]


def test_the_model_holds_every_movie_of_the_catalogue(model: TasteModel) -> None:
    assert model.movie_ids.dtype == np.int64
    assert model.movie_ids.shape == (86_537,)
    assert len(np.unique(model.movie_ids)) == 86_537
    assert model.catalogue.by_id(TOY_STORY).title == "Toy Story (1995)"


def test_the_embedded_model_is_the_default() -> None:
    from engine.bundle.io import EMBEDDED

    default, named = load_model(), load_model(str(EMBEDDED))
    assert np.array_equal(default.fit(STUDY).scores(), named.fit(STUDY).scores())


def test_everybody_is_foretold_stars_within_the_scale(
    model: TasteModel, ratings: Mapping[int, float]
) -> None:
    stars, std = model.fit(ratings).predict(model.movie_ids)
    assert stars.shape == std.shape == model.movie_ids.shape
    assert np.isfinite(stars).all()
    assert np.isfinite(std).all()
    assert stars.min() >= 0.5
    assert stars.max() <= 5.0
    assert std.min() > 0


def test_everybody_has_a_score_for_every_movie(
    model: TasteModel, ratings: Mapping[int, float]
) -> None:
    scores = model.fit(ratings).scores()
    assert scores.shape == model.movie_ids.shape
    assert np.issubdtype(scores.dtype, np.floating)
    assert np.isfinite(scores).all()
    assert len(np.unique(scores)) > 10_000


@pytest.mark.parametrize("n", [1, 20, 100])
def test_everybody_is_recommended_n_films_that_they_have_not_rated(
    model: TasteModel, ratings: Mapping[int, float], n: int
) -> None:
    taste = model.fit(ratings)
    result = taste.recommend(n)
    ids = [r.movie.movie_id for r in result]
    assert len(ids) == len(set(ids)) == n
    assert not set(ids) & set(ratings)
    stars, std = taste.predict(ids)
    assert [r.stars for r in result] == pytest.approx(stars.tolist(), abs=1e-4)
    assert [r.std for r in result] == pytest.approx(std.tolist(), abs=1e-4)
    for r in result:
        assert {reason.movie.movie_id for reason in r.reasons} <= set(ratings)
        assert len(r.reasons) == min(3, len(ratings))
        assert all(reason.stars == ratings[reason.movie.movie_id] for reason in r.reasons)


def test_twenty_films_are_recommended_by_default(model: TasteModel) -> None:
    assert len(model.fit(STUDY).recommend()) == 20


def test_uncorrected_recommendations_are_the_highest_scores_in_order(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    scores = taste.scores()
    result = taste.recommend(25, calibration=0, diversity=0)
    shown = [r.score for r in result]
    assert shown == sorted(shown, reverse=True)
    assert shown == [float(scores[model.catalogue.row(r.movie.movie_id)]) for r in result]
    left_out = (model.catalogue.counts < 50) | np.isin(model.movie_ids, list(STUDY))
    assert shown == np.sort(scores[~left_out])[::-1][:25].tolist()


def test_excluded_and_little_known_films_are_not_recommended(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    base_rate = [r.movie.movie_id for r in taste.recommend(10)]
    result = taste.recommend(10, exclude=[*base_rate, NO_SUCH_ID], min_count=20_000)
    assert not {r.movie.movie_id for r in result} & set(base_rate)
    assert all(r.movie.count >= 20_000 for r in result)
    assert all(r.movie.count >= 50 for r in taste.recommend(200))


@pytest.mark.parametrize(
    ("n", "least", "expected"),
    [
        pytest.param(0, 50, 0, id="none asked for"),
        pytest.param(10, 10**9, 0, id="no film so well known"),
        pytest.param(10, 110_000, 2, id="fewer than asked for"),
    ],
)
def test_as_many_films_are_recommended_as_there_are(
    model: TasteModel, n: int, least: int, expected: int
) -> None:
    assert len(model.fit({ALIEN: 5.0}).recommend(n, min_count=least)) == expected


def test_more_ratings_make_predictions_surer(model: TasteModel) -> None:
    films = list(many(model, 300))
    spread: dict[int, list[float]] = {0: [], 5: [], 20: [], 80: []}
    for user in users_with(model, 100, 15):
        ratings = list(ratings_of(model, user).items())
        for k, means in spread.items():
            means.append(float(model.fit(dict(ratings[:k])).predict(films)[1].mean()))
    means = [np.mean(values) for values in spread.values()]
    assert means == sorted(means, reverse=True)
    assert means[-1] < 0.95 * means[0]


def test_unknown_movies_are_kept_aside(model: TasteModel) -> None:
    taste = model.fit({NO_SUCH_ID: 1.0, ALIEN: 5.0, -3: 2.0})
    assert taste.unknown == (NO_SUCH_ID, -3)
    assert taste.ratings == {ALIEN: 5.0}
    assert np.array_equal(taste.scores(), model.fit({ALIEN: 5.0}).scores())


def test_ratings_may_come_from_numpy(model: TasteModel) -> None:
    taste = model.fit({np.int64(ALIEN): np.float32(4.5)})  # type: ignore[dict-item]
    assert taste.ratings == {ALIEN: 4.5}
    assert np.array_equal(taste.scores(), model.fit({ALIEN: 4.5}).scores())


@pytest.mark.parametrize("stars", [0, 0.49, 5.01, 10, -4, math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("movie_id", [ALIEN, NO_SUCH_ID])
def test_stars_out_of_range_are_refused_by_name(
    model: TasteModel, movie_id: int, stars: float
) -> None:
    with pytest.raises(ValueError, match=rf"0\.5 to 5.*movie {movie_id} has {stars}") as caught:
        model.fit({TOY_STORY: 4.0, movie_id: stars})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda model: model.similar(NO_SUCH_ID), id="similar"),
        pytest.param(lambda model: model.dissimilar(NO_SUCH_ID), id="dissimilar"),
        pytest.param(lambda model: model.similarity(ALIEN, NO_SUCH_ID), id="similarity"),
        pytest.param(lambda model: model.fit({}).predict([ALIEN, NO_SUCH_ID]), id="predict"),
        pytest.param(lambda model: model.fit({}).reasons(NO_SUCH_ID), id="reasons"),
        pytest.param(lambda model: model.catalogue.by_id(NO_SUCH_ID), id="movie"),
    ],
)
def test_asking_about_an_unknown_movie_says_which(model: TasteModel, ask) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UnknownMovieError) as caught:
        ask(model)
    assert str(caught.value) == f"There is no movie with the id {NO_SUCH_ID}."
    assert isinstance(caught.value, EngineError)


def test_nothing_is_predicted_for_no_movies(model: TasteModel) -> None:
    stars, std = model.fit(STUDY).predict([])
    assert stars.shape == std.shape == (0,)


def test_one_film_is_predicted_as_among_all(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    every_stars, every_std = taste.predict(model.movie_ids)
    stars, std = taste.predict([SHAWSHANK])
    row = model.catalogue.row(SHAWSHANK)
    assert stars[0] == pytest.approx(every_stars[row], abs=1e-4)
    assert std[0] == pytest.approx(every_std[row], abs=1e-4)


def test_threads_get_what_one_thread_gets() -> None:
    model = load_model()  # fresh: nothing is cached yet
    people = [ratings_of(model, user) for user in users_with(model, 30, 16)]

    def answer(ratings: dict[int, float]) -> tuple[list[int], list[int], list[int]]:
        taste = model.fit(ratings)
        return (
            [r.movie.movie_id for r in taste.recommend(10)],
            [twin.user for twin in model.twins(taste)],
            [n.movie.movie_id for n in model.similar(TOY_STORY)],
        )

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(answer, people)) == [answer(ratings) for ratings in people]
