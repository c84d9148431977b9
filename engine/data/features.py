"""What is known of a movie besides who rated it: age, fame, bias and genres, as numbers.

The ALS head expects movies with few ratings to be like others of their genres and age; the star
head learns what each user makes of them.
"""

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import GENRES, Catalogue

N_MOVIE_FEATURES = 4 + len(GENRES)


def movie_features(catalogue: Catalogue) -> npt.NDArray[np.float32]:
    """Return features [n_movies, 4 + n_genres] float32: constant, age, fame, bias, genres.

    Age is in steps of 30 years from 1990, 0 if unknown; fame grows with the logarithm of the
    MovieLens rating count; the bias is in stars.
    """
    years = catalogue.years
    age = np.where(years > 0, (years - 1990.0) / 30.0, 0.0)
    fame = np.log1p(catalogue.counts) / 10.0
    columns = [np.ones(len(catalogue)), age, fame, catalogue.biases, catalogue.genres]
    return np.column_stack(columns).astype(np.float32)
