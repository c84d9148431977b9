"""What a peer is, and what several of them share."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from engine.data.catalogue import Catalogue
from engine.data.ratings import STARS_HIGH, STARS_LOW, Ratings
from engine.training.evaluate import Floats, Predictions, Rows
from engine.training.splits import UserSplit


class Peer(ABC):
    """A recommender trained on some ratings, by catalogue row, with its settings."""

    name: ClassVar[str]

    @dataclass(frozen=True)
    class Settings:
        """The defaults are those that did best on the validation users."""

    @abstractmethod
    def __init__(self, catalogue: Catalogue, training: Ratings, settings: Any) -> None: ...

    @abstractmethod
    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        """As :class:`engine.training.evaluate.Recommender`."""


def from_stars(stars: Floats, case: UserSplit, listed: np.ndarray) -> Predictions:
    """Return the predictions of a method that ranks by its predicted ``stars``.

    Both ``stars`` and ``listed`` are [n_movies]. A film with two ratings of 5 would lead every such
    list, so that only the ``listed`` films, those with ratings enough, are ranked.
    """
    hidden = np.clip(stars[case.hidden], STARS_LOW, STARS_HIGH)
    return Predictions(np.where(listed, stars, -np.inf), hidden)


def rating_counts(catalogue: Catalogue, training: Ratings) -> Rows:
    """How often each movie was rated in training, [n_movies]."""
    return np.bincount(training.movies, minlength=len(catalogue))
