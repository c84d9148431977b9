"""The nearest MovieLens users, with what is said of them recomputed by hand."""

import numpy as np
import pytest

from engine import TasteModel
from tests.engine.conftest import Trained
from tests.engine.people import STUDY, ratings_of, users_with
from tests.marks import slow_but


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


@pytest.mark.parametrize("n_given", slow_but([5], [0, 5, 60]))
def test_the_similarity_is_the_formula_of_the_docstring(model: TasteModel, n_given: int) -> None:
    (user,) = users_with(model, 120, 1)
    mine = dict(list(ratings_of(model, user).items())[:n_given])
    taste = model.fit(mine)
    twins = model.twins(taste, n=model.user_ratings.n_rows)
    for twin in (*twins[:3], twins[len(twins) // 2], twins[-1]):
        theirs = ratings_of(model, twin.user)
        predicted, _ = taste.predict(list(theirs))
        level = model.item_baseline[[model.catalogue.row(m) for m in theirs]].astype(float)
        a = [mine.get(m, s) for m, s in zip(theirs, predicted.tolist(), strict=True)] - level
        b = np.array(list(theirs.values())) - level
        apart = len(theirs) * (a.mean() - b.mean()) ** 2
        spread = ((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum()
        together = 2 * ((a - a.mean()) * (b - b.mean())).sum()
        m = len(mine.keys() & theirs.keys())
        expected = (m + 1) / (m + 2) * together / (spread + apart + 15)
        assert twin.similarity == pytest.approx(expected, abs=1e-5)


def test_the_nearest_of_all_users_is_not_missed(model: TasteModel) -> None:
    """Whoever has ratings enough is somewhere in the list, in the order of similarity."""
    lengths = model.user_ratings.counts
    twins = model.twins(model.fit(STUDY), n=len(lengths))
    assert {twin.user for twin in twins} == set(np.flatnonzero(lengths >= 20).tolist())
    similarities = [twin.similarity for twin in twins]
    assert similarities == sorted(similarities, reverse=True)


def test_a_copy_of_a_user_has_that_user_as_the_nearest(model: TasteModel) -> None:
    for user in users_with(model, 50, 8):
        nearest, second = model.twins(model.fit(ratings_of(model, user)), n=2)
        assert nearest.user == user
        assert nearest.agreement == 1.0
        assert second.similarity < nearest.similarity


def test_the_more_the_same_two_rate_the_nearer_1_is_their_similarity(model: TasteModel) -> None:
    (user,) = users_with(model, 600, 1)
    everything = list(ratings_of(model, user).items())
    similarity = []
    for n_given in (10, 100, len(everything)):
        (nearest,) = model.twins(model.fit(dict(everything[:n_given])), n=1)
        similarity.append(nearest.similarity)
    assert nearest.user == user
    assert similarity == sorted(similarity)
    assert similarity[-1] > 0.93


@pytest.mark.parametrize("number", slow_but([0], [0, 1]))
def test_whoever_thinks_the_reverse_of_every_film_is_the_last(
    model: TasteModel, number: int
) -> None:
    user = users_with(model, 200, 2)[number]
    theirs = ratings_of(model, user)
    stars = np.array(list(theirs.values()))
    beyond = stars - model.item_baseline[[model.catalogue.row(m) for m in theirs]]
    reverse = np.clip(stars - 2 * (beyond - beyond.mean()), 0.5, 5)
    mine = dict(zip(theirs, reverse.tolist(), strict=True))
    last = model.twins(model.fit(mine), n=model.user_ratings.n_rows)[-1]
    assert last.user == user
    assert last.similarity < -0.6


def test_a_constant_difference_in_stars_makes_people_less_alike(model: TasteModel) -> None:
    for user in users_with(model, 200, 4):
        same = {m: stars for m, stars in ratings_of(model, user).items() if stars >= 1.5}
        lower = {m: stars - 1.0 for m, stars in same.items()}
        (twin,) = model.twins(model.fit(same), n=1)
        assert twin.user == user
        twins = model.twins(model.fit(lower), n=100)
        less = [t.similarity for t in twins if t.user == user] or [twins[-1].similarity]
        assert less[0] < 0.9 * twin.similarity


def test_nobody_in_common_means_no_agreement_and_little_similarity(model: TasteModel) -> None:
    unrated = int(model.movie_ids[np.flatnonzero(model.rated_position < 0)[0]])
    for ratings in ({}, {unrated: 5.0}):
        twins = model.twins(model.fit(ratings))
        assert len(twins) == 5
        for twin in twins:
            assert twin.shared == ()
            assert twin.agreement is None
            assert twin.similarity <= 0.25


def test_odd_raters_have_twins_and_finite_similarities(model: TasteModel) -> None:
    films = model.movie_ids[model.well_known[:40]].tolist()
    odd = [{films[0]: 0.5}, *(dict.fromkeys(films, stars) for stars in (0.5, 3.0, 5.0))]
    odd.append({film: 0.5 if i % 2 else 5.0 for i, film in enumerate(films)})
    for ratings in odd:
        twins = model.twins(model.fit(ratings), n=300)
        assert np.isfinite([twin.similarity for twin in twins]).all()
        assert all(-1 <= twin.similarity <= 1 for twin in twins)
        assert model.twins(model.fit(ratings), n=5) == twins[:5]


def test_what_a_twin_loves_is_theirs_and_new_to_me_best_first(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    scores = taste.scores()
    for twin in model.twins(taste, n=20):
        theirs = ratings_of(model, twin.user)
        new = [m for m, stars in theirs.items() if stars >= 4 and m not in STUDY]
        new.sort(key=lambda m: (-theirs[m], -scores[model.catalogue.row(m)]))
        assert [(r.movie.movie_id, r.stars) for r in twin.loves] == [
            (m, theirs[m]) for m in new[:10]
        ]


def test_a_twin_loves_nothing_new_to_whoever_rated_it_all(model: TasteModel) -> None:
    for user in users_with(model, 50, 3):
        (nearest,) = model.twins(model.fit(ratings_of(model, user)), n=1)
        assert nearest.user == user
        assert nearest.loves == ()


def test_only_users_with_five_best_and_five_worst_are_twins(model: TasteModel) -> None:
    lengths = model.user_ratings.counts
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
