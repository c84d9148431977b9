"""People whose taste is known: MovieLens users, and the study's author."""

import numpy as np

from engine import TasteModel

TOY_STORY, TOY_STORY_2, SHAWSHANK, MATRIX, SCREAM, ALIEN, ALIENS = (
    1,
    3114,
    318,
    2571,
    1407,
    1214,
    1200,
)

# The ten ratings of the study that the project grows out of.
STUDY = {
    2: 4.0,  # Jumanji (1995)
    ALIEN: 5.0,
    ALIENS: 4.5,
    5882: 4.0,  # Treasure Planet (2002)
    137859: 1.0,  # Dragon Ball Z Gaiden: The Plot to Destroy the Saiyans (1993)
    250858: 1.0,  # Doctor Who: The Waters of Mars (2009)
    162578: 2.5,  # Kubo and the Two Strings (2016)
    159858: 4.0,  # The Conjuring 2 (2016)
    177765: 3.5,  # Coco (2017)
    189333: 4.0,  # Mission: Impossible - Fallout (2018)
}


def ratings_of(model: TasteModel, user: int) -> dict[int, float]:
    """The ratings of a MovieLens user of the bundle."""
    theirs = model.user_ratings.rows(user, user + 1)
    rows = model.rated_rows[theirs.columns]
    return dict(zip(model.movie_ids[rows].tolist(), theirs.values.tolist(), strict=True))


def users_with(model: TasteModel, least: int, n: int) -> list[int]:
    """Codes of ``n`` MovieLens users with ``least`` ratings or more, spread over all of them."""
    lengths = model.user_ratings.counts
    eligible = np.flatnonzero(lengths >= least)
    return eligible[np.linspace(0, len(eligible) - 1, n).astype(int)].tolist()
