r"""Films for several people at once: what a group that watches together would like, fairly.

Every member u has a utility :math:`r_{ui}` of each film i that may be chosen: their score of it, on
one scale for the whole group, from 0 for the lowest score that anybody has for any of these films
to 1 for the highest. Scores are preferences (:mod:`engine.heads.als`) and mean the same in
everybody.

The list :math:`I` is built greedily. Each next film is the one of most weighted utility, and those
count more who have had less of the list so far,

.. math::
    \arg\max_i \; (1 - \delta) \sum_u w_u r_{ui} - \delta \sum_{j \in I} \cos(v_i, v_j)_+^4, \qquad
    w_u \propto \frac{1}{1 + \sum_{j \in I} r_{uj}}

which is the steepest way up the smooth Nash welfare :math:`\sum_u \log (1 + \sum_{j \in I} r_{uj})`
(Fain, Munagala & Shah 2018, *Fair Allocation of Indivisible Public Goods*; the proportional
fairness of Kelly, Maulloo & Tan 1998). The second term, of directions :math:`v`, keeps the list
from being of one series (:mod:`engine.recommend.reranking`). Averaging has equal weights
throughout; least misery has the least utility that any member has of the film in place of the
weighted (Masthoff 2004, *Group Modeling*).

``python -m benchmarks.groups`` measures the three on groups of held-out users.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.core import TrainedModel
from engine.data.catalogue import Movie
from engine.recommend.candidates import Years, candidates, check_count
from engine.recommend.reranking import alike
from engine.recommend.taste import GEMS, Taste

_DIVERSITY = 0.01  # delta above

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GroupPick:
    """A film for a group, and what is predicted of each member, in the members' order.

    ``stars`` and their standard deviations ``stds``; ``utility`` 0..1 on the group's one scale;
    ``score`` is what the aggregation made of the utilities when the film's turn came.
    """

    movie: Movie
    stars: tuple[float, ...]
    stds: tuple[float, ...]
    utility: tuple[float, ...]
    score: float


def _fair(utilities: Doubles, accumulated: Doubles) -> Doubles:
    weights = 1 / (1 + accumulated)
    worth: Doubles = weights @ utilities / weights.sum()
    return worth


def _average(utilities: Doubles, accumulated: Doubles) -> Doubles:
    worth: Doubles = utilities.mean(axis=0)
    return worth


def _misery(utilities: Doubles, accumulated: Doubles) -> Doubles:
    worth: Doubles = utilities.min(axis=0)
    return worth


# What m films are worth to a group: from the utilities [members, m], and what each has had,
# [members].
_AGGREGATIONS: dict[str, Callable[[Doubles, Doubles], Doubles]] = {
    "fair": _fair,
    "average": _average,
    "misery": _misery,
}
AGGREGATIONS = tuple(_AGGREGATIONS)


def recommend_together(
    model: TrainedModel,
    tastes: Sequence[Taste],
    n: int,
    *,
    aggregation: str,
    genres: str | Collection[str],
    years: Years | None,
    hidden_gems: bool,
    exclude: Collection[int],
    min_count: int | None,
) -> list[GroupPick]:
    """See :meth:`engine.model.TasteModel.recommend_together`."""
    check_count("n", n, example=5)
    if aggregation not in _AGGREGATIONS:
        raise ValueError(
            f"aggregation must be among {', '.join(AGGREGATIONS)}, such as 'fair', "
            f"but is {aggregation!r}"
        )
    if not tastes:
        raise ValueError("tastes must be of one member or more, but there are none")
    rows = candidates(
        model,
        np.concatenate([taste.rows for taste in tastes]),
        genres=genres,
        years=years,
        hidden_gems=hidden_gems,
        exclude=exclude,
        min_count=min_count,
    )
    utilities = on_one_scale(np.array([taste.scores()[rows] for taste in tastes]))
    if hidden_gems:  # as for one person, by stars: scores of films that few know differ by fame
        fitting = np.argsort(-utilities.mean(axis=0), kind="stable")[: GEMS * n]
        ids = model.movie_ids[rows := rows[fitting]]
        utilities = on_one_scale(np.array([taste.predict(ids)[0] for taste in tastes]))
    directions = model.directions[model.rated_position[rows]]
    top, scores = choose(utilities, directions, n, aggregation)
    predicted = [taste.predict(model.movie_ids[rows[top]]) for taste in tastes]
    return [
        GroupPick(
            model.catalogue.by_row(rows[film]),
            tuple(float(stars[place]) for stars, _ in predicted),
            tuple(float(std[place]) for _, std in predicted),
            tuple(utilities[:, film].tolist()),
            score,
        )
        for place, (film, score) in enumerate(zip(top, scores, strict=True))
    ]


def on_one_scale(scores: npt.NDArray[np.float32]) -> Doubles:
    """Scores [members, m] from 0, the lowest of all, to 1, the highest; all 0 if they are equal."""
    if not scores.size:
        return scores.astype(np.float64)
    lowest, highest = float(scores.min()), float(scores.max())
    utilities: Doubles = (scores.astype(np.float64) - lowest) / max(highest - lowest, 1e-9)
    return utilities


def choose(
    utilities: Doubles,
    directions: npt.NDArray[np.float32],
    n: int,
    aggregation: str = "fair",
    diversity: float = _DIVERSITY,
) -> tuple[list[int], list[float]]:
    """Return the positions of the chosen among m movies, in order, and their worth when chosen.

    Parameters
    ----------
    utilities
        Of each member for each movie, [members, m].
    directions
        Unit vectors, or 0 where nothing is known, [m, d].
    n
        How many to choose; all if there are fewer.
    aggregation
        One of :data:`AGGREGATIONS`.
    diversity
        Delta above.
    """
    accumulated, redundancy = np.zeros(len(utilities)), np.zeros(utilities.shape[1])
    chosen: list[int] = []
    scores: list[float] = []
    for _ in range(min(n, utilities.shape[1])):
        worth = _AGGREGATIONS[aggregation](utilities, accumulated)
        value = (1 - diversity) * worth - diversity * redundancy
        value[chosen] = -np.inf
        best = int(value.argmax())
        chosen.append(best)
        scores.append(float(worth[best]))
        accumulated += utilities[:, best]
        redundancy += alike(directions, best)
    return chosen, scores
