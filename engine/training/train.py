"""Training, from pooled ratings to a bundle.

Run it as ``python -m engine train --data DIR [DIR ...] --out BUNDLE``. It trains twice: without the
held-out users, to measure after every sweep and at the end what the model is worth to people it has
never seen; and then, with the same settings, on everybody, which is what ships.

Under ``torchrun`` the sweeps of the ALS head are shared out
(:mod:`engine.training.collectives`); the rest every process does alike, and the first one alone
draws the map and writes the bundle.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.bundle.derived import with_dimensions, with_regions, without_insights
from engine.bundle.io import Bundle, check_replaceable, save_bundle
from engine.data.bias import BIAS_SHRINKAGE, movie_bias
from engine.data.catalogue import Catalogue
from engine.data.dataset import prepare
from engine.data.movielens import Pool
from engine.data.ratings import Ratings, preference
from engine.heads.als import AlsHead
from engine.heads.base import Scorer
from engine.heads.ensemble import Ensemble, Weight
from engine.heads.items import Items
from engine.heads.star_head import StarHead
from engine.linalg.csr import CsrRows
from engine.linalg.parameters import Parameters
from engine.model import TasteModel
from engine.plots.theme import draw_curves
from engine.training import trainers
from engine.training.base import Progress, TrainingData
from engine.training.collectives import check_same_inputs
from engine.training.evaluate import Quality, ServedModel, evaluate, mean_ndcg
from engine.training.map_layout import compute_layout
from engine.training.process_group import SINGLE_PROCESS, ProcessGroup
from engine.training.settings import Settings
from engine.training.splits import UserSplit, cases, hold_out

GIVEN = (5, 10, 20, 50)  # ratings of a held-out user that the model gets to see


@dataclass(frozen=True)
class Step:
    """A step in the training of a head, as it is reported.

    ``loss`` is the head's own on its training users; ``held_out`` RMSE in stars (lower is better)
    of the star head, NDCG@10 (higher is better) of any other, of the held-out users at 10 ratings
    given; None without any.
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
    """Train on a pool, write the bundle, and return the quality by ratings given.

    Parameters
    ----------
    pool
        The ratings.
    out
        Folder of the bundle.
    settings
        Of the run.
    report
        Gets each step.
    group
        The processes that train together, all with the same pool and settings.

    Raises
    ------
    DataError
        If there is too little to learn from.
    BundleError
        If ``out`` cannot be written.
    """
    if group.rank == 0:
        check_replaceable(out)  # before the minutes of training, not after
    catalogue, ratings = prepare(pool)
    held_out = hold_out(ratings, settings.held_out, settings.seed)

    steps: list[Step] = []

    def keep(step: Step) -> None:
        steps.append(step)
        report(step)

    quality = measure(catalogue, ratings, held_out, settings, keep, group)
    parameters = fit_parameters(catalogue, ratings, settings, group=group)
    if group.rank > 0:
        return quality
    parameters = _with_map(catalogue, parameters, settings.seed)
    measured = {str(k): asdict(q) for k, q in quality.items()}
    metrics = {
        "steps": [asdict(step) for step in steps],
        "held_out": measured,
    }
    card = _card(pool, catalogue, parameters, settings, len(held_out), measured)
    curves = draw_curves(_series(steps, AlsHead), _series(steps, StarHead))
    save_bundle(Bundle(catalogue, parameters, card, curves, metrics), out)
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

    Parameters
    ----------
    catalogue
        All movies.
    ratings
        All ratings, by catalogue row.
    held_out
        Codes of users.
    settings
        Of the run.
    report
        Gets each step.
    group
        The processes that train together.

    Raises
    ------
    EngineError
        Where one of the ``group`` has other ratings or settings.
    """
    check_same_inputs(group, ratings, settings)
    given = {k: cases(ratings, held_out, k, settings.seed) for k in GIVEN}
    training = ratings.without(held_out)
    parameters = fit_parameters(catalogue, training, settings, report, given[10], group)
    served = ServedModel(TasteModel(Bundle(catalogue, parameters, {})))
    return {
        k: evaluate(served, held).quality(catalogue.counts) for k, held in given.items() if held
    }


def fit_parameters(
    catalogue: Catalogue,
    ratings: Ratings,
    settings: Settings,
    report: Report = lambda step: None,
    held_out: Sequence[UserSplit] = (),
    group: ProcessGroup = SINGLE_PROCESS,
) -> Parameters:
    """Return all heads trained on all ratings; on the map all movies lie at one point.

    Parameters
    ----------
    catalogue
        All movies.
    ratings
        By catalogue row.
    settings
        Of the run.
    report
        Gets each step.
    held_out
        Users to measure each step on.
    group
        The processes that train together.
    """
    rows, counts = np.unique(ratings.movies, return_counts=True)
    mean, _ = movie_bias(catalogue.counts, catalogue.means, BIAS_SHRINKAGE)
    items = Items.of(catalogue, rows, counts.astype(np.float32), mean)
    data = TrainingData(ratings, items, trainers.settings_by_head(settings), settings.seed, group)

    def on_step(progress: Progress, head: Scorer[Any]) -> None:
        held_out_figure = _measured(head, items, held_out) if held_out else None
        report(Step(head.name, progress.number, progress.of, progress.loss, held_out_figure))

    trained: dict[str, Scorer[Any]] = {}
    for trainer in trainers.TRAINERS:
        trained[trainer.head.name] = trainer.train(data, trained, on_step)
    weights = {name: Weight(s.weight, s.half_weight_at) for name, s in data.settings.items()}
    ensemble = Ensemble(items, list(trained.values()), weights)
    parameters = ensemble.to_parameters() | _users(data, ensemble[AlsHead])
    return with_dimensions(without_insights(parameters), catalogue)


def _measured(head: Scorer[Any], items: Items, held_out: Sequence[UserSplit]) -> float:
    """How good a head is as it stands: the RMSE of the star head, the NDCG@10 of any other."""
    given = CsrRows.from_triples(
        np.repeat(np.arange(len(held_out)), [len(case.given) for case in held_out]),
        np.concatenate([case.given for case in held_out]),
        np.concatenate([case.given_stars for case in held_out]),
        len(held_out),
    )
    users = items.users(given)
    if isinstance(head, StarHead):
        coefficients = head.fit(users).means
        errors = [
            head.features[case.hidden] @ own + items.baseline[case.hidden] - case.hidden_stars
            for case, own in zip(held_out, coefficients, strict=True)
        ]
        return float(np.sqrt(np.mean(np.concatenate(errors) ** 2)))
    scores = head.scores(head.fit(users))
    return mean_ndcg((_of_all_films(own, items) for own in scores), held_out)


def _of_all_films(scores: npt.NDArray[np.float32], items: Items) -> npt.NDArray[np.float32]:
    everywhere = np.zeros(len(items.biases), dtype=np.float32)
    everywhere[items.rows] = scores
    return everywhere


def _users(data: TrainingData, als: AlsHead) -> Parameters:
    """The users' ratings and vectors, and the items that they rated."""
    by_item, n_users = data.by_item, data.ratings.n_users
    users = CsrRows.from_triples(by_item.users, by_item.movies, by_item.stars, n_users)
    preferences = CsrRows(users.offsets, users.columns, preference(users.values))
    return Parameters(
        {
            "items.rows": data.items.rows,
            "users.items": users.columns.astype(np.int32),
            "users.half_stars": (users.values * 2).astype(np.uint8),
            "users.offsets": users.offsets,
            "users.vectors": als.user_vectors(preferences),
        },
        {"items.global_mean": data.items.global_mean},
    )


