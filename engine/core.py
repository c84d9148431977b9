"""A trained model: a bundle's arrays and heads, and the tables that lead from one to another."""

from functools import cached_property

import numpy as np
import numpy.typing as npt
import torch

from engine.bundle.io import Bundle
from engine.data.catalogue import Catalogue
from engine.data.features import movie_features
from engine.heads.als import RankingHead
from engine.heads.ease import ItemItemHead
from engine.heads.ensemble import Blend, BlendSettings
from engine.heads.star_regression import StarHead, star_features
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Prior
from engine.similarity.items import whiten_items

_ENOUGH = 50  # ratings of a film to recommend it


class TrainedModel:
    """What recommending works on; :class:`engine.model.TasteModel` is this with all its methods.

    Immutable and safe to use from several threads. Besides the contract's ``movie_ids`` (int64
    [n_movies], the order of every array), these tables serve the parts of the engine:
    ``rated_rows`` [n_rated] catalogue rows of the films with ranking vectors, ``rated_position``
    [n_movies] the inverse (-1 without), ``n_ratings`` [n_rated] how often the MovieLens users of
    the bundle rated each, ``item_baseline`` [n_movies] the stars that a film is given by people of
    no particular taste, ``features`` [n_movies, f] of the star head, ``cold_start_vector`` [d] the
    ranking vector of somebody who rated nothing.
    """

    def __init__(self, bundle: Bundle) -> None:
        tensors = bundle.tensors
        self.bundle = bundle
        self.card = bundle.card
        self.catalogue: Catalogue = bundle.catalogue
        self.movie_ids: npt.NDArray[np.int64] = bundle.catalogue.movie_ids
        self.global_mean, noise, prior_strength, *blending = tensors.scalars.tolist()
        self.ranking = RankingHead(
            tensors.vectors,
            Prior(tensors.ranking_mean, tensors.ranking_precision),
            prior_strength,
            tensors.background,
        )
        star_prior = Prior(tensors.star_mean, tensors.star_precision)
        self.stars = StarHead(star_prior, noise, tensors.star_spread.numpy())
        self.item_baseline = np.float32(self.global_mean) + self.catalogue.biases
        self.rated_rows = tensors.rated_rows
        self.rated_position = np.full(len(self.catalogue), -1, dtype=np.int64)
        self.rated_position[tensors.rated_rows.numpy()] = np.arange(len(tensors.rated_rows))
        self.n_ratings = torch.bincount(
            tensors.user_movies.long(), minlength=len(tensors.vectors)
        ).float()
        films = movie_features(self.catalogue)
        self.features = star_features(films, self.rated_rows, tensors.vectors, self.n_ratings)
        items = ItemItemHead(
            CsrRows(
                tensors.item_offsets.numpy(),
                tensors.item_sources.long().numpy(),
                tensors.item_weights.float().numpy(),
            )
        )
        self.blend = Blend(
            tensors.vectors,
            self.features[self.rated_rows],
            torch.from_numpy(self.catalogue.biases)[self.rated_rows],
            items,
            BlendSettings(*blending),
        )
        nothing = CsrRows.single(np.empty(0, np.int64), np.empty(0, np.float32))
        self.cold_start_vector = self.ranking.fit(nothing)[0]

    @property
    def well_known(self) -> npt.NDArray[np.int64]:
        """Catalogue rows of the films with most ratings, most first."""
        return self.catalogue.well_known

    @property
    def map_coordinates(self) -> npt.NDArray[np.float32]:
        """Where the films with ranking vectors lie on the map, [n_rated, 2]."""
        coordinates: npt.NDArray[np.float32] = self.bundle.tensors.atlas.numpy()
        return coordinates

    @property
    def user_vectors(self) -> torch.Tensor:
        """The ranking vectors of the MovieLens users, [n_users, d]."""
        return self.bundle.tensors.user_vectors

    @cached_property
    def user_ratings(self) -> CsrRows:
        """The MovieLens users' stars, row by row; columns are rows of the ranking vectors."""
        tensors = self.bundle.tensors
        return CsrRows(
            tensors.user_offsets.numpy(),
            tensors.user_movies.long().numpy(),
            (tensors.user_half_stars.float() / 2).numpy(),
        )

    @cached_property
    def least_count(self) -> int:
        """Ratings a film needs to be recommended: 50, or what the well-known have in small data."""
        return int(np.clip(self.catalogue.counts[self.well_known[-1]], 1, _ENOUGH))

    @cached_property
    def rated_share(self) -> npt.NDArray[np.float32]:
        """Share of the MovieLens users that rated each film with a ranking vector, [n_rated]."""
        share: npt.NDArray[np.float32] = (self.n_ratings / self.user_ratings.n_rows).numpy()
        return share

    @cached_property
    def gem_counts(self) -> tuple[int, int]:
        """Fewest and most ratings of a hidden gem: a tenth of the least well-known's, its own."""
        most = int(self.catalogue.counts[self.well_known[-1]])
        return max(most // 10, 1), most

    @cached_property
    def directions(self) -> npt.NDArray[np.float32]:
        """Whitened ranking vectors, float32 [n_rated + 1, d]: what sets a film's audience apart.

        In the last row is nothing: ``directions[rated_position]`` is 0 for films without a vector.
        """
        vectors = whiten_items(self.ranking.vectors)
        result: npt.NDArray[np.float32] = torch.nn.functional.pad(vectors, (0, 0, 0, 1)).numpy()
        return result
