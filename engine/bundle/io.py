"""The model bundle: what training leaves behind and serving loads, as a folder of plain files.

======================  ============================================================================
``card.json``           data sets, settings, metrics, date, and the SHA-256 of every other file
``catalogue.csv.gz``    all movies (:mod:`engine.data.catalogue`)
``vectors.safetensors`` the tensors of :class:`Bundle`, by their field names
``metrics.json``        loss and validation figures sweep by sweep
``curves.png``          the same as a picture
``LICENSE-DATA.txt``    the conditions under which MovieLens allows redistribution
======================  ============================================================================

Nothing in it is executed on loading: no pickle.
"""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
from safetensors import SafetensorError

from engine.bundle.tensors import Tensors
from engine.bundle.validation import faults
from engine.data.catalogue import Catalogue
from engine.errors import BundleError

FORMAT = "reeltwin-bundle-3"
CARD = "card.json"
CATALOGUE = "catalogue.csv.gz"
TENSORS = "vectors.safetensors"
METRICS = "metrics.json"
CURVES = "curves.png"
LICENCE = "LICENSE-DATA.txt"
EMBEDDED = Path(__file__).parent.parent / "pretrained"

_MOST_BYTES = {TENSORS: 4 * 2**30}  # of a file that is read at all
_MOST_BYTES_OF_OTHERS = 64 * 2**20


@dataclass(frozen=True)
class Bundle:
    """A loaded or freshly trained model.

    ``card`` is the JSON of the card, without checksums; ``curves`` the picture of the training, a
    PNG, empty where none was drawn; ``metrics`` the figures of the training, step by step.
    """

    catalogue: Catalogue
    tensors: Tensors
    card: dict[str, Any]
    curves: bytes = b""
    metrics: dict[str, Any] = field(default_factory=dict)


def save_bundle(bundle: Bundle, folder: Path) -> None:
    """Write a bundle whole: into a folder beside ``folder``, which it then replaces.

    Raises :class:`BundleError` if it cannot be written; what was there before then stays.
    """
    check_replaceable(folder)
    licence = resources.files("engine").joinpath("licence_data.txt").read_bytes()
    files = {
        CATALOGUE: bundle.catalogue.to_bytes(),
        TENSORS: safetensors.torch.save(
            {name: t.contiguous() for name, t in vars(bundle.tensors).items()}
        ),
        METRICS: _to_json(bundle.metrics),
        CURVES: bundle.curves,
        LICENCE: licence,
    }
    checksums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    files[CARD] = _to_json({"format": FORMAT, **bundle.card, "sha256": checksums})

    try:
        _write_folder(files, folder.resolve())
    except OSError as error:
        raise BundleError(f"{folder} cannot be written: {error.strerror}.") from error


def check_replaceable(folder: Path) -> None:
    """Raise :class:`BundleError` if ``folder`` is there and is neither a bundle nor empty."""
    if not folder.exists() or (folder / CARD).is_file():
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise BundleError(f"{folder} is not a model bundle: it is not overwritten.")


def load_bundle(folder: Path = EMBEDDED) -> Bundle:
    """Read and check a bundle; raises :class:`BundleError` with one readable line."""
    card = _read_card(folder)
    files = {}
    for name in (CATALOGUE, TENSORS, METRICS, CURVES):
        data = _read(folder / name)
        if hashlib.sha256(data).hexdigest() != card["sha256"].get(name):
            raise BundleError(f"{folder / name} is damaged: its checksum is not the card's.")
        files[name] = data
    catalogue = Catalogue.from_bytes(files[CATALOGUE])
    try:
        tensors = Tensors(**safetensors.torch.load(files[TENSORS]))
    except (SafetensorError, TypeError) as error:
        raise BundleError(f"{folder / TENSORS} does not hold a model: {error!s:.200}.") from error
    for fault in faults(tensors, len(catalogue)):
        raise BundleError(f"{folder / TENSORS}: {fault}.")
    told = {k: v for k, v in card.items() if k != "sha256"}
    metrics = _json(files[METRICS], folder / METRICS)
    return Bundle(catalogue, tensors, told, files[CURVES], metrics)


def _read_card(folder: Path) -> dict[str, Any]:
    if not (folder / CARD).is_file():
        raise BundleError(f"{folder} holds no model: there is no {CARD} in it.")
    card = _json(_read(folder / CARD), folder / CARD)
    if card.get("format") != FORMAT:
        raise BundleError(f"{folder} is no model of this version: its card lacks {FORMAT!r}.")
    if not isinstance(card.get("sha256"), dict):
        raise BundleError(f"{folder / CARD} is damaged: it names no checksums.")
    return card


def _json(data: bytes, path: Path) -> dict[str, Any]:
    """The JSON object that a file holds."""
    try:
        found = json.loads(data)
    except ValueError as error:
        raise BundleError(f"{path} is damaged: {error}.") from error
    except RecursionError:
        raise BundleError(f"{path} is damaged: it is nested too deep.") from None
    return found if isinstance(found, dict) else {}


def _read(path: Path) -> bytes:
    most = _MOST_BYTES.get(path.name, _MOST_BYTES_OF_OTHERS)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if path.is_file() and size <= most else None
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror}.") from error
    if data is None:  # a device, say, which may give bytes without end
        raise BundleError(f"{path} is no file of at most {most:,} bytes.")
    return data


def _to_json(value: dict[str, Any]) -> bytes:
    def plain(x: object) -> object:
        if isinstance(x, np.generic):
            return x.item()
        raise TypeError(f"{type(x)} is not JSON")

    return (json.dumps(value, indent=1, default=plain, ensure_ascii=False) + "\n").encode()


def _write_folder(files: dict[str, bytes], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        fresh.chmod(0o755)
        for name, data in files.items():
            with (fresh / name).open("wb") as file:
                file.write(data)
                os.fsync(file.fileno())
        _replace_folder(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _replace_folder(fresh: Path, folder: Path) -> None:
    """Put ``fresh`` in the place of ``folder``; if that fails the old one is put back."""
    if not folder.exists():
        fresh.rename(folder)
        return
    old = folder.with_name(f".{folder.name}-old-{os.getpid()}")
    folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old)
