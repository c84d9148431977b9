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

from engine.data.ratings import Ratings
from engine.heads.als_problem import AlsProblem, AlsSettings, fit_user_prior
from engine.heads.base import (
    FittedVectors,
    HeadSettings,
    Progress,
    Scorer,
    TrainingData,
    VectorScorer,
)
from engine.heads.items import Items, UserRatings
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
    def cold_start_vector(self) -> Tensor:
        """The vector [d] of a user who rated nothing."""
        nothing = CsrRows.single(np.empty(0, np.int64), np.empty(0, np.float32))
        return self.user_vectors(nothing)[0]

    def solve(self, preferences: CsrRows) -> Iterator[Posterior]:
        """Return the posteriors of users, by batches, from their preferences by item."""
        strength = torch.full((preferences.n_rows,), self.prior_strength)
        return solve_rows(
            preferences, self.vectors, self.prior, strength, self.background, self._gramian
        )

    def user_vectors(self, preferences: CsrRows) -> Tensor:
        """Return the users' vectors alone, [n_users, d], from their preferences by item."""
        return gather_means(self.solve(preferences), preferences.n_rows, self.vectors.shape[1])

    def fit(self, users: UserRatings) -> FittedVectors:
        return FittedVectors.of(users, self.solve(users.preferences), self.vectors.shape[1])

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
    """Return the head trained on some ratings.

    Parameters
    ----------
    ratings
        Their ``movies`` are rows of ``features`` and of the vectors; each rank of a ``group`` gives
        those of its own users (:meth:`engine.data.ratings.Ratings.shard`), and all get the same
        head.
    features
        What is known of the movies besides, [n_movies, f].
    settings
        The head's.
    seed
        Of the vectors to begin with.
    on_sweep
        Gets, after each sweep, the loss (the weighted squared error per rating, without the ridge)
        and the head as it stands.
    device
        To compute on; a CUDA device by default where there is one. The heads are on the CPU.
    group
        The processes that train together.
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
    """Return movie vectors [n_movies, d] after one more sweep over some ratings alone.

    Over the ratings of *other* users these are vectors that know nothing of a user's own ratings,
    in the same coordinates.

    Parameters
    ----------
    ratings
        As in :func:`train_als`, dealt out among the ``group``.
    features
        What is known of the movies besides, [n_movies, f].
    vectors
        Those to begin with, [n_movies, d].
    settings
        The head's.
    group
        The processes that train together.
    """
    device = _default_device()
    problem, vectors = AlsProblem.of(ratings, features, settings, device, group), vectors.to(device)
    return problem.solve_movies(problem.solve_users(vectors), problem.expected(vectors)).cpu()


def _default_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
