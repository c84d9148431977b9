"""The trained numbers of a bundle."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Tensors:
    """The trained numbers. n_rated films have vectors; there are n_users MovieLens users.

    ==================  =======================  ==================================================
    field               shape and type           meaning
    ==================  =======================  ==================================================
    rated_rows          [n_rated] int64          catalogue rows of the films with vectors
    vectors             [n_rated, d] float32     movie vectors of the ranking head
    ranking_mean        [d] float32              prior of users' ranking vectors
    ranking_precision   [d, d] float32
    background          [n_rated] float32        weight of a film where a user did not rate it
    star_mean           [f] float32              prior of users' star coefficients
    star_precision      [f, f] float32
    star_spread         [10] float32             factor of the std where 0.5, 1 .. 5 are foretold
    scalars             [6] float64              global mean and noise variance of stars (stars²);
                                                 prior strength of ranking; BlendSettings
    item_offsets        [n_rated + 1] int64      the item-item weights, film by film
    item_sources        [n_weights] int32        rows of ``vectors``
    item_weights        [n_weights] float16
    atlas               [n_rated, 2] float32     UMAP coordinates
    user_offsets        [n_users + 1] int64      the MovieLens users' ratings, row by row
    user_movies         [n_ratings] int32        rows of ``vectors``
    user_half_stars     [n_ratings] uint8        stars times two
    user_vectors        [n_users, d] float32     the users' ranking vectors
    ==================  =======================  ==================================================
    """

    rated_rows: Tensor
    vectors: Tensor
    ranking_mean: Tensor
    ranking_precision: Tensor
    background: Tensor
    star_mean: Tensor
    star_precision: Tensor
    star_spread: Tensor
    scalars: Tensor
    item_offsets: Tensor
    item_sources: Tensor
    item_weights: Tensor
    atlas: Tensor
    user_offsets: Tensor
    user_movies: Tensor
    user_half_stars: Tensor
    user_vectors: Tensor
