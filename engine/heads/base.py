"""What every head has in common: how it scores, why, how it is trained, stored and loaded.

A new head is a class of :class:`Scorer` in a file of its own, a line in
:data:`engine.heads.registry.HEADS` and a test class that inherits
:mod:`tests.engine.heads.conformance`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Generic, Self, TypeVar

import numpy as np
import numpy.typing as npt
from torch import Tensor

from engine.data.ratings import Ratings
from engine.heads.items import Items, UserRatings
from engine.linalg.collective import SINGLE_PROCESS, ProcessGroup
from engine.linalg.gaussian import Posterior, gather_means
from engine.linalg.parameters import Parameters, Spec

F = TypeVar("F")


@dataclass(frozen=True, kw_only=True)
class HeadSettings:
    """What all heads can be set to; each adds its own, tuned on validation users."""

    weight: float = 1.0  # of the head's scores in the ensemble's
    half_weight_at: float = 0.0  # ratings of a user at which it has half its weight


@dataclass(frozen=True)
class TrainingData:
    """What heads learn from.

    Attributes
    ----------
    ratings
        All ratings, by catalogue row.
    items
        The films with ratings.
    settings
        Those of all heads, by their names.
    seed
        Of everything random.
    group
        The processes that train together, all of which have these data.
    """

    ratings: Ratings
    items: Items
    settings: Mapping[str, Any]
    seed: int = 1
    group: ProcessGroup = SINGLE_PROCESS

    @cached_property
    def by_item(self) -> Ratings:
        """The ratings with the films' numbers among the items."""
        positions = self.items.positions[self.ratings.movies]
        return Ratings(self.ratings.users, positions, self.ratings.stars)


@dataclass(frozen=True)
class Progress:
    """A step of training: its ``number`` of so many, and the ``loss`` on the training users."""

    number: int
    of: int
    loss: float


class Scorer(ABC, Generic[F]):
    """A head: it scores all items for people, and tells what each of their ratings did to it.

    What it makes of people's ratings, of type ``F``, is fitted once (:meth:`fit`) and then asked.
    For people without ratings too; many people get what each would get alone.
    """

    name: ClassVar[str]  # of its tensors and numbers, before the first dot
    settings: ClassVar[type[HeadSettings]] = HeadSettings

    @abstractmethod
    def fit(self, users: UserRatings) -> F:
        """Fit n users."""

    @abstractmethod
    def scores(self, fitted: F) -> Tensor:
        """Return the scores of all items, higher is earlier, [n_users, n_items]."""

    @abstractmethod
    def contributions(self, fitted: F, items: npt.NDArray[np.int64]) -> Tensor:
        """Return what each rating of a single user added to the scores of m items, [m, n_ratings].

        With the score of a user who rated nothing they sum to the score.
        """

    @classmethod
    @abstractmethod
    def spec(cls) -> Spec:
        """What its tensors and numbers must be, by their full names."""

    @abstractmethod
    def to_parameters(self) -> Parameters:
        """Return all of :meth:`spec`."""

    @classmethod
    @abstractmethod
    def from_parameters(cls, parameters: Parameters, items: Items) -> Self:
        """Return the head from its own among a model's sound ``parameters``."""

    @classmethod
    @abstractmethod
    def train(
        cls,
        data: TrainingData,
        trained: Mapping[str, "Scorer[Any]"],
        on_step: Callable[[Progress, Self], None],
    ) -> Self:
        """Train; ``trained`` are the heads before it in the list, by name.

        A head that is trained step by step tells each with the head as it then stands.
        """


class VectorScorer(Scorer[F]):
    """A head that scores by products with the items' vectors, those of the ALS head.

    Several such heads read them but once (:class:`engine.heads.ensemble.Ensemble`): at the size of
    a catalogue it is memory that takes the time.
    """

    vectors: Tensor  # of the items, [n_items, d]

    @cached_property
    def item_columns(self) -> Tensor:
        """The items' vectors as columns, [d, n_items]."""
        return self.vectors.T.contiguous()

    @abstractmethod
    def queries(self, fitted: F) -> Tensor:
        """What the items' vectors are multiplied with, [n_users, d]."""

    @abstractmethod
    def from_products(self, fitted: F, products: Tensor) -> Tensor:
        """Return the scores from ``products`` [n_users, n_items] of queries and items' vectors."""

    def scores(self, fitted: F) -> Tensor:
        return self.from_products(fitted, self.queries(fitted) @ self.item_columns)


@dataclass(frozen=True)
class FittedVectors:
    """People with Gaussian vectors: ``means`` [n_users, d], and the posterior of a single one."""

    users: UserRatings
    means: Tensor
    posteriors: tuple[Posterior, ...]

    @classmethod
    def of(cls, users: UserRatings, solved: Iterator[Posterior], d: int) -> "FittedVectors":
        """Gather what was ``solved`` for users, batch by batch; vectors have ``d`` numbers."""
        if len(users) == 1:
            (posterior,) = solved
            return cls(users, posterior.mean, (posterior,))
        return cls(users, gather_means(solved, len(users), d), ())

    @property
    def posterior(self) -> Posterior:
        (posterior,) = self.posteriors
        return posterior
