"""Recommendations for many people at once: their fits are one batched solve."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.core import TrainedModel
from engine.data.ratings import check_stars
from engine.heads.items import UserRatings
from engine.linalg.csr import CsrRows
from engine.recommend.candidates import highest

_TOGETHER = 256  # people: their scores of all films stay in the processor's cache


def recommend_batch(
    model: TrainedModel, people: Sequence[Mapping[int, float]], n: int
) -> list[npt.NDArray[np.int64]]:
    """Return the ids of the best movies for each of many users, best first.

    They are those of ``model.fit(person).recommend(n, calibration=0, diversity=0)``.

    Parameters
    ----------
    model
        The model.
    people
        The users' stars by movie id.
    n
        Movies for each user; fewer where fewer are left.

    Raises
    ------
    ValueError
        For stars out of range.
    """
    rows = model.rated_rows
    ids, hidden = model.movie_ids[rows], model.catalogue.counts[rows] < model.least_count
    best = []
    for first in range(0, len(people), _TOGETHER):
        users = _users(model, people[first : first + _TOGETHER])
        scores = model.ensemble.scores(model.ensemble.fit(users))
        scores[:, hidden] = -np.inf
        scores[users.places] = -np.inf
        best += [ids[highest(own, np.flatnonzero(np.isfinite(own)), n)] for own in scores]
    return best


def _users(model: TrainedModel, people: Sequence[Mapping[int, float]]) -> UserRatings:
    known = []
    for person in people:
        check_stars(person)
        known.append([m for m in person if m in model.catalogue])
    movies = np.array([model.catalogue.row(m) for mine in known for m in mine], dtype=np.int64)
    stars = np.array(
        [person[m] for person, mine in zip(people, known, strict=True) for m in mine],
        dtype=np.float32,
    )
    who = np.repeat(np.arange(len(people)), [len(mine) for mine in known])
    return model.items.users(CsrRows.from_triples(who, movies, stars, len(people)))
