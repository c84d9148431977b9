"""How far each movie's ratings lie above or below the mean of all ratings."""

import numpy as np
import numpy.typing as npt

BIAS_SHRINKAGE = 5.0  # as many imaginary ratings at the global mean


def movie_bias(
    counts: npt.NDArray[np.int64], means: npt.NDArray[np.float64], shrinkage: float
) -> tuple[float, npt.NDArray[np.float32]]:
    """Return the global mean of all ratings, and each movie's bias [n] shrunk to 0 by its count.

    Parameters
    ----------
    counts
        Number of ratings of each movie, [n].
    means
        Mean stars of each movie, [n]; ignored where ``counts`` is 0, where the bias is 0.
    shrinkage
        As many imaginary ratings at the global mean.
    """
    total = np.where(counts > 0, means, 0.0) * counts
    mean = float(total.sum() / max(counts.sum(), 1))
    return mean, ((total - mean * counts) / (counts + shrinkage)).astype(np.float32)
