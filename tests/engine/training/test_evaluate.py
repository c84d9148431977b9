"""The measures, against values worked out by hand, and who is held out."""

import math

import numpy as np
import pytest

from engine.data.ratings import Ratings
from engine.training.evaluate import ServedModel, evaluate, mean_ndcg, ndcg_at, recall_at, top_rows
from engine.training.splits import UserSplit, cases, hold_out
from tests.engine.conftest import Trained

RNG = np.random.default_rng(4)


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def test_ndcg_by_hand() -> None:
    third = 1 / math.log2(4)
    ideal = 1 + 1 / math.log2(3)
    assert ndcg_at(3, rows(7, 8, 9), rows(7, 9)) == pytest.approx((1 + third) / ideal)
    assert ndcg_at(3, rows(7, 8, 9), rows(9)) == pytest.approx(third)
    assert ndcg_at(3, rows(7, 8, 9), rows(1, 2)) == 0.0


def test_a_perfect_ranking_has_an_ndcg_and_a_recall_of_1() -> None:
    for relevant in (rows(5), rows(5, 3), rows(*range(40))):
        top = np.concatenate([relevant, np.arange(90, 120)])
        assert ndcg_at(10, top, relevant) == pytest.approx(1.0)
        assert recall_at(20, top, relevant) == 1.0


def test_only_the_first_n_count() -> None:
    assert ndcg_at(2, rows(1, 2, 3), rows(3)) == 0.0
    assert recall_at(2, rows(1, 2, 3), rows(3)) == 0.0


def test_recall_is_the_share_of_what_could_stand_there() -> None:
    assert recall_at(4, rows(1, 2, 3, 4), rows(1, 4, 8)) == pytest.approx(2 / 3)
    assert recall_at(2, rows(1, 2), rows(1, 3, 5, 7)) == pytest.approx(1 / 2)


def test_the_top_is_in_falling_order_without_what_was_given() -> None:
    scores = np.array([0.1, 9.0, 0.5, 0.3, 8.0, 0.2], dtype=np.float32)
    assert top_rows(scores, rows(1, 4), 3).tolist() == [2, 3, 5]
    assert top_rows(scores, rows(), 2).tolist() == [1, 4]
    assert top_rows(scores, rows(0), 6).tolist() == [1, 4, 2, 3, 5]
    assert scores[1] == 9.0  # the caller's array stays as it is


CASE = UserSplit(
    given=rows(0, 1),
    given_stars=np.array([5.0, 5.0], dtype=np.float32),
    hidden=rows(2, 3, 4),
    hidden_stars=np.array([4.0, 3.5, 5.0], dtype=np.float32),
)


def scores_of(*best: int) -> np.ndarray:
    """Scores of 30 rows, the named ones highest."""
    scores = -np.arange(30, dtype=np.float32)
    for place, row in enumerate(best):
        scores[row] = 100 - place
    return scores


def test_hidden_films_of_four_stars_and_more_are_relevant_and_given_ones_never_count() -> None:
    assert mean_ndcg([scores_of(0, 1, 2, 4)], [CASE]) == pytest.approx(1.0)
    assert mean_ndcg([scores_of(0, 1, 3, 4, 2)], [CASE]) < 0.8
    nothing_liked = UserSplit(
        CASE.given, CASE.given_stars, rows(5), np.array([1.0], dtype=np.float32)
    )
    assert mean_ndcg([scores_of(2, 4)] * 2, [CASE, nothing_liked]) == pytest.approx(1.0)


def test_the_quality_is_worked_out_from_what_the_model_serves(trained: Trained) -> None:
    model = trained.model
    ratings = user_ratings(trained)
    held = cases(ratings, np.array([3, 4, 5]), 10, seed=1)
    quality = evaluate(ServedModel(model), held).quality(model.catalogue.counts)
    errors: list[float] = []
    inside: list[bool] = []
    ndcg: list[float] = []
    for case in held:
        given = {
            int(model.movie_ids[row]): float(s)
            for row, s in zip(case.given, case.given_stars, strict=True)
        }
        taste = model.fit(given)
        stars, std = taste.predict(model.movie_ids[case.hidden])
        errors += (stars - case.hidden_stars).tolist()
        inside += (np.abs(stars - case.hidden_stars) < 1.2816 * std).tolist()
        ranked = [row for row in np.argsort(-taste.scores()) if row not in set(case.given)]
        liked = set(case.hidden[case.hidden_stars >= 4].tolist())
        gain = sum(1 / math.log2(i + 2) for i, row in enumerate(ranked[:10]) if row in liked)
        ndcg.append(gain / sum(1 / math.log2(i + 2) for i in range(min(10, len(liked)))))
    assert quality.ndcg_at_10 == pytest.approx(np.mean(ndcg), abs=1e-6)
    assert quality.rmse == pytest.approx(math.sqrt(np.mean(np.square(errors))), rel=1e-5)
    assert quality.mae == pytest.approx(np.mean(np.abs(errors)), rel=1e-5)
    assert quality.covered_80 == pytest.approx(np.mean(inside))


