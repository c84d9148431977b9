"""Training, from pooled ratings to a bundle.

Run it as ``python -m engine train --data DIR [DIR ...] --out BUNDLE``. It trains twice: without the
held-out users, to measure after every sweep and at the end what the model is worth to people it has
never seen; and then, with the same settings, on everybody, which is what ships.

Under ``torchrun`` the sweeps of the ranking head are shared out
(:mod:`engine.training.collectives`); the rest every process does alike, and the first one alone
draws the map and writes the bundle.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.bundle.io import Bundle, check_replaceable, save_bundle
from engine.bundle.tensors import Tensors
from engine.data.bias import movie_bias
from engine.data.catalogue import Catalogue
from engine.data.dataset import prepare
from engine.data.features import movie_features
from engine.data.movielens import Pool
from engine.data.ratings import Ratings
from engine.heads.als import (
    RankingHead,
    RankingSettings,
    one_more_sweep,
    preference,
    train_ranking,
)
from engine.heads.ease import ItemItemSettings, train_item_item
from engine.heads.ensemble import BlendSettings
from engine.heads.prediction_intervals import calibrate_std
from engine.heads.star_regression import Fold, StarHead, StarSettings, star_features, train_stars
from engine.linalg.collective import SINGLE_PROCESS, ProcessGroup
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import solve_means
from engine.model import TasteModel
from engine.plots.theme import draw_curves
from engine.training.collectives import check_same_inputs
from engine.training.evaluate import Quality, ServedModel, evaluate, mean_ndcg
from engine.training.map_layout import compute_layout
from engine.training.splits import UserSplit, cases, hold_out

GIVEN = (5, 10, 20, 50)  # ratings of a held-out user that the model gets to see


@dataclass(frozen=True)
class Settings:
    """What a training run depends on, besides its data."""

    ranking: RankingSettings = field(default_factory=RankingSettings)
    stars: StarSettings = field(default_factory=StarSettings)
    items: ItemItemSettings = field(default_factory=ItemItemSettings)
    blend: BlendSettings = field(default_factory=BlendSettings)
    held_out: int = 399  # users measured on
    seed: int = 1


@dataclass(frozen=True)
class Step:
    """One sweep of the ranking head or one round of the star head, as it is reported.

    ``loss`` is the head's own on its training users; ``held_out`` NDCG@10 (higher is better) or
    RMSE in stars (lower is better) of the held-out users at 10 ratings given, None without any.
    """

    head: str
    number: int
    of: int
    loss: float
    held_out: float | None


Report = Callable[[Step], None]


def train(
    pool: Pool, out: Path, settings: Settings, report: Report, group: ProcessGroup = SINGLE_PROCESS
) -> dict[int, Quality]:
    """Train on a pool, write the bundle to ``out``, return the quality by ratings given.

    Raises :class:`DataError` if there is too little to learn from, :class:`BundleError` if ``out``
    cannot be written.
    """
    if group.rank == 0:
        check_replaceable(out)  # before the minutes of training, not after
    catalogue, ratings = prepare(pool, settings.stars.bias_shrinkage)
    held_out = hold_out(ratings, settings.held_out, settings.seed)

    steps: list[Step] = []

    def keep(step: Step) -> None:
        steps.append(step)
        report(step)

    quality = measure(catalogue, ratings, held_out, settings, keep, group)
    tensors = fit_tensors(catalogue, ratings, settings, lambda step: None, group=group)
    if group.rank > 0:
        return quality
    bundle = Bundle(catalogue, _with_atlas(catalogue, tensors, settings.seed), {})
    measured = {str(k): asdict(q) for k, q in quality.items()}
    metrics = {
        "steps": [asdict(step) for step in steps],
        "held_out": measured,
    }
    card = _card(pool, catalogue, bundle.tensors, settings, len(held_out), measured)
    curves = draw_curves(_series(steps, "ranking"), _series(steps, "stars"))
    save_bundle(Bundle(catalogue, bundle.tensors, card, curves, metrics), out)
    return quality


def measure(
    catalogue: Catalogue,
    ratings: Ratings,
    held_out: npt.NDArray[np.int64],
    settings: Settings,
    report: Report = lambda step: None,
    group: ProcessGroup = SINGLE_PROCESS,
) -> dict[int, Quality]:
    """Train without the held-out users and measure on them, wherever there are any.

    Raises :class:`EngineError` where one of the ``group`` has other ratings or settings.
    """
    check_same_inputs(group, ratings, settings)
    given = {k: cases(ratings, held_out, k, settings.seed) for k in GIVEN}
    tensors = fit_tensors(catalogue, ratings.without(held_out), settings, report, given[10], group)
    served = ServedModel(TasteModel(Bundle(catalogue, tensors, {})))
    return {
        k: evaluate(served, held).quality(catalogue.counts) for k, held in given.items() if held
    }


def fit_tensors(
    catalogue: Catalogue,
    ratings: Ratings,
    settings: Settings,
    report: Report,
    held_out: Sequence[UserSplit] = (),
    group: ProcessGroup = SINGLE_PROCESS,
) -> Tensors:
    """Train all heads; the atlas is left at 0. ``ratings`` are all, by catalogue row."""
    rated_rows, positions = np.unique(ratings.movies, return_inverse=True)
    by_position = Ratings(ratings.users, positions, ratings.stars)
    films = movie_features(catalogue)
    ranking = _train_ranking(by_position, films, rated_rows, settings, report, held_out, group)
    items = train_item_item(by_position, len(rated_rows), settings.items).weights
    mean, _ = movie_bias(catalogue.counts, catalogue.means, settings.stars.bias_shrinkage)
    level = (mean + catalogue.biases).astype(np.float32)
    folds = _star_folds(ratings, films, rated_rows, ranking.vectors, level, settings, group)
    features = _star_features(ratings, films, rated_rows, ranking.vectors)
    stars = _train_stars(folds, features, level, settings.stars, report, held_out)
    stars = calibrate_std(stars, folds, level, settings.seed)
    by_user = CsrRows.from_triples(
        ratings.users, positions, preference(ratings.stars), ratings.n_users
    )
    halves = CsrRows.from_triples(ratings.users, positions, ratings.stars * 2, ratings.n_users)
    return Tensors(
        rated_rows=torch.from_numpy(rated_rows),
        vectors=ranking.vectors,
        ranking_mean=ranking.prior.mean,
        ranking_precision=ranking.prior.precision,
        background=ranking.background,
        star_mean=stars.prior.mean,
        star_precision=stars.prior.precision,
        star_spread=torch.from_numpy(stars.std_scale),
        scalars=torch.tensor(
            [mean, stars.noise, ranking.prior_strength, *astuple(settings.blend)],
            dtype=torch.float64,
        ),
        item_offsets=torch.from_numpy(items.offsets),
        item_sources=torch.from_numpy(items.columns.astype(np.int32)),
        item_weights=torch.from_numpy(items.values).half(),
        atlas=torch.zeros(len(rated_rows), 2),
        user_offsets=torch.from_numpy(halves.offsets),
        user_movies=torch.from_numpy(halves.columns.astype(np.int32)),
        user_half_stars=torch.from_numpy(halves.values.astype(np.uint8)),
        user_vectors=ranking.fit(by_user),
    )


def _train_ranking(
    ratings: Ratings,
    films: Tensor,
    rated_rows: npt.NDArray[np.int64],
    settings: Settings,
    report: Report,
    held_out: Sequence[UserSplit],
    group: ProcessGroup,
) -> RankingHead:
    position = np.full(len(films), -1)
    position[rated_rows] = np.arange(len(rated_rows))
    sweep = 0

    def on_sweep(loss: float, head: RankingHead) -> None:
        nonlocal sweep
        sweep += 1

        def scores(case: UserSplit) -> npt.NDArray[np.float32]:
            at = position[case.given]
            data = CsrRows.single(at[at >= 0], preference(case.given_stars[at >= 0]))
            all_scores = np.zeros(len(films), dtype=np.float32)
            all_scores[rated_rows] = (head.vectors @ head.fit(data)[0]).numpy()
            return all_scores

        ndcg = mean_ndcg(scores, held_out) if held_out else None
        report(Step("ranking", sweep, settings.ranking.sweeps, loss, ndcg))

    rated_films = films[torch.from_numpy(rated_rows)]
    mine = ratings.shard(group.rank, group.size)
    return train_ranking(mine, rated_films, settings.ranking, settings.seed, on_sweep, group=group)


def _star_features(
    ratings: Ratings, films: Tensor, rated_rows: npt.NDArray[np.int64], vectors: Tensor
) -> Tensor:
    """The star head's features [n_movies, f] with vectors learned from these ratings."""
    counts = np.bincount(ratings.movies, minlength=len(films))[rated_rows]
    n_ratings = torch.from_numpy(counts.astype(np.float32))
    return star_features(films, torch.from_numpy(rated_rows), vectors, n_ratings)


