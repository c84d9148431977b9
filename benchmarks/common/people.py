"""People to measure with: MovieLens users of the bundle, drawn by a fixed seed."""

import numpy as np

from engine import TasteModel

Person = dict[int, float]  # stars by movie id


def people(model: TasteModel, n: int, k: int, seed: int = 1) -> list[Person]:
    """``k`` random ratings of each of ``n`` random MovieLens users with as many."""
    rng = np.random.default_rng(seed)
    by_user = model.user_ratings
    offsets, stars = by_user.offsets, by_user.values
    ids = model.movie_ids[model.rated_rows][by_user.columns]

    def ratings_of(user: int) -> Person:
        mine = offsets[user] + rng.choice(offsets[user + 1] - offsets[user], k, replace=False)
        return dict(zip(ids[mine].tolist(), stars[mine].tolist(), strict=True))

    users = rng.choice(np.flatnonzero(np.diff(offsets) >= k), n, replace=False)
    return [ratings_of(user) for user in users.tolist()]