def _with_map(catalogue: Catalogue, parameters: Parameters, seed: int) -> Parameters:
    model = TasteModel(Bundle(catalogue, parameters, {}))
    places = compute_layout(model.item_similarity.vectors[model.rated_rows], seed)
    on_map = parameters | Parameters({"map.coordinates": places})
    return with_regions(on_map, catalogue)


def _series(steps: Sequence[Step], head: type[Scorer[Any]]) -> list[tuple[float, float | None]]:
    return [(step.loss, step.held_out) for step in steps if step.head == head.name]


def _card(
    pool: Pool,
    catalogue: Catalogue,
    parameters: Parameters,
    settings: Settings,
    n_held_out: int,
    quality: dict[str, Any],
) -> dict[str, Any]:
    heads = trainers.settings_by_head(settings)
    return {
        "name": "Reeltwin taste model",
        "trained": datetime.now(UTC).date().isoformat(),
        "data": [asdict(source) for source in pool.sources],
        "dropped": asdict(pool.dropped),
        "movies": len(catalogue),
        "movies_with_vectors": len(parameters.tensors["items.rows"]),
        "users": len(parameters.tensors["users.vectors"]),
        "ratings": len(parameters.tensors["users.items"]),
        "settings": {
            "heads": {name: asdict(own) for name, own in heads.items()},
            "held_out": settings.held_out,
            "seed": settings.seed,
        },
        "measured_on": f"{n_held_out} users held out of a training run with the same settings",
        "quality_by_ratings_given": quality,
    }
