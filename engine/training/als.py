"""Training of the ALS head (:mod:`engine.heads.als`), on a CPU or a CUDA device."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import torch

from engine.data.ratings import Ratings
from engine.heads.als import AlsHead
from engine.heads.base import Scorer
from engine.linalg.gaussian import Floats
from engine.training.als_problem import AlsProblem, fit_user_prior
from engine.training.base import OnStep, Progress, TrainingData
from engine.training.process_group import SINGLE_PROCESS, ProcessGroup
from engine.training.settings import AlsSettings


def train(data: TrainingData, trained: Mapping[str, Scorer[Any]], on_step: OnStep) -> AlsHead:
    """Train sweep by sweep, each of which is a step."""
    settings: AlsSettings = data.settings[AlsHead.name]
    numbers = count(1)

    def on_sweep(loss: float, head: AlsHead) -> None:
        on_step(Progress(next(numbers), settings.sweeps, loss), head)

    mine = data.by_item.shard(data.group.rank, data.group.size)
    features = data.items.movie_features[data.items.rows]
    return train_als(mine, features, settings, data.seed, on_sweep, group=data.group)


def train_als(
    ratings: Ratings,
    features: Floats,
    settings: AlsSettings,
    seed: int,
    on_sweep: Callable[[float, AlsHead], None] | None = None,
    device: torch.device | None = None,
    group: ProcessGroup = SINGLE_PROCESS,
) -> AlsHead:
    """Return the head trained on some ratings.

    Parameters
    ----------
    ratings
        Their ``movies`` are rows of ``features`` and of the vectors; each rank of a ``group`` gives
        those of its own users (:meth:`engine.data.ratings.Ratings.shard`), and all get the same
        head.
    features
        What is known of the movies besides, [n_movies, f].
    settings
        The head's.
    seed
        Of the vectors to begin with.
    on_sweep
        Gets, after each sweep, the loss (the weighted squared error per rating, without the ridge)
        and the head as it stands.
    device
        To compute on; a CUDA device by default where there is one. The heads are on the CPU.
    group
        The processes that train together.
    """
    problem = AlsProblem.of(ratings, features, settings, device or _default_device(), group)
    background = problem.users.background.columns.cpu().numpy()
    generator = torch.Generator().manual_seed(seed)
    vectors = 0.1 * torch.randn(len(features), settings.factors, generator=generator)
    vectors, tastes = vectors.to(problem.features.device), None
    for _ in range(settings.sweeps):
        tastes, vectors = problem.sweep(vectors, tastes)
        head = AlsHead(
            vectors.cpu().numpy(),
            fit_user_prior(tastes.cpu(), group),
            settings.prior_strength,
            background,
        )
        if on_sweep is not None:
            on_sweep(problem.users.loss(tastes, vectors), head)
    return head


def one_more_sweep(
    ratings: Ratings,
    features: Floats,
    vectors: Floats,
    settings: AlsSettings,
    group: ProcessGroup = SINGLE_PROCESS,
) -> Floats:
    """Return movie vectors [n_movies, d] after one more sweep over some ratings alone.

    Over the ratings of *other* users these are vectors that know nothing of a user's own ratings,
    in the same coordinates.

    Parameters
    ----------
    ratings
        As in :func:`train_als`, dealt out among the ``group``.
    features
        What is known of the movies besides, [n_movies, f].
    vectors
        Those to begin with, [n_movies, d].
    settings
        The head's.
    group
        The processes that train together.
    """
    device = _default_device()
    problem = AlsProblem.of(ratings, features, settings, device, group)
    before = torch.from_numpy(vectors).to(device)
    after = problem.solve_movies(problem.solve_users(before), problem.expected(before))
    moved: Floats = after.cpu().numpy()
    return moved


def _default_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
