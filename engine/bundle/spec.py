"""What stands in a bundle: the parameters of all heads, and those that no head owns."""

import numpy as np

from engine.data.features import N_MOVIE_FEATURES
from engine.heads.ensemble import Ensemble
from engine.insights.regions import MOST_REGIONS
from engine.linalg.parameters import NumberSpec, Spec, TensorSpec

OTHERS: Spec = {
    # Catalogue rows of the films with vectors, and the mean of all ratings.
    "items.rows": TensorSpec(("items",), np.int64, index_of="movies", distinct=True),
    "items.global_mean": NumberSpec(),
    # The MovieLens users' ratings, user by user, and their vectors of the ALS head.
    "users.items": TensorSpec(("ratings",), np.int32, index_of="items"),
    "users.half_stars": TensorSpec(("ratings",), np.uint8, low=1, high=10),
    "users.offsets": TensorSpec(("users + 1",), np.int64, offsets_into="ratings"),
    "users.vectors": TensorSpec(("users", "factors")),
    # UMAP coordinates of the items, and the number of each one's region, -1 for none.
    "map.coordinates": TensorSpec(("items", 2)),
    "map.regions": TensorSpec(("items",), np.int16, low=-1, high=MOST_REGIONS - 1),
    # The axes of the dimensions of taste (engine.linalg.factor_rotation).
    "dimensions.rotation": TensorSpec(("factors", "factors"), np.float64, orthogonal=True),
}


def spec() -> Spec:
    """What all parameters of a bundle must be, in the order in which they are checked."""
    return {**OTHERS, **Ensemble.spec()}


def known_sizes(n_movies: int) -> dict[str, int]:
    """The sizes that do not depend on what was learned."""
    return {"movies": n_movies, "movie features": N_MOVIE_FEATURES}
