"""Bundles of the format before this one: the same numbers under other names.

``python -m engine convert OLD NEW`` writes one as the bundle of today. Its scores stay as they are;
the regions of the map and the dimensions of taste, found at each start before, are found once.
"""

from pathlib import Path
from typing import Any

from engine.bundle.derived import with_dimensions, with_regions, without_insights
from engine.bundle.io import (
    CATALOGUE,
    CURVES,
    METRICS,
    OLD_FORMAT,
    TENSORS,
    Bundle,
    check,
    read_files,
    save_bundle,
)
from engine.data.catalogue import Catalogue
from engine.errors import BundleError
from engine.linalg.parameters import Array, Parameters

_TENSORS = {
    "rated_rows": "items.rows",
    "vectors": "als.vectors",
    "ranking_mean": "als.prior_mean",
    "ranking_precision": "als.prior_precision",
    "background": "als.background",
    "star_mean": "stars.prior_mean",
    "star_precision": "stars.prior_precision",
    "star_spread": "stars.std_scale",
    "item_offsets": "ease.offsets",
    "item_sources": "ease.sources",
    "item_weights": "ease.weights",
    "user_offsets": "users.offsets",
    "user_movies": "users.items",
    "user_half_stars": "users.half_stars",
    "user_vectors": "users.vectors",
    "atlas": "map.coordinates",
}
# What stood in the tensor "scalars", in this order.
_SCALARS = (
    *("items.global_mean", "stars.noise", "als.prior_strength"),
    *("stars.weight", "ease.weight", "ease.half_weight_at"),
)
_CONSTANTS = {"als.weight": 1.0, "als.half_weight_at": 0.0, "stars.half_weight_at": 0.0}
_HEADS = {"ranking": "als", "stars": "stars", "items": "ease"}


def convert(old: Path, new: Path) -> None:
    """Write the bundle ``old`` of format 3 as ``new`` of the present format.

    Raises :class:`BundleError` if it is none or cannot be written.
    """
    files = read_files(old, OLD_FORMAT)
    catalogue = Catalogue.from_bytes(files.data[CATALOGUE])
    parameters = _renamed(files.tensors(), old)
    # The regions rest on sound numbers: so those that others rest on are checked before.
    check(without_insights(parameters) | parameters, catalogue, old / TENSORS)
    parameters = with_regions(with_dimensions(parameters, catalogue), catalogue)
    save_bundle(
        Bundle(
            catalogue,
            parameters,
            _card(files.card),
            files.data[CURVES],
            _metrics(files.json(METRICS)),
        ),
        new,
        files.data[CATALOGUE],
    )


def _renamed(tensors: dict[str, Array], old: Path) -> Parameters:
    scalars = tensors.pop("scalars", None)
    if (
        scalars is None
        or scalars.shape != (len(_SCALARS),)
        or tensors.keys() != _TENSORS.keys()
        or tensors["vectors"].ndim != 2
    ):
        raise BundleError(f"{old / TENSORS} does not hold a model of {OLD_FORMAT!r}.")
    return Parameters(
        {new: tensors[name] for name, new in _TENSORS.items()},
        dict(zip(_SCALARS, scalars.tolist(), strict=True)) | _CONSTANTS,
    )


def _card(card: dict[str, Any]) -> dict[str, Any]:
    """The card, with the settings of the heads under their names of today."""
    told = {key: value for key, value in card.items() if key not in ("format", "sha256")}
    settings = _named(told.get("settings"))
    blend = _named(settings.pop("blend", None))
    weights: dict[str, dict[str, Any]] = {
        "als": {"weight": 1.0, "half_weight_at": 0.0},
        "stars": {"weight": blend.get("stars"), "half_weight_at": 0.0},
        "ease": {"weight": blend.get("items"), "half_weight_at": blend.get("patience")},
    }
    heads = {new: weights[new] | _named(settings.pop(old, None)) for old, new in _HEADS.items()}
    return told | {"settings": {"heads": heads, **settings}}


def _named(given: object) -> dict[str, Any]:
    """What is given, where it is what it must be."""
    return dict(given) if isinstance(given, dict) else {}


def _metrics(metrics: dict[str, Any]) -> dict[str, Any]:
    def renamed(step: dict[str, Any]) -> dict[str, Any]:
        return step | {"head": _HEADS.get(step["head"], step["head"])}

    return metrics | {"steps": [renamed(step) for step in metrics.get("steps", [])]}
