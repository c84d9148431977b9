r"""The ALS head: which films first? Weighted ALS on a graded preference.

A rating becomes a preference between 0 (1.5 stars and below) and 1 (5 stars); a film that a user
did not rate counts as 0 with a small weight, somewhat larger for a popular film, which was more
likely left out on purpose (He et al. 2016, *Fast Matrix Factorization for Online Recommendation*,
eq. 8). Users' and movies' vectors are solved in turn (Hu, Koren & Volinsky 2008), with a ridge that
grows with the square root of the number of ratings. It draws a movie's vector not to 0 but to what
its kind, age and fame let expect (Agarwal & Chen 2009, *Regression-based Latent Factor Models*).
Afterwards the mean and covariance of the users' vectors become the prior under which every user,
known or new, is fitted: with no ratings that is everybody's mean taste, and each rating moves it in
the directions in which people's tastes really differ.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.data.ratings import Ratings, preference
from engine.heads.base import (
    FittedVectors,
    HeadSettings,
    Progress,
    Scorer,
    TrainingData,
    VectorScorer,
)
from engine.heads.items import Items, UserRatings
from engine.linalg.als_solver import Background, NormalEquations
from engine.linalg.collective import SINGLE_PROCESS, ProcessGroup
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import (
    Posterior,
    Prior,
    attribution,
    gather_means,
    solve_rows,
    weighted_gramian,
)
from engine.linalg.parameters import TINY, NumberSpec, Parameters, Spec, TensorSpec


@dataclass(frozen=True, kw_only=True)
class AlsSettings(HeadSettings):
    """Tuned on validation users (``python -m benchmarks.quality``)."""

    factors: int = 64
    sweeps: int = 6
    background: float = 0.06  # weight of an unrated film as "not preferred", for the mean rating
    popularity: float = 0.2  # power of a film's number of ratings that its weight grows with
    ridge: float = 0.5  # times the square root of a row's number of ratings
    prior_strength: float = 0.045  # of the users' Gaussian, at fit; the noise variance


_MOST = 0.9  # background weight of any film; a rating has 1
_FEATURES_RIDGE = 10.0  # of the regression of movie vectors on film features


@dataclass(frozen=True)
class AlsHead(VectorScorer[FittedVectors]):
    """What serving needs: the items' vectors [n_items, d] and the prior of users' vectors.

    ``background`` [n_items] is each film's weight where a user did not rate it.
    """

    vectors: Tensor
    prior: Prior
    prior_strength: float
    background: Tensor

    name: ClassVar[str] = "als"
    settings: ClassVar[type[HeadSettings]] = AlsSettings

    @cached_property
    def _gramian(self) -> Tensor:
        return weighted_gramian(self.vectors, self.background)

    @cached_property
    def item_columns(self) -> Tensor:
        return self.vectors.T.contiguous()

    @cached_property
    def cold_start_vector(self) -> Tensor:
        """The vector [d] of somebody who rated nothing."""
        nothing = CsrRows.single(np.empty(0, np.int64), np.empty(0, np.float32))
        return self.user_vectors(nothing)[0]

    def solve(self, preferences: CsrRows) -> Iterator[Posterior]:
        """Posteriors of users, by batches, from their preferences by item."""
        strength = torch.full((preferences.n_rows,), self.prior_strength)
        return solve_rows(
            preferences, self.vectors, self.prior, strength, self.background, self._gramian
        )

    def user_vectors(self, preferences: CsrRows) -> Tensor:
        """The vectors alone, [n_users, d]."""
        return gather_means(self.solve(preferences), preferences.n_rows, self.vectors.shape[1])

    def fit(self, users: UserRatings) -> FittedVectors:
        if len(users) == 1:
            (posterior,) = self.solve(users.preferences)
            return FittedVectors(users, posterior.mean, (posterior,))
        return FittedVectors(users, self.user_vectors(users.preferences), ())

    def queries(self, fitted: FittedVectors) -> Tensor:
        return fitted.means

    def from_products(self, fitted: FittedVectors, products: Tensor) -> Tensor:
        return products

    def contributions(self, fitted: FittedVectors, items: npt.NDArray[np.int64]) -> Tensor:
        """See :func:`engine.linalg.gaussian.attribution`."""
        rated = torch.from_numpy(fitted.users.preferences.columns)
        preferences = torch.from_numpy(fitted.users.preferences.values)
        expected = (1 - self.background[rated]) * (self.vectors[rated] @ self.cold_start_vector)
        contributions = attribution(fitted.posterior, self.vectors[items], preferences - expected)
        return fitted.users.spread(contributions)

    @classmethod
    def spec(cls) -> Spec:
        return {
            "als.vectors": TensorSpec(("items", "factors")),
            "als.prior_mean": TensorSpec(("factors",)),
            "als.prior_precision": TensorSpec(("factors", "factors"), precision=True),
            "als.background": TensorSpec(("items",), low=0, high=1),
            "als.prior_strength": NumberSpec(low=TINY),
        }

    def to_parameters(self) -> Parameters:
        return Parameters(
            {
                "als.vectors": self.vectors,
                "als.prior_mean": self.prior.mean,
                "als.prior_precision": self.prior.precision,
                "als.background": self.background,
            },
            {"als.prior_strength": self.prior_strength},
        )

    @classmethod
    def from_parameters(cls, parameters: Parameters, items: Items) -> "AlsHead":
        tensors = parameters.tensors
        return cls(
            tensors["als.vectors"],
            Prior(tensors["als.prior_mean"], tensors["als.prior_precision"]),
            parameters.numbers["als.prior_strength"],
            tensors["als.background"],
        )

    @classmethod
    def train(
        cls,
        data: TrainingData,
        trained: Mapping[str, Scorer[Any]],
        on_step: Callable[[Progress, "AlsHead"], None],
    ) -> "AlsHead":
        settings: AlsSettings = data.settings[cls.name]
        numbers = count(1)

        def on_sweep(loss: float, head: AlsHead) -> None:
            on_step(Progress(next(numbers), settings.sweeps, loss), head)

        mine = data.by_item.shard(data.group.rank, data.group.size)
        features = data.items.movie_features[data.items.rows]
        return train_als(mine, features, settings, data.seed, on_sweep, group=data.group)


def train_als(
    ratings: Ratings,
    features: Tensor,
    settings: AlsSettings,
    seed: int,
    on_sweep: Callable[[float, AlsHead], None] | None = None,
    device: torch.device | None = None,
    group: ProcessGroup = SINGLE_PROCESS,
) -> AlsHead:
    """Train on ratings whose ``movies`` are rows of ``features`` [n_movies, f] and of the vectors.

    Each rank of a ``group`` gives the ratings of its own users
    (:meth:`engine.data.ratings.Ratings.shard`), and all get the same head.

    After each sweep ``on_sweep`` gets the loss (the weighted squared error per rating, without the
    ridge) and the head as it stands. ``device`` is a CUDA device by default where there is one;
    the heads are on the CPU in any case.
    """
    problem = AlsProblem.of(ratings, features, settings, device or _default_device(), group)
    generator = torch.Generator().manual_seed(seed)
    vectors = 0.1 * torch.randn(len(features), settings.factors, generator=generator)
    vectors, tastes = vectors.to(problem.features.device), None
    for _ in range(settings.sweeps):
        tastes, vectors = problem.sweep(vectors, tastes)
        head = AlsHead(
            vectors.cpu(),
            fit_user_prior(tastes.cpu(), group),
            settings.prior_strength,
            problem.users.background.columns.cpu(),
        )
        if on_sweep is not None:
            on_sweep(problem.users.loss(tastes, vectors), head)
    return head


def one_more_sweep(
    ratings: Ratings,
    features: Tensor,
    vectors: Tensor,
    settings: AlsSettings,
    group: ProcessGroup = SINGLE_PROCESS,
) -> Tensor:
    """Movie vectors [n_movies, d] after one more sweep over these ratings alone.

    Over the ratings of *other* users these are vectors that know nothing of a user's own ratings,
    in the same coordinates. A ``group`` has them dealt out as in :func:`train_als`.
    """
    device = _default_device()
    problem, vectors = AlsProblem.of(ratings, features, settings, device, group), vectors.to(device)
    return problem.solve_movies(problem.solve_users(vectors), problem.expected(vectors)).cpu()


def _default_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@dataclass(frozen=True)
class AlsProblem:
    """The equations of users and movies, and what the movies' vectors are expected from.

    ``features`` are [n_movies, f], ``reliance`` [n_movies] the weights of the movies there. The
    users are those of this rank of the group, the movies everybody's.
    """

    users: NormalEquations
    movies: NormalEquations
    features: Tensor
    reliance: Tensor

    @classmethod
    def of(
        cls,
        ratings: Ratings,
        features: Tensor,
        settings: AlsSettings,
        device: torch.device,
        group: ProcessGroup,
    ) -> "AlsProblem":
        preferences = preference(ratings.stars)
        by_user = CsrRows.from_triples(ratings.users, ratings.movies, preferences, ratings.n_users)
        by_movie = CsrRows.from_triples(ratings.movies, ratings.users, preferences, len(features))
        counts = group.all_reduce_(torch.from_numpy(by_movie.counts)).numpy()  # by all users
        background = Background(torch.ones(by_user.n_rows), _movie_weights(counts, settings))
        strengths = [settings.ridge * _root(n) for n in (by_user.counts, counts)]
        of = NormalEquations.of
        return cls(
            of(by_user, strengths[0], background, device, group),
            of(by_movie, strengths[1], background.T, device, group, by_columns=True),
            features.to(device),
            _root(counts).to(device),
        )

    def sweep(self, vectors: Tensor, tastes: Tensor | None) -> tuple[Tensor, Tensor]:
        """Users' tastes from the movies' vectors, then the movies' vectors from these.

        ``tastes`` are those of the sweep before, None in the first one.
        """
        tastes = self.solve_users(vectors, tastes)
        return tastes, self.solve_movies(tastes, self.expected(vectors), vectors)

    def solve_users(self, vectors: Tensor, start: Tensor | None = None) -> Tensor:
        return self.users.solve(vectors, torch.zeros_like(vectors[0]), start)

    def solve_movies(self, tastes: Tensor, expected: Tensor, start: Tensor | None = None) -> Tensor:
        return self.movies.solve(tastes, expected, start)

    def expected(self, vectors: Tensor) -> Tensor:
        """Movie vectors as their features alone foretell them, by weighted ridge regression."""
        weighted = self.features * self.reliance[:, None]
        a = weighted.T @ self.features
        a.diagonal().add_(_FEATURES_RIDGE)
        coefficients: Tensor = torch.linalg.solve(a, weighted.T @ vectors)
        return self.features @ coefficients


def fit_user_prior(tastes: Tensor, group: ProcessGroup = SINGLE_PROCESS) -> Prior:
    """The Gaussian of all ranks' users' vectors [n, d]; a small ridge keeps it invertible."""
    d = tastes.shape[1]
    n = int(group.all_reduce_(torch.tensor(len(tastes))))
    mean = group.all_reduce_(tastes.sum(0)) / n
    beside = tastes - mean
    covariance = group.all_reduce_(beside.T @ beside) / (n - 1)
    covariance += 1e-3 * covariance.diagonal().mean() * torch.eye(d)
    # In double precision: of fewer users than dimensions a float inverse may not be positive.
    return Prior(mean, torch.linalg.inv(covariance.double()).float())


def _movie_weights(counts: npt.NDArray[np.int64], settings: AlsSettings) -> Tensor:
    """Background weight of each movie [n_movies]; averaged over the ratings it is as set."""
    popularity = (counts + 1.0) ** settings.popularity
    weights = settings.background * popularity / np.average(popularity, weights=counts)
    return torch.from_numpy(np.minimum(weights, _MOST).astype(np.float32))


def _root(counts: npt.NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(np.sqrt(np.maximum(counts, 1)).astype(np.float32))
