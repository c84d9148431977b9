"""A trained model: a bundle's arrays and heads, and the tables that lead from one to another."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.bundle.io import Bundle
from engine.data.catalogue import Catalogue
from engine.heads.als import AlsHead
from engine.heads.ensemble import Ensemble
from engine.heads.items import Items
from engine.heads.star_head import StarHead
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Floats
from engine.linalg.parameters import Array
from engine.similarity.items import whiten_items

_ENOUGH = 50  # ratings of a film to recommend it


class TrainedModel:
    """What recommending works on; :class:`engine.model.TasteModel` is this with all its methods.

    Immutable and safe to use from several threads.

    Attributes
    ----------
    movie_ids
        The order of every array, int64 [n_movies].
    items
        The films that the heads score (:class:`engine.heads.items.Items`).
    rated_rows, rated_position
        The items' catalogue rows [n_items], and the inverse [n_movies], -1 for a film that is none.
    n_ratings
        How often the MovieLens users of the bundle rated each item, [n_items].
    item_baseline
        The stars that a film is given by people of no particular taste, [n_movies].
    ensemble, als, stars
        All heads together, and the two whose fits other parts of the engine build on.
    cold_start_vector
        The vector of the ALS head of a user who rated nothing, [d].
    """

    def __init__(self, bundle: Bundle) -> None:
        tensors, numbers = bundle.parameters.tensors, bundle.parameters.numbers
        self.bundle = bundle
        self.card = bundle.card
        self.catalogue: Catalogue = bundle.catalogue
        self.movie_ids: npt.NDArray[np.int64] = bundle.catalogue.movie_ids
        self.rated_rows: npt.NDArray[np.int64] = tensors["items.rows"]
        rated = np.bincount(tensors["users.items"], minlength=len(self.rated_rows))
        self.n_ratings: Floats = rated.astype(np.float32)
        self.items = Items.of(
            self.catalogue, self.rated_rows, self.n_ratings, numbers["items.global_mean"]
        )
        self.rated_position = self.items.positions
        self.item_baseline = self.items.baseline
        self.ensemble = Ensemble.from_parameters(bundle.parameters, self.items)
        self.als = self.ensemble[AlsHead]
        self.stars = self.ensemble[StarHead]
        self.cold_start_vector = self.als.cold_start_vector

    @property
    def well_known(self) -> npt.NDArray[np.int64]:
        """Catalogue rows of the films with most ratings, most first."""
        return self.catalogue.well_known

    @property
    def map_coordinates(self) -> Floats:
        """Where the items lie on the map, [n_items, 2]."""
        return self._tensor("map.coordinates")

    @property
    def user_vectors(self) -> Floats:
        """The vectors of the ALS head of the MovieLens users, [n_users, d]."""
        return self._tensor("users.vectors")

    @cached_property
    def user_ratings(self) -> CsrRows:
        """The MovieLens users' stars, row by row; the columns are items."""
        return CsrRows(
            self._tensor("users.offsets"),
            self._tensor("users.items").astype(np.int64),
            self._tensor("users.half_stars") * np.float32(0.5),
        )

    @cached_property
    def least_count(self) -> int:
        """Ratings a film needs to be recommended: 50, or what the well-known have in small data."""
        return int(np.clip(self.catalogue.counts[self.well_known[-1]], 1, _ENOUGH))

    @cached_property
    def rated_share(self) -> Floats:
        """Share of the MovieLens users that rated each item, [n_items]."""
        share: Floats = self.n_ratings / np.float32(self.user_ratings.n_rows)
        return share

    @cached_property
    def gem_counts(self) -> tuple[int, int]:
        """Fewest and most ratings of a hidden gem: a tenth of the least well-known's, its own."""
        most = int(self.catalogue.counts[self.well_known[-1]])
        return max(most // 10, 1), most

    @cached_property
    def directions(self) -> Floats:
        """Whitened item vectors, float32 [n_items + 1, d]: what sets a film's audience apart.

        In the last row is nothing: ``directions[rated_position]`` is 0 for films without a vector.
        """
        return np.pad(whiten_items(self.als.vectors), ((0, 1), (0, 0)))

    def _tensor(self, name: str) -> Array:
        return self.bundle.parameters.tensors[name]
