"""What every head has in common: how it scores, why, how it is stored and loaded.

A new head is a class of :class:`Scorer` in a file of its own, a line in
:data:`engine.heads.registry.HEADS`, another in :data:`engine.training.trainers.TRAINERS` for how it
is trained, and a test class that inherits :mod:`tests.engine.heads.conformance`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Generic, Self, TypeVar

import numpy as np
import numpy.typing as npt

from engine.heads.items import Items, UserRatings
from engine.linalg.gaussian import Floats, Posterior, gather_means
from engine.linalg.parameters import Parameters, Spec

F = TypeVar("F")

_ROW_BY_ROW = 4  # queries at most


class Scorer(ABC, Generic[F]):
    """A head: it scores all items for people, and tells what each of their ratings did to it.

    What it makes of people's ratings, of type ``F``, is fitted once (:meth:`fit`) and then asked.
    For people without ratings too; many people get what each would get alone.
    """

    name: ClassVar[str]  # of its tensors and numbers, before the first dot

    @abstractmethod
    def fit(self, users: UserRatings) -> F:
        """Fit n users."""

    @abstractmethod
    def scores(self, fitted: F) -> Floats:
        """Return the scores of all items, higher is earlier, [n_users, n_items]."""

    @abstractmethod
    def contributions(self, fitted: F, items: npt.NDArray[np.int64]) -> Floats:
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


class VectorScorer(Scorer[F]):
    """A head that scores by products with the items' vectors, those of the ALS head.

    Several such heads read them but once (:class:`engine.heads.ensemble.Ensemble`): at the size of
    a catalogue it is memory that takes the time.
    """

    vectors: Floats  # of the items, [n_items, d]

    @cached_property
    def item_columns(self) -> Floats:
        """The items' vectors as columns, [d, n_items]."""
        return np.ascontiguousarray(self.vectors.T)

    @abstractmethod
    def queries(self, fitted: F) -> Floats:
        """What the items' vectors are multiplied with, [n_users, d]."""

    @abstractmethod
    def from_products(self, fitted: F, products: Floats) -> Floats:
        """Return the scores from ``products`` [n_users, n_items] of queries and items' vectors."""

    def scores(self, fitted: F) -> Floats:
        return self.from_products(fitted, products(self.queries(fitted), self.item_columns))


def products(queries: Floats, item_columns: Floats) -> Floats:
    """The matrix product [n, n_items] of n queries [n, d] and items' vectors [d, n_items]."""
    if len(queries) > _ROW_BY_ROW:
        return queries @ item_columns
    # In a third of the time, as BLAS lays the whole matrix out anew for the product of matrices.
    return np.array([query @ item_columns for query in queries])


@dataclass(frozen=True)
class FittedVectors:
    """People with Gaussian vectors: ``means`` [n_users, d], and the posterior of a single one."""

    users: UserRatings
    means: Floats
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
