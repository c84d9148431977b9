r"""One order of films from all heads.

They know different things: the ALS head what people like a user watch and love, the star head
whether a user would like a film once they watch it, the EASE head which films go together one by
one. With the score :math:`s_{hi}` that head h gives film i, the score for a user of n ratings is

.. math::  s_i = \sum_h w_h \frac{n}{n + \nu_h} \, s_{hi}

with the weight :math:`w_h` and, for a head that has little to say of few ratings, :math:`\nu_h`, as
many ratings as it has half its weight at. All of it is linear in what was rated, so that each
rating's part in a score is known exactly; that takes a head with :math:`\nu_h > 0` to score
nothing for a user who rated nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from engine.heads import registry
from engine.heads.base import Scorer, VectorScorer, products
from engine.heads.items import Items, UserRatings
from engine.linalg.gaussian import Floats
from engine.linalg.parameters import NumberSpec, Parameters, Spec, TensorSpec

F = TypeVar("F")
H = TypeVar("H", bound=Scorer[Any])


@dataclass(frozen=True)
class Weight:
    """How much a head counts: w and nu above."""

    weight: float
    half_weight_at: float

    def at(self, n: npt.NDArray[np.int64]) -> Floats:
        """For people of ``n`` ratings [n_users], as a column [n_users, 1]."""
        share = n / (n + self.half_weight_at) if self.half_weight_at else np.ones(len(n))
        return (self.weight * share).astype(np.float32)[:, None]


class Fitted:
    """What each head makes of n users, made when it is first asked for.

    ``weights`` are those of the heads for these users, as of :meth:`Weight.at`.
    """

    def __init__(self, users: UserRatings, weights: Mapping[str, Weight]) -> None:
        n = users.preferences.counts
        self.users = users
        self.weights = {name: weight.at(n) for name, weight in weights.items()}
        self._of: dict[str, Any] = {}

    def by(self, head: Scorer[F]) -> F:
        if head.name not in self._of:
            self._of[head.name] = head.fit(self.users)
        fitted: F = self._of[head.name]
        return fitted


class Ensemble:
    """The heads that score the ``items``, each with its weight."""

    def __init__(
        self, items: Items, heads: Sequence[Scorer[Any]], weights: Mapping[str, Weight]
    ) -> None:
        self.items, self.heads, self.weights = items, tuple(heads), weights

    def __getitem__(self, kind: type[H]) -> H:
        (head,) = (head for head in self.heads if isinstance(head, kind))
        return head

    def fit(self, users: UserRatings) -> Fitted:
        """Fit n users, each head when it is first asked."""
        return Fitted(users, self.weights)

    def scores(self, fitted: Fitted) -> Floats:
        """The scores of all items for people, [n_users, n_items]."""
        scores = np.zeros((len(fitted.users), len(self.items)), np.float32)
        for head, own in self._scores(fitted):
            own *= fitted.weights[head.name]
            scores += own
        return scores

    def _scores(self, fitted: Fitted) -> Iterator[tuple[Scorer[Any], Floats]]:
        """Each head's scores; the items' vectors are read once for all that multiply with them."""
        sharing = [head for head in self.heads if isinstance(head, VectorScorer)]
        queries = [head.queries(fitted.by(head)) for head in sharing]
        if sharing:
            together = products(np.concatenate(queries), sharing[0].item_columns)
            parts = together.reshape(len(sharing), len(fitted.users), -1)
            for head, own in zip(sharing, parts, strict=True):
                yield head, head.from_products(fitted.by(head), own)
        for other in self.heads:
            if not isinstance(other, VectorScorer):
                yield other, other.scores(fitted.by(other))

    def contributions(self, fitted: Fitted, items: npt.NDArray[np.int64]) -> Floats:
        """What each rating of a single user added to the scores of m > 0 items, [m, n_ratings]."""
        contributions = np.zeros((len(items), len(fitted.users.scored)), np.float32)
        for head in self.heads:
            own = head.contributions(fitted.by(head), items)
            contributions += fitted.weights[head.name] * own
        return contributions

    @classmethod
    def spec(cls) -> dict[str, TensorSpec | NumberSpec]:
        """What the tensors and numbers of all heads must be."""
        spec: dict[str, TensorSpec | NumberSpec] = {}
        for head in registry.HEADS:
            own: Spec = head.spec()
            spec |= own
            spec[f"{head.name}.weight"] = NumberSpec()
            spec[f"{head.name}.half_weight_at"] = NumberSpec(low=0)
        return spec

    def to_parameters(self) -> Parameters:
        parameters = Parameters({})
        for head in self.heads:
            weight = self.weights[head.name]
            numbers = {
                f"{head.name}.weight": weight.weight,
                f"{head.name}.half_weight_at": weight.half_weight_at,
            }
            parameters = parameters | head.to_parameters() | Parameters({}, numbers)
        return parameters

    @classmethod
    def from_parameters(cls, parameters: Parameters, items: Items) -> "Ensemble":
        numbers = parameters.numbers
        return cls(
            items,
            [head.from_parameters(parameters, items) for head in registry.HEADS],
            {
                head.name: Weight(
                    numbers[f"{head.name}.weight"], numbers[f"{head.name}.half_weight_at"]
                )
                for head in registry.HEADS
            },
        )
