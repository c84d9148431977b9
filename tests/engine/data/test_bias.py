"""How a movie's bias is shrunk."""

import numpy as np
import pytest

from engine.data.bias import movie_bias


def test_the_bias_of_a_film_is_shrunk_by_its_count() -> None:
    counts = np.array([0, 5, 1000])
    mean, biases = movie_bias(counts, np.array([99.0, 5.0, 2.0]), shrinkage=5.0)
    assert mean == pytest.approx((5 * 5.0 + 1000 * 2.0) / 1005)
    assert biases.tolist() == pytest.approx(
        [0.0, 5 * (5.0 - mean) / 10, 1000 * (2.0 - mean) / 1005], abs=1e-6
    )


def test_nobody_having_rated_gives_no_bias() -> None:
    mean, biases = movie_bias(np.zeros(2, np.int64), np.zeros(2), shrinkage=5.0)
    assert mean == 0
    assert biases.tolist() == [0, 0]