def user_ratings(trained: Trained) -> Ratings:
    """The bundle's own users as ratings by catalogue row."""
    by_user = trained.model.user_ratings
    return Ratings(
        np.repeat(np.arange(by_user.n_rows), by_user.counts),
        trained.model.rated_rows[by_user.columns],
        by_user.values,
    )


@pytest.fixture
def ratings() -> Ratings:
    """60 users with 30 to 59 ratings of 100 films each, in mixed order."""
    pairs = np.array(
        [(u, m) for u in range(60) for m in RNG.choice(100, 30 + u % 30, replace=False)]
    )
    RNG.shuffle(pairs)
    stars = RNG.choice(np.arange(1, 11) / 2, len(pairs)).astype(np.float32)
    return Ratings(pairs[:, 0], pairs[:, 1], stars)


def test_the_held_out_are_random_users_with_enough_ratings(ratings: Ratings) -> None:
    counts = np.bincount(ratings.users)
    eligible = np.flatnonzero(counts >= 40)
    chosen = hold_out(ratings, 3, seed=1)
    assert len(set(chosen.tolist())) == 3
    assert set(chosen) <= set(eligible)
    assert chosen.tolist() == hold_out(ratings, 3, seed=1).tolist()
    assert any(hold_out(ratings, 3, s).tolist() != chosen.tolist() for s in (2, 3, 4))


def test_at_most_a_quarter_of_the_eligible_is_held_out(ratings: Ratings) -> None:
    assert len(hold_out(ratings, 1000, seed=1)) == 40 // 4
    assert len(hold_out(ratings, 1000, seed=1, min_ratings=59)) == 0


def test_nobody_is_on_both_sides_and_nothing_is_lost(ratings: Ratings) -> None:
    users = hold_out(ratings, 4, seed=2)
    held, rest = ratings.of(users), ratings.without(users)
    assert set(held.users) == set(users)
    assert len(held) + len(rest) == len(ratings)
    assert rest.n_users == 56
    assert sorted(set(rest.users)) == list(range(56))
    # Coded anew in the same order, with their ratings unchanged.
    remaining = np.setdiff1d(np.arange(60), users)
    for code in (0, 30, 55):
        mine, theirs = rest.users == code, ratings.users == remaining[code]
        assert rest.movies[mine].tolist() == ratings.movies[theirs].tolist()
        assert rest.stars[mine].tolist() == ratings.stars[theirs].tolist()


def test_cases_split_each_users_ratings_the_same_way_for_every_k(ratings: Ratings) -> None:
    users = np.array([7, 31, 59])
    by_k = {k: cases(ratings, users, k, seed=1) for k in (5, 10, 20)}
    for i, user in enumerate(users):
        mine = ratings.users == user
        expected = dict(zip(ratings.movies[mine], ratings.stars[mine], strict=True))
        for k, made in by_k.items():
            case = made[i]
            assert len(case.given) == k
            assert not set(case.given) & set(case.hidden)
            both = np.concatenate([case.given, case.hidden])
            stars = np.concatenate([case.given_stars, case.hidden_stars])
            assert dict(zip(both, stars, strict=True)) == expected
            assert case.given.tolist() == by_k[20][i].given[:k].tolist()
    again = cases(ratings, users, 10, seed=1)
    other = cases(ratings, users, 10, seed=2)
    assert [c.given.tolist() for c in again] == [c.given.tolist() for c in by_k[10]]
    assert [c.given.tolist() for c in other] != [c.given.tolist() for c in by_k[10]]


def test_a_users_case_does_not_depend_on_who_else_is_held_out(ratings: Ratings) -> None:
    (alone,) = cases(ratings, np.array([31]), 10, seed=1)
    among = cases(ratings, np.array([7, 31]), 10, seed=1)[1]
    assert alone.given.tolist() == among.given.tolist()
