"""Recommendations for many people at once: the fits of a crowd are one batched solve."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch

from engine.posterior import Ragged
from engine.ranking import preference
from engine.stars import check_stars

if TYPE_CHECKING:
    from engine.model import TasteModel

_TOGETHER = 256  # people: their scores of all films stay in the processor's cache


def best_movies(
    model: "TasteModel", people: Sequence[Mapping[int, float]], n: int
) -> list[npt.NDArray[np.int64]]:
    """Of each person, given as stars by movie id, the ids of the ``n`` best films, best first.

    They are those of ``model.fit(person).recommend(n, calibration=0, diversity=0)``, fewer where
    fewer are left. Raises ``ValueError`` for stars out of range.
    """
    counts = model.catalogue.counts[model.rated_rows.numpy()]
    listed = np.flatnonzero(counts >= model.least_count)
    column = np.full(len(counts), -1)
    column[listed] = np.arange(len(listed))
    ids = model.movie_ids[model.rated_rows.numpy()[listed]]
    vectors = model.ranking.vectors[torch.from_numpy(listed)]
    best = []
    for first in range(0, len(people), _TOGETHER):
        data = _given(model, people[first : first + _TOGETHER])
        scores = model.ranking.fit(data) @ vectors.T
        seen = column[data.columns]
        rows = np.repeat(np.arange(data.n_rows), data.counts)
        scores[torch.from_numpy(rows[seen >= 0]), torch.from_numpy(seen[seen >= 0])] = -torch.inf
        top = scores.topk(min(n, len(listed)))
        left = torch.isfinite(top.values).numpy()
        best += [ids[at[some]] for at, some in zip(top.indices.numpy(), left, strict=True)]
    return best


def _given(model: "TasteModel", people: Sequence[Mapping[int, float]]) -> Ragged:
    """The preferences of people for the films with vectors, as rows."""
    known = []
    for person in people:
        check_stars(person)
        known.append([m for m in person if m in model.catalogue])
    movies = [model.catalogue.row(m) for mine in known for m in mine]
    stars = [person[m] for person, mine in zip(people, known, strict=True) for m in mine]
    rows = np.repeat(np.arange(len(people)), [len(mine) for mine in known])
    at = model.rated_position[np.array(movies, dtype=np.int64)]
    liking = preference(np.array(stars, dtype=np.float32))
    rated = at >= 0
    return Ragged.from_triples(rows[rated], at[rated], liking[rated], len(people))