def _star_folds(
    ratings: Ratings,
    films: Tensor,
    rated_rows: npt.NDArray[np.int64],
    vectors: Tensor,
    level: npt.NDArray[np.float32],
    settings: Settings,
    group: ProcessGroup,
) -> list[Fold]:
    """The users in folds, each beside features learned from all the others."""
    users = np.random.default_rng(settings.seed).permutation(ratings.n_users)
    rated_films = films[torch.from_numpy(rated_rows)]
    folds = []
    for chosen in np.array_split(users, min(settings.stars.folds, ratings.n_users)):
        others = ratings.without(chosen)
        by_position = Ratings(
            others.users, np.searchsorted(rated_rows, others.movies), others.stars
        )
        by_position = by_position.shard(group.rank, group.size)
        without = one_more_sweep(by_position, rated_films, vectors, settings.ranking, group)
        mine = ratings.of(chosen)
        people, rows = np.unique(mine.users, return_inverse=True)
        residuals = mine.stars - level[mine.movies]
        folds.append(
            Fold(
                CsrRows.from_triples(rows, mine.movies, residuals, len(people)),
                _star_features(others, films, rated_rows, without),
            )
        )
    return folds


def _train_stars(
    folds: Sequence[Fold],
    features: Tensor,
    level: npt.NDArray[np.float32],
    settings: StarSettings,
    report: Report,
    held_out: Sequence[UserSplit],
) -> StarHead:
    numbers = np.arange(len(held_out))
    given = CsrRows.from_triples(
        np.repeat(numbers, [len(c.given) for c in held_out]),
        _joined([c.given for c in held_out], np.int64),
        _joined([c.given_stars - level[c.given] for c in held_out], np.float32),
        len(held_out),
    )
    number = 0

    def on_round(loss: float, head: StarHead) -> None:
        nonlocal number
        number += 1
        rmse = None
        if held_out:
            fitted = solve_means(
                given, features, head.prior, torch.full((len(held_out),), head.noise)
            )
            errors = [
                (features[torch.from_numpy(c.hidden)] @ fitted[i]).numpy()
                + level[c.hidden]
                - c.hidden_stars
                for i, c in enumerate(held_out)
            ]
            rmse = float(np.sqrt(np.mean(np.concatenate(errors) ** 2)))
        report(Step("stars", number, settings.rounds, loss, rmse))

    return train_stars(folds, settings, on_round)


