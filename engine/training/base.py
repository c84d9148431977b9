"""What the training of all heads has in common: what they learn from, and progress."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.data.ratings import Ratings
from engine.heads.base import Scorer
from engine.heads.items import Items
from engine.training.process_group import SINGLE_PROCESS, ProcessGroup


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


OnStep = Callable[[Progress, Scorer[Any]], None]  # gets each step, with the head as it then stands
