"""The protocol and the table, on recommenders whose figures are known."""

from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from benchmarks.common.bootstrap import interval, lead
from benchmarks.common.protocol import Split, groups, report_splits, tuning_split
from benchmarks.common.table import OURS, table
from benchmarks.peers.peer import Peer
from benchmarks.peers.simple import Biases, Popular
from engine import TasteModel
from engine.data.ratings import Ratings
from engine.training.evaluate import FIGURES, Predictions, UserMetrics, evaluate
from engine.training.splits import UserSplit

N_MOVIES = 300
NDCG, RMSE, IN_80, IN_95 = map(FIGURES.index, ("ndcg_at_10", "rmse", "covered_80", "covered_95"))


@pytest.fixture(scope="module")
def ratings() -> Ratings:
    """80 users with 40 to 79 ratings each, in mixed order."""
    rng = np.random.default_rng(5)
    pairs = [(u, m) for u in range(80) for m in rng.choice(N_MOVIES, 40 + u % 40, replace=False)]
    users, movies = rng.permutation(np.array(pairs)).T
    return Ratings(users, movies, rng.choice(np.arange(1, 11) / 2, len(users)).astype(np.float32))


@pytest.fixture(scope="module")
def split(ratings: Ratings) -> Split:
    users = groups(ratings, size=20)[0]
    given = {k: [case_of(ratings, user, k) for user in users] for k in (5, 20)}
    return Split(ratings.without(users), given)


def case_of(ratings: Ratings, user: int, k: int) -> UserSplit:
    mine = np.flatnonzero(ratings.users == user)
    movies, stars = ratings.movies[mine], ratings.stars[mine]
    return UserSplit(movies[:k], stars[:k], movies[k:], stars[k:])


class Oracle:
    """Knows the hidden stars, and says each too high by ``off``, sure to a std of 1."""

    def __init__(self, off: float) -> None:
        self._off = off

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        for case in held_out:
            scores = np.zeros(N_MOVIES, dtype=np.float32)
            scores[case.hidden] = case.hidden_stars
            yield Predictions(scores, case.hidden_stars + self._off, np.ones(len(case.hidden)))


def figures(outcomes: UserMetrics) -> np.ndarray:
    return outcomes.figures(np.ones(len(outcomes.totals)))


def test_the_groups_are_disjoint_and_train_on_everybody_else(ratings: Ratings) -> None:
    dealt = groups(ratings, size=15)
    assert [len(group) for group in dealt] == [15] * 4
    assert len(np.unique(np.concatenate(dealt))) == 60
    # Of the real size the first group takes all of these few people.
    assert tuning_split(ratings).training.n_users == 0
    assert report_splits(ratings, 1)[0].training.n_users == 80


def test_an_oracle_is_perfect_and_its_errors_are_counted(split: Split) -> None:
    for off, inside_80, inside_95 in ((0.0, 1, 1), (1.5, 0, 1), (2.0, 0, 0)):
        measured = figures(evaluate(Oracle(off), split.given[5]))
        assert measured[NDCG] == 1.0
        assert measured[RMSE] == pytest.approx(off)
        assert measured[[IN_80, IN_95]].tolist() == [inside_80, inside_95]


def test_what_is_not_predicted_is_no_figure(model: TasteModel, split: Split) -> None:
    outcomes = evaluate(Popular(model.catalogue, split.training, Peer.Settings()), split.given[5])
    assert np.isnan(figures(outcomes)).tolist() == [False, False, True, True, True, True]
    quality = outcomes.quality(model.catalogue.counts)
    assert 10 <= quality.catalogue * len(model.catalogue) <= 10 + 5  # each user's given ones differ
    assert quality.median_count > 80_000


def test_the_biases_foretell_better_the_more_is_given(model: TasteModel) -> None:
    """A user who gives every film a star more than others do is learned from the residuals."""
    level = (model.catalogue.means + 1.0).astype(np.float32)
    rows = np.flatnonzero((model.catalogue.counts > 10_000) & (level < 5.0))[:60]
    peer = Biases(model.catalogue, Ratings(rows, rows, level[rows]), Biases.Settings())
    errors = [
        figures(evaluate(peer, [UserSplit(rows[:k], level[rows[:k]], rows[k:], level[rows[k:]])]))[
            RMSE
        ]
        for k in (1, 5, 20, 50)
    ]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > 0.6 > 0.1 > errors[-1]


def test_the_interval_holds_the_figure_and_narrows_with_more_users(split: Split) -> None:
    outcomes = evaluate(Oracle(1.0), split.given[5])
    noisy = UserMetrics(
        outcomes.totals * np.linspace(0.5, 1, 20)[:, None], outcomes.weights, outcomes.top
    )
    low, high = interval(noisy)[:, :2]
    assert (low < figures(noisy)[:2]).all()
    assert (figures(noisy)[:2] < high).all()
    narrow_low, narrow_high = interval(UserMetrics.pooled([noisy] * 16))[:, :2]
    assert (narrow_high - narrow_low) / (high - low) == pytest.approx(1 / 4, rel=0.15)


def test_a_lead_is_that_over_the_same_users(split: Split) -> None:
    """Errors twice as large for every user: a lead of a half, whoever is drawn."""
    ours, theirs = (evaluate(Oracle(off), split.given[5]) for off in (0.5, 1.0))
    better, bounds = lead(ours, theirs)
    assert better[RMSE] == pytest.approx(0.5)
    assert bounds[:, RMSE] == pytest.approx([0.5, 0.5])
    assert better[NDCG] == 0.0


class Unranked(Oracle):
    """Says stars alone."""

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        return [
            Predictions(stars=predicted.stars) for predicted in super().predict_with_std(held_out)
        ]


def test_the_table_is_markdown_with_a_row_for_each_method(split: Split) -> None:
    methods = {"stars alone": Unranked(1.0), OURS: Oracle(0.5)}
    measured = {
        (name, k): evaluate(recommender, held_out)
        for k, held_out in split.given.items()
        for name, recommender in methods.items()
    }
    head, rule, *rows = table(measured, counts=np.full(N_MOVIES, 1_000))
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
    assert {len(row) for row in cells} == {head.count("|") - 1} == {rule.count("|") - 1}
    first, ours, *_ = cells
    assert first[:2] == ["5 (20 users)", "stars alone"]
    assert ours[:3] == ["5 (20 users)", OURS, "1.000 (1.000–1.000)"]
    assert [row[0] for row in cells[2:]] == ["20 (20 users)"] * 2
    assert first[2:8] == [*[""] * 4, "1.000 (1.000–1.000)", "+50.0 % (+50.0 to +50.0)"]
    assert ours[6:8] == [".500 (.500–.500)", ""]
    assert ours[-1] == "1,000"
