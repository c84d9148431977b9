"""Stars for methods that know only how much a user interacted with a film."""

from typing import Literal

import numpy as np

from engine.training.evaluate import Floats

Feedback = Literal["rated", "liked", "stars"]


def values(feedback: Feedback, stars: Floats) -> Floats:
    """What each rating counts for; 0: as if it were not there."""
    counts = {"rated": np.ones_like(stars), "liked": stars >= 4, "stars": stars / 5}
    return counts[feedback].astype(np.float32)
