"""The films that somebody is asked about."""

import numpy as np
import pytest

from engine import TasteModel
from engine.recommend.active_learning import Variance
from tests.engine.people import ALIEN, STUDY, ratings_of, users_with

PEOPLE = [{}, {ALIEN: 5.0}, STUDY]


@pytest.mark.parametrize("ratings", PEOPLE)
def test_ten_well_known_films_are_asked_about(model: TasteModel, ratings: dict[int, float]) -> None:
    questions = model.next_questions(model.fit(ratings))
    ids = [question.movie.movie_id for question in questions]
    assert len(ids) == len(set(ids)) == 10
    assert min(question.movie.count for question in questions) > 10_000
    assert all(0 < question.chance <= 1 for question in questions)
    assert all(0 < question.variance <= 1 + 1e-6 for question in questions)


def test_what_is_rated_or_excluded_is_never_asked_about(model: TasteModel) -> None:
    (user,) = users_with(model, 300, 1)
    ratings = ratings_of(model, user)
    exclude: list[int] = [10**9]  # no film
    for _ in range(10):
        questions = model.next_questions(model.fit(ratings), 15, exclude)
        ids = {question.movie.movie_id for question in questions}
        assert len(ids) == 15
        assert not ids & {*ratings, *exclude}
        exclude += ids


def test_the_same_is_asked_of_the_same_person(model: TasteModel) -> None:
    for ratings in PEOPLE:
        first = model.next_questions(model.fit(ratings))
        assert first == model.next_questions(model.fit(dict(ratings)))


def test_questions_asked_one_by_one_are_those_asked_at_once(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    one_by_one: list[int] = []
    for _ in range(10):
        (question,) = model.next_questions(taste, 1, one_by_one)
        one_by_one.append(question.movie.movie_id)
    assert one_by_one == [q.movie.movie_id for q in model.next_questions(taste, 10)]


@pytest.mark.parametrize("ratings", PEOPLE)
def test_questions_are_not_of_one_series(
    model: TasteModel, series: np.ndarray, ratings: dict[int, float]
) -> None:
    films = [q.movie for q in model.next_questions(model.fit(ratings), 20)]
    asked = series[[model.catalogue.row(f.movie_id) for f in films]]
    assert np.unique(asked[asked >= 0], return_counts=True)[1].max(initial=0) <= 3


def test_whoever_rated_a_series_is_thought_to_have_seen_the_rest_but_asked_about_others(
    model: TasteModel,
) -> None:
    star_wars, episode_5 = {260: 5.0, 1210: 5.0}, 1196

    def ask(ratings: dict[int, float]) -> tuple[list[int], dict[int, float]]:
        questions = model.next_questions(model.fit(ratings), 400)
        ids = [question.movie.movie_id for question in questions]
        return ids, {question.movie.movie_id: question.chance for question in questions}

    _, chance_before = ask({})
    after, chance_after = ask(star_wars)
    assert chance_after[episode_5] > chance_before[episode_5] + 0.2
    assert after.index(episode_5) > 10


def test_the_first_question_is_of_a_film_that_many_have_seen(model: TasteModel) -> None:
    question, *_ = model.next_questions(model.fit({}))
    famous = model.movie_ids[model.well_known[:50]].tolist()
    assert question.movie.movie_id in famous
    assert question.variance == pytest.approx(1, abs=1e-3)


def test_the_chance_that_a_newcomer_has_seen_a_film_is_the_share_who_rated_it(
    model: TasteModel,
) -> None:
    by_user = model.user_ratings
    for question in model.next_questions(model.fit({}), 5):
        at = model.rated_position[model.catalogue.row(question.movie.movie_id)]
        raters = int((by_user.columns == int(at)).sum())
        assert question.chance == pytest.approx(raters / by_user.n_rows, abs=1e-3)


def test_the_variance_left_is_that_of_the_gaussian_process() -> None:
    rng = np.random.default_rng(8)
    films, asked = (rng.normal(size=(n, 6)).astype(np.float32) for n in (30, 4))
    films, asked = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (films, asked))
    variance = Variance(films, asked)
    for film in (3, 17, 3, 29):
        kernel = asked @ asked.T + 0.3 * np.eye(len(asked))
        across = asked @ films.T
        expected = 1 - (across * np.linalg.solve(kernel, across)).sum(0)
        np.testing.assert_allclose(variance.left, expected, atol=1e-5)
        variance.ask(film)
        asked = np.concatenate([asked, films[[film]]])


def test_as_many_are_asked_as_there_are(model: TasteModel) -> None:
    taste = model.fit({})
    assert model.next_questions(taste, 0) == []
    everything = model.next_questions(taste, 10_000)
    ids = [question.movie.movie_id for question in everything]
    assert len(ids) == len(set(ids)) >= 400
    assert model.next_questions(taste, 5, exclude=ids) == []


def test_a_negative_number_is_refused_by_name(model: TasteModel) -> None:
    with pytest.raises(ValueError, match="n must be 0 or more, such as 10, but is -2"):
        model.next_questions(model.fit({}), -2)
