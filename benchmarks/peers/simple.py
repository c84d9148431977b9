"""The two that every recommender has to beat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.peers.peer import Peer, from_stars
from benchmarks.peers.settings import tried
from engine.data.catalogue import Catalogue
from engine.data.ratings import Ratings
from engine.training.evaluate import Predictions
from engine.training.splits import UserSplit


class Popular(Peer):
    """The films with most ratings, for every user."""

    name = "most popular"

    def __init__(self, catalogue: Catalogue, training: Ratings, settings: Peer.Settings) -> None:
        self._counts = catalogue.counts.astype(np.float32)

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        return [Predictions(self._counts) for _ in held_out]


class Biases(Peer):
    """Mean + film bias + user bias, the latter shrunk as if by some ratings more."""

    name = "biases only"

    @dataclass(frozen=True)
    class Settings(Peer.Settings):
        shrinkage: float = tried(5, 1, 2, 3, 5, 10, by="rmse")
        listed_from: int = tried(80_000, 3_000, 10_000, 30_000, 60_000, 80_000)

    def __init__(self, catalogue: Catalogue, training: Ratings, settings: Settings) -> None:
        total = float((catalogue.counts * catalogue.means).sum())
        self._level = (total / catalogue.counts.sum() + catalogue.biases).astype(np.float32)
        self._listed = catalogue.counts >= settings.listed_from
        self._shrinkage = settings.shrinkage

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        for case in held_out:
            residual = case.given_stars - self._level[case.given]
            bias = residual.sum() / (len(residual) + self._shrinkage)
            yield from_stars(self._level + bias, case, self._listed)
