"""The nearest MovieLens users, with what is said of them recomputed by hand."""

import numpy as np
import pytest

from engine import TasteModel
from tests.engine.conftest import Trained
from tests.engine.people import STUDY, ratings_of, users_with


def test_twins_come_nearest_first_and_as_many_as_asked_for(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    twins = model.twins(taste, n=25)
    similarities = [twin.similarity for twin in twins]
    assert similarities == sorted(similarities, reverse=True)
    assert all(-1 <= s <= 1 for s in similarities)
    assert len({twin.user for twin in twins}) == 25
    assert model.twins(taste) == twins[:5]


def test_overlap_and_agreement_are_what_the_two_rated(model: TasteModel) -> None:
    (user,) = users_with(model, 200, 1)
    mine = {m: s for i, (m, s) in enumerate(ratings_of(model, user).items()) if i % 2}
    twins = model.twins(model.fit(mine), n=40)
    partial = 0
    for twin in twins:
        theirs = ratings_of(model, twin.user)
        assert {s.movie.movie_id: (s.yours, s.theirs) for s in twin.shared} == {
            m: (mine[m], theirs[m]) for m in mine.keys() & theirs.keys()
        }
        close = [abs(mine[m] - theirs[m]) <= 0.5 for m in mine.keys() & theirs.keys()]
        assert twin.agreement == pytest.approx(np.mean(close))
        assert twin.n_ratings == len(theirs)
        partial += 0 < sum(close) < len(close)
    assert partial > 10  # so that the comparison above can tell


def test_the_highest_and_lowest_are_the_ends_of_what_they_rated(model: TasteModel) -> None:
    for twin in model.twins(model.fit(STUDY)):
        stars = sorted(ratings_of(model, twin.user).values())
        assert [rated.stars for rated in twin.lowest] == stars[:5]
        assert [rated.stars for rated in twin.highest] == stars[::-1][:5]
        theirs = ratings_of(model, twin.user)
        assert all(theirs[r.movie.movie_id] == r.stars for r in (*twin.highest, *twin.lowest))


def test_the_similarity_is_the_formula_of_the_docstring(model: TasteModel) -> None:
    (user,) = users_with(model, 120, 1)
    mine = dict(list(ratings_of(model, user).items())[:60])
    taste = model.fit(mine)
    tensors = model.bundle.tensors
    y = tensors.vectors.numpy().astype(float)
    centre = tensors.ranking_mean.numpy()
    level = model.global_mean + model.catalogue.biases

    def cosine(a: np.ndarray, b: np.ndarray) -> float:
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    for twin in model.twins(taste, n=5):
        theirs = ratings_of(model, twin.user)
        rows = {m: model.catalogue.row(m) for m in mine.keys() & theirs.keys()}
        agreement = cosine(
            np.array([mine[m] - level[r] for m, r in rows.items()]),
            np.array([theirs[m] - level[r] for m, r in rows.items()]),
        )
        # What either makes of all films, beyond what everybody does.
        alike = cosine(
            y @ (taste.vector.numpy() - centre),
            y @ (tensors.user_vectors[twin.user].numpy() - centre),
        )
        n = len(rows)
        expected = (n * agreement + 5 * alike * (n + 1) / (n + 4)) / (n + 5)
        assert twin.similarity == pytest.approx(expected, abs=1e-3)


def test_a_copy_of_a_user_has_that_user_as_the_nearest(model: TasteModel) -> None:
    for user in users_with(model, 50, 8):
        nearest, second = model.twins(model.fit(ratings_of(model, user)), n=2)
        assert nearest.user == user
        assert nearest.agreement == 1.0
        assert nearest.similarity > 0.9
        assert second.similarity < nearest.similarity


def test_nobody_in_common_means_no_agreement_and_little_similarity(model: TasteModel) -> None:
    unrated = int(model.movie_ids[np.flatnonzero(model.rated_position < 0)[0]])
    for ratings in ({}, {unrated: 5.0}):
        twins = model.twins(model.fit(ratings))
        assert len(twins) == 5
        for twin in twins:
            assert twin.shared == ()
            assert twin.agreement is None
            assert twin.similarity <= 0.25


def test_only_users_with_five_best_and_five_worst_are_twins(model: TasteModel) -> None:
    lengths = np.diff(model.bundle.tensors.user_offsets.numpy())
    too_few = np.flatnonzero((lengths > 5) & (lengths < 20))[:10].tolist()
    assert too_few
    for user in too_few:  # not even the nearest of those who rated exactly the same
        twins = model.twins(model.fit(ratings_of(model, user)), n=20)
        assert user not in {twin.user for twin in twins}
        assert min(twin.n_ratings for twin in twins) >= 20


def test_the_twins_of_a_fan_love_the_same(trained: Trained) -> None:
    for loved in ("space", "love", "fear"):
        likes = dict.fromkeys(trained.cluster(loved)[:6], 5.0)
        others = [c for c in ("space", "love", "fear") if c != loved]
        dislikes = dict.fromkeys(trained.cluster(others[0])[:3], 1.0)
        twins = trained.model.twins(trained.model.fit({**likes, **dislikes}), n=10)
        # Users are coded by the sorted names of the pool: "ml-known:1", "ml-known:10", ...
        for twin in twins[:5]:
            theirs = ratings_of(trained.model, twin.user)
            by_cluster = {
                c: np.mean([s for m, s in theirs.items() if trained.known.movies[m] == c])
                for c in ("space", "love", "fear")
            }
            assert max(by_cluster, key=lambda c: by_cluster[c]) == loved
