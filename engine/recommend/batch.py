"""Recommendations for many people at once: the fits of a crowd are one batched solve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.core import TrainedModel
from engine.data.ratings import check_stars
from engine.heads.als import preference
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import solve_means

_TOGETHER = 256  # people: their scores of all films stay in the processor's cache


def recommend_batch(
    model: TrainedModel, people: Sequence[Mapping[int, float]], n: int
) -> list[npt.NDArray[np.int64]]:
    """Of each person, given as stars by movie id, the ids of the ``n`` best films, best first.

    They are those of ``model.fit(person).recommend(n, calibration=0, diversity=0)``, fewer where
    fewer are left. Raises ``ValueError`` for stars out of range.
    """
    rows = model.rated_rows.numpy()
    ids, hidden = model.movie_ids[rows], model.catalogue.counts[rows] < model.least_count
    best = []
    for first in range(0, len(people), _TOGETHER):
        given = _given(model, people[first : first + _TOGETHER])
        scores = _scores(model, given)
        scores[:, torch.from_numpy(hidden)] = -torch.inf
        scores[given.rated] = -torch.inf
        top = scores.topk(min(n, len(ids)))
        left = torch.isfinite(top.values).numpy()
        best += [ids[at[some]] for at, some in zip(top.indices.numpy(), left, strict=True)]
    return best


@dataclass(frozen=True)
class _Given:
    """The ratings of n people: preferences by ranking vector, and what the star head learns from.

    ``rated`` [n, n_rated] marks the films with ranking vectors that they rated.
    """

    preferences: CsrRows
    residuals: CsrRows
    rated: Tensor


def _scores(model: TrainedModel, given: _Given) -> Tensor:
    """The scores of the films with ranking vectors, [n_people, n_rated]."""
    n = given.preferences.n_rows
    coefficients = solve_means(
        given.residuals,
        model.features,
        model.stars.prior,
        torch.full((n,), model.stars.noise),
    )
    tastes = model.ranking.fit(given.preferences)
    preferences = given.preferences.to_tensor(len(model.rated_rows)).to_dense()
    counts = torch.from_numpy(given.preferences.counts)
    return model.blend.scores(tastes, coefficients, preferences, counts)


def _given(model: TrainedModel, people: Sequence[Mapping[int, float]]) -> _Given:
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
    at = model.rated_position[movies]
    ranked = at >= 0
    rated = torch.zeros(len(people), len(model.rated_rows), dtype=torch.bool)
    rated[torch.from_numpy(who[ranked]), torch.from_numpy(at[ranked])] = True
    return _Given(
        CsrRows.from_triples(who[ranked], at[ranked], preference(stars[ranked]), len(people)),
        CsrRows.from_triples(who, movies, stars - model.item_baseline[movies], len(people)),
        rated,
    )
