"""The scale of stars."""

import numpy as np

from engine.data.ratings import preference


def test_stars_become_a_graded_preference() -> None:
    stars = np.array([0.5, 1.5, 3.25, 5.0], dtype=np.float32)
    assert preference(stars).tolist() == [0.0, 0.0, 0.5, 1.0]
