"""A bundle of the format before this one is converted, not trained anew: its scores stay."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from engine import BundleError, load_model
from engine.bundle.convert import convert
from engine.bundle.io import CARD, CATALOGUE, CURVES, METRICS, TENSORS, load_bundle
from engine.cli import main
from tests.engine.conftest import Trained

# What format 3 called the tensors, and the order of its "scalars".
OLD_NAMES = {
    "items.rows": "rated_rows",
    "als.vectors": "vectors",
    "als.prior_mean": "ranking_mean",
    "als.prior_precision": "ranking_precision",
    "als.background": "background",
    "stars.prior_mean": "star_mean",
    "stars.prior_precision": "star_precision",
    "stars.std_scale": "star_spread",
    "ease.offsets": "item_offsets",
    "ease.sources": "item_sources",
    "ease.weights": "item_weights",
    "map.coordinates": "atlas",
    "users.offsets": "user_offsets",
    "users.items": "user_movies",
    "users.half_stars": "user_half_stars",
    "users.vectors": "user_vectors",
}
SCALARS = (
    *("items.global_mean", "stars.noise", "als.prior_strength"),
    *("stars.weight", "ease.weight", "ease.half_weight_at"),
)
OLD_SETTINGS = {
    "ranking": {"factors": 16, "sweeps": 5},
    "stars": {"rounds": 12},
    "items": {"ridge": 200.0},
    "blend": {"stars": 0.04, "items": 0.8, "patience": 10.0},
    "held_out": 399,
    "seed": 1,
}


@pytest.fixture
def old(trained: Trained, tmp_path: Path) -> Path:
    """The trained bundle as format 3 had it."""
    folder = Path(shutil.copytree(trained.folder, tmp_path / "old"))
    tensors = safetensors.numpy.load((folder / TENSORS).read_bytes())
    card = json.loads((folder / CARD).read_bytes())
    numbers = card.pop("parameters")
    renamed = {old: tensors[new] for new, old in OLD_NAMES.items()}
    renamed["scalars"] = np.array([numbers[name] for name in SCALARS])
    metrics = json.loads((folder / METRICS).read_bytes())
    for step in metrics["steps"]:
        step["head"] = {"als": "ranking"}.get(step["head"], step["head"])
    rewrite(folder, TENSORS, safetensors.numpy.save(renamed), card)
    rewrite(folder, METRICS, json.dumps(metrics).encode(), card)
    card |= {"format": "reeltwin-bundle-3", "settings": OLD_SETTINGS}
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")
    return folder


def rewrite(folder: Path, name: str, data: bytes, card: dict) -> None:  # type: ignore[type-arg]
    (folder / name).write_bytes(data)
    card["sha256"][name] = hashlib.sha256(data).hexdigest()


def test_a_converted_bundle_holds_what_training_writes_today(
    trained: Trained, old: Path, tmp_path: Path
) -> None:
    convert(old, tmp_path / "new")
    converted, expected = load_bundle(tmp_path / "new"), load_bundle(trained.folder)
    assert converted.parameters.numbers == expected.parameters.numbers
    assert converted.parameters.tensors.keys() == expected.parameters.tensors.keys()
    for name, tensor in expected.parameters.tensors.items():
        assert np.array_equal(converted.parameters.tensors[name], tensor), name
    for name in (CATALOGUE, CURVES, TENSORS):
        assert (tmp_path / "new" / name).read_bytes() == (trained.folder / name).read_bytes()
    assert converted.metrics == expected.metrics
    scores = load_model(tmp_path / "new").fit({3: 5.0, 6: 1.0}).scores()
    assert np.array_equal(scores, trained.model.fit({3: 5.0, 6: 1.0}).scores())


def test_the_settings_of_the_card_stand_under_the_heads(old: Path, tmp_path: Path) -> None:
    convert(old, tmp_path / "new")
    assert load_bundle(tmp_path / "new").card["settings"] == {
        "heads": {
            "als": {"weight": 1.0, "half_weight_at": 0.0, "factors": 16, "sweeps": 5},
            "stars": {"weight": 0.04, "half_weight_at": 0.0, "rounds": 12},
            "ease": {"weight": 0.8, "half_weight_at": 10.0, "ridge": 200.0},
        },
        "held_out": 399,
        "seed": 1,
    }


def test_an_old_bundle_is_refused_with_the_command_that_converts_it(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BundleError) as caught:
        load_model(old)
    message = str(caught.value)
    assert "\n" not in message
    told = message.partition("python -m engine ")[2].rstrip(".").split()
    assert told[:2] == ["convert", str(old)]
    assert main(told) == 0
    assert "Wrote" in capsys.readouterr().out
    load_model(told[2]).fit({3: 5.0}).recommend(3)


def test_what_is_no_old_bundle_is_not_converted(
    trained: Trained, old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tensors = safetensors.numpy.load((old / TENSORS).read_bytes())
    card = json.loads((old / CARD).read_bytes())
    odd = {
        "no scalars": {name: each for name, each in tensors.items() if name != "scalars"},
        "too few scalars": tensors | {"scalars": tensors["scalars"][:3]},
        "a tensor too many": tensors | {"more": np.zeros(1)},
        "no vectors": tensors | {"vectors": np.zeros_like(tensors["vectors"])},
        "vectors of another shape": tensors | {"vectors": tensors["vectors"][0]},
        "movies out of range": tensors | {"rated_rows": tensors["rated_rows"] + 10_000},
    }
    for changed in odd.values():
        rewrite(old, TENSORS, safetensors.numpy.save(changed), card)
        (old / CARD).write_text(json.dumps(card), encoding="utf-8")
        assert main(["convert", str(old), str(tmp_path / "new")]) == 1
        assert str(old / TENSORS) in capsys.readouterr().err
    assert main(["convert", str(trained.folder), str(tmp_path / "new")]) == 1
    assert "its card lacks 'reeltwin-bundle-3'" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
