r"""Look-alikes: one vector per film whose dot product says how alike two films are.

Three signals stand side by side in it, each as a unit vector times the root of its weight:

- *audience*: the correlation, over the population of users, of what the ranking head predicts for
  the two films. With users' precision :math:`P = L L^T` that is the cosine of :math:`L^{-1} y_a`
  and :math:`L^{-1} y_b`. Being a correlation it is free of the mean taste, so that films are not
  alike for being popular. Films with few ratings count less.
- *genres*, weighted by how rare they are (inverse document frequency).
- *age*: bumps along the years of release.

A film without ratings has the last two alone.
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.catalogue import Catalogue
from engine.posterior import Prior

AUDIENCE, GENRES, AGE = 0.55, 0.35, 0.10
_RELIABLE = 3.0  # ratings at which a film's audience signal has half its weight
_DECADES = np.arange(1910, 2030, 10)
_UNKNOWN_YEAR = 1990


def look_alike_vectors(
    catalogue: Catalogue, rated_rows: Tensor, vectors: Tensor, prior: Prior, n_ratings: Tensor
) -> Tensor:
    """Vectors [n_movies, d + n_genres + n_decades] whose dot product is the likeness, at most 1.

    ``vectors`` [n_rated, d] and ``n_ratings`` [n_rated], the ratings each was trained on, belong to
    the catalogue rows ``rated_rows``.
    """
    factor = torch.linalg.cholesky(prior.precision)
    spread = torch.linalg.solve_triangular(factor, vectors.T, upper=False).T
    audience = torch.zeros(len(catalogue), vectors.shape[1])
    reliability = (n_ratings / (n_ratings + _RELIABLE)).sqrt()
    audience[rated_rows] = unit(spread) * reliability[:, None]
    parts = (
        AUDIENCE**0.5 * audience,
        GENRES**0.5 * _genre_vectors(catalogue.genres),
        AGE**0.5 * _age_vectors(catalogue.years),
    )
    return torch.cat(parts, dim=1)


def unit(vectors: Tensor) -> Tensor:
    """Rows scaled to length 1; a row of zeros stays so."""
    return torch.nn.functional.normalize(vectors, dim=1)


def _genre_vectors(genres: npt.NDArray[np.bool_]) -> Tensor:
    rarity = np.log(len(genres) / np.maximum(genres.sum(0), 1))
    return unit(torch.from_numpy((genres * rarity).astype(np.float32)))


def _age_vectors(years: npt.NDArray[np.int16]) -> Tensor:
    known = np.where(years > 0, years, _UNKNOWN_YEAR)
    bumps = np.exp(-0.5 * ((known[:, None] - _DECADES) / 8.0) ** 2)
    return unit(torch.from_numpy(bumps.astype(np.float32)))
