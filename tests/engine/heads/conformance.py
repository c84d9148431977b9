"""What every head promises, as tests that a head's own test class inherits.

A new head takes four lines: ::

    class TestConformance(ScorerTests):
        head = MyHead

They run on the head trained on a small set, beside the heads that the list has before it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar

import numpy as np
import pytest

from engine.bundle.spec import OTHERS, known_sizes
from engine.bundle.validation import faults
from engine.data.bias import BIAS_SHRINKAGE, movie_bias
from engine.data.catalogue import Catalogue, genre_matrix
from engine.data.ratings import Ratings
from engine.heads import registry
from engine.heads.als import AlsHead
from engine.heads.base import Scorer
from engine.heads.items import Items, UserRatings
from engine.linalg.csr import CsrRows
from engine.linalg.parameters import NumberSpec, Parameters
from engine.training import trainers
from engine.training.base import Progress, TrainingData
from engine.training.settings import AlsSettings, EaseSettings

N_USERS, N_MOVIES, N_ITEMS = 60, 24, 20  # the last movies have no ratings
SETTINGS: Mapping[str, Any] = {one.head.name: one.settings() for one in trainers.TRAINERS} | {
    "als": AlsSettings(factors=4, sweeps=3),
    "ease": EaseSettings(least_ratings=5),
}


@cache
def training_data() -> TrainingData:
    """Users of two kinds, each of which likes one half of the films."""
    rng = np.random.default_rng(7)
    users, movies = np.nonzero(rng.random((N_USERS, N_ITEMS)) < 0.5)
    liked = users % 2 == movies % 2
    stars = np.where(liked, rng.integers(7, 11, len(users)), rng.integers(1, 6, len(users))) / 2
    ratings = Ratings(users, movies, stars.astype(np.float32))
    counts = np.bincount(movies, minlength=N_MOVIES)
    means = np.bincount(movies, stars, N_MOVIES) / np.maximum(counts, 1)
    mean, biases = movie_bias(counts, means, BIAS_SHRINKAGE)
    catalogue = Catalogue(
        movie_ids=np.arange(1, N_MOVIES + 1),
        names=[f"Film {n}" for n in range(N_MOVIES)],
        years=(1980 + np.arange(N_MOVIES)).astype(np.int16),
        aliases=[()] * N_MOVIES,
        genres=genre_matrix(["Action|Sci-Fi", "Drama"] * (N_MOVIES // 2)),
        imdb_ids=np.zeros(N_MOVIES, np.int64),
        tmdb_ids=np.zeros(N_MOVIES, np.int64),
        counts=counts,
        means=means,
        biases=biases,
        tags=[()] * N_MOVIES,
    )
    n_ratings = counts[:N_ITEMS].astype(np.float32)
    items = Items.of(catalogue, np.arange(N_ITEMS), n_ratings, mean)
    return TrainingData(ratings, items, SETTINGS)


@cache
def trained_heads() -> tuple[dict[str, Scorer[Any]], dict[str, list[Progress]]]:
    """All heads of the list, by name, and the steps that each told of."""
    trained: dict[str, Scorer[Any]] = {}
    steps: dict[str, list[Progress]] = {}
    for trainer in trainers.TRAINERS:
        told = steps.setdefault(trainer.head.name, [])
        trained[trainer.head.name] = trainer.train(
            training_data(), trained, lambda progress, _, told=told: told.append(progress)
        )
    return trained, steps


def users_of(*people: Mapping[int, float]) -> UserRatings:
    """People given as stars by catalogue row."""
    rows = np.repeat(np.arange(len(people)), [len(person) for person in people])
    movies = np.array([row for person in people for row in person], dtype=np.int64)
    stars = np.array([stars for person in people for stars in person.values()], dtype=np.float32)
    return training_data().items.users(CsrRows.from_triples(rows, movies, stars, len(people)))


NOBODY: Mapping[int, float] = {}
# The last film is no item: it has no ratings.
SOMEBODY = {3: 5.0, 4: 1.5, 11: 4.0, N_MOVIES - 1: 3.0, 8: 0.5}
OTHER = {0: 4.5, 7: 2.0}


class ScorerTests:
    """The promises of :class:`engine.heads.base.Scorer`."""

    head: ClassVar[type[Scorer[Any]]]

    @pytest.fixture
    def trained(self) -> Scorer[Any]:
        return trained_heads()[0][self.head.name]

    def test_it_stands_in_the_list_once_under_a_name_of_its_own(self) -> None:
        assert registry.HEADS.count(self.head) == 1
        assert [trainer.head for trainer in trainers.TRAINERS] == list(registry.HEADS)
        assert [head.name for head in registry.HEADS].count(self.head.name) == 1

    def test_every_item_has_a_finite_score(self, trained: Scorer[Any]) -> None:
        scores = trained.scores(trained.fit(users_of(SOMEBODY, OTHER, NOBODY)))
        assert scores.shape == (3, N_ITEMS)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()

    def test_a_known_user_is_scored_by_what_they_like(self, trained: Scorer[Any]) -> None:
        data = training_data()
        for user in (0, 1):
            mine = data.ratings.users == user
            theirs = dict(zip(data.ratings.movies[mine], data.ratings.stars[mine], strict=True))
            (scores,) = trained.scores(trained.fit(users_of(theirs)))
            (nobody,) = trained.scores(trained.fit(users_of(NOBODY)))
            gain = scores - nobody
            new = np.setdiff1d(np.arange(N_ITEMS), list(theirs))
            assert gain[new[new % 2 == user]].mean() > gain[new[new % 2 != user]].mean()

    def test_many_users_are_scored_as_each_alone(self, trained: Scorer[Any]) -> None:
        people = (SOMEBODY, NOBODY, OTHER)
        together = trained.scores(trained.fit(users_of(*people)))
        for person, scores in zip(people, together, strict=True):
            (alone,) = trained.scores(trained.fit(users_of(person)))
            np.testing.assert_allclose(scores, alone, rtol=0, atol=1e-5)

    @pytest.mark.parametrize("person", [SOMEBODY, OTHER, {5: 3.5}, NOBODY])
    def test_contributions_sum_to_the_score(
        self, trained: Scorer[Any], person: Mapping[int, float]
    ) -> None:
        fitted = trained.fit(users_of(person))
        items = np.array([5, 3, 19, 0])
        contributions = trained.contributions(fitted, items)
        assert contributions.shape == (4, len(person))
        (nobody,) = trained.scores(trained.fit(users_of(NOBODY)))
        expected = (trained.scores(fitted)[0] - nobody)[items]
        np.testing.assert_allclose(contributions.sum(1), expected, rtol=0, atol=1e-4)

    def test_the_order_of_ratings_changes_nothing(self, trained: Scorer[Any]) -> None:
        turned = dict(reversed(SOMEBODY.items()))
        (one,) = trained.scores(trained.fit(users_of(SOMEBODY)))
        (other,) = trained.scores(trained.fit(users_of(turned)))
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)

    def test_its_parameters_are_what_its_spec_says(self, trained: Scorer[Any]) -> None:
        spec, own = self.head.spec(), trained.to_parameters()
        assert {*own.tensors, *own.numbers} == set(spec)
        assert all(name.startswith(f"{self.head.name}.") for name in spec)
        assert list(self.faults(own)) == []

    def test_it_is_stored_and_loaded_bit_by_bit(self, trained: Scorer[Any]) -> None:
        parameters = Parameters({})
        for head in trained_heads()[0].values():
            parameters |= head.to_parameters()
        loaded = self.head.from_parameters(parameters, training_data().items)
        again, own = loaded.to_parameters(), trained.to_parameters()
        assert again.numbers == own.numbers
        for name, tensor in own.tensors.items():
            assert np.array_equal(again.tensors[name], tensor)
        users = users_of(SOMEBODY, OTHER)
        scores = (head.scores(head.fit(users)) for head in (loaded, trained))
        assert np.array_equal(*scores)

    def test_tensors_of_another_shape_or_type_are_refused(self, trained: Scorer[Any]) -> None:
        own = trained.to_parameters()
        for name, tensor in own.tensors.items():
            for odd in (tensor[None], tensor.astype(np.float64), np.zeros((), tensor.dtype)):
                found = next(self.faults(own | Parameters({name: odd})))
                assert name in found
        for name, spec in self.head.spec().items():
            if isinstance(spec, NumberSpec):
                assert name in next(self.faults(own | Parameters({}, {name: float("nan")})))

    def test_its_training_tells_of_every_step(self) -> None:
        steps = trained_heads()[1][self.head.name]
        assert [step.number for step in steps] == list(range(1, len(steps) + 1))
        assert all(step.of == len(steps) and np.isfinite(step.loss) for step in steps)

    def test_training_is_a_function_of_the_data_and_the_seed(self, trained: Scorer[Any]) -> None:
        (trainer,) = (one for one in trainers.TRAINERS if one.head is self.head)
        again = trainer.train(training_data(), trained_heads()[0], lambda progress, head: None)
        for name, tensor in again.to_parameters().tensors.items():
            assert np.array_equal(tensor, trained.to_parameters().tensors[name])

    def faults(self, own: Parameters) -> Iterator[str]:
        """What the spec of the head finds wrong with its parameters."""
        als = trained_heads()[0][AlsHead.name].to_parameters()
        rows, vectors = training_data().items.rows, als.tensors["als.vectors"]
        spec = {"items.rows": OTHERS["items.rows"], "als.vectors": AlsHead.spec()["als.vectors"]}
        every = Parameters({"items.rows": rows, "als.vectors": vectors}) | own
        return faults(every, {**spec, **self.head.spec()}, known_sizes(N_MOVIES))
