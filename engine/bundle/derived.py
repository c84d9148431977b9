"""What follows from the parameters of a model but takes long to find: it is stored with them."""

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import Catalogue
from engine.insights.dimensions import taste_rotation
from engine.insights.regions import k_means
from engine.linalg.gaussian import Prior
from engine.linalg.parameters import Parameters


def without_insights(parameters: Parameters) -> Parameters:
    """The parameters with a map on which all films lie at one point, and any dimensions."""
    n, d = parameters.tensors["als.vectors"].shape
    return parameters | Parameters(
        {
            "map.coordinates": np.zeros((n, 2), np.float32),
            "map.regions": np.full(n, -1, np.int16),
            "dimensions.rotation": np.eye(d),
        }
    )


def with_dimensions(parameters: Parameters, catalogue: Catalogue) -> Parameters:
    """The parameters with the rotation of the dimensions of taste."""
    tensors, known = parameters.tensors, _well_known(parameters, catalogue)
    n_ratings = np.bincount(tensors["users.items"], minlength=len(tensors["items.rows"]))
    rotation = taste_rotation(
        tensors["als.vectors"][known],
        n_ratings[known].astype(np.float32),
        Prior(tensors["als.prior_mean"], tensors["als.prior_precision"]),
    )
    return parameters | Parameters({"dimensions.rotation": rotation})


def with_regions(parameters: Parameters, catalogue: Catalogue) -> Parameters:
    """The parameters with the regions of the map, of the well-known films."""
    known, points = _well_known(parameters, catalogue), parameters.tensors["map.coordinates"]
    regions = np.full(len(points), -1, np.int16)
    regions[known] = k_means(points[known])
    return parameters | Parameters({"map.regions": regions})


def _well_known(parameters: Parameters, catalogue: Catalogue) -> npt.NDArray[np.int64]:
    """The items among the well-known films, most rated first."""
    rows = parameters.tensors["items.rows"]
    positions = np.full(len(catalogue), -1)
    positions[rows] = np.arange(len(rows))
    known = positions[catalogue.well_known]
    return known[known >= 0]
