"""What is known of a film besides who rated it: age, fame, level and genres, as numbers.

The ranking head expects films with few ratings to be like others of the same kind; the star head
learns what each user makes of them.
"""

import numpy as np
import torch
from torch import Tensor

from engine.data.catalogue import Catalogue


def movie_features(catalogue: Catalogue) -> Tensor:
    """Features [n_movies, 4 + n_genres] float32: constant, age, fame, level, genres.

    Age is in steps of 30 years from 1990, 0 if unknown; fame grows with the logarithm of the
    MovieLens rating count; level is the film's bias in stars.
    """
    years = catalogue.years
    age = np.where(years > 0, (years - 1990.0) / 30.0, 0.0)
    fame = np.log1p(catalogue.counts) / 10.0
    columns = [np.ones(len(catalogue)), age, fame, catalogue.biases, catalogue.genres]
    return torch.from_numpy(np.column_stack(columns).astype(np.float32))