def _joined(parts: Sequence[npt.NDArray[Any]], kind: type[np.generic]) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, kind)


def _with_atlas(catalogue: Catalogue, tensors: Tensors, seed: int) -> Tensors:
    model = TasteModel(Bundle(catalogue, tensors, {}))
    item_similarity = model.item_similarity.vectors[tensors.rated_rows]
    atlas = torch.from_numpy(compute_layout(item_similarity, seed))
    return Tensors(**{**vars(tensors), "atlas": atlas})


def _series(steps: Sequence[Step], head: str) -> list[tuple[float, float | None]]:
    return [(step.loss, step.held_out) for step in steps if step.head == head]


def _card(
    pool: Pool,
    catalogue: Catalogue,
    tensors: Tensors,
    settings: Settings,
    n_held_out: int,
    quality: dict[str, Any],
) -> dict[str, Any]:
    return {
        "name": "Reeltwin taste model",
        "trained": datetime.now(UTC).date().isoformat(),
        "data": [asdict(source) for source in pool.sources],
        "dropped": asdict(pool.dropped),
        "movies": len(catalogue),
        "movies_with_vectors": len(tensors.rated_rows),
        "users": len(tensors.user_offsets) - 1,
        "ratings": len(tensors.user_movies),
        "settings": asdict(settings),
        "measured_on": f"{n_held_out} users held out of a training run with the same settings",
        "quality_by_ratings_given": quality,
    }
