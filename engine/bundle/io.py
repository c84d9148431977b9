"""The model bundle: what training leaves behind and serving loads, as a folder of plain files.

=========================  =========================================================================
``card.json``              data sets, settings, metrics, date, the numbers among the parameters, and
                           the SHA-256 of every other file
``catalogue.safetensors``  all movies (:mod:`engine.bundle.catalogue_file`)
``vectors.safetensors``    the tensors among the parameters (:mod:`engine.bundle.spec`), by names
``metrics.json``           loss and validation figures sweep by sweep
``curves.png``             the same as a picture
``LICENSE-DATA.txt``       the conditions under which MovieLens allows redistribution
=========================  =========================================================================

Nothing in it is executed on loading: no pickle.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

from engine.bundle import catalogue_file
from engine.bundle.card import card_faults, metrics_faults
from engine.bundle.spec import known_sizes, spec
from engine.bundle.validation import faults
from engine.data.catalogue import Catalogue
from engine.errors import BundleError
from engine.linalg.parameters import Array, Parameters

FORMAT, OLD_FORMAT = "reeltwin-bundle-5", "reeltwin-bundle-4"
CARD = "card.json"
CATALOGUE, OLD_CATALOGUE = "catalogue.safetensors", "catalogue.csv.gz"
TENSORS = "vectors.safetensors"
METRICS = "metrics.json"
CURVES = "curves.png"
LICENCE = "LICENSE-DATA.txt"
EMBEDDED = Path(__file__).parent.parent / "pretrained"

# Of a file that is read at all; the picture goes to Discord, which takes 10 MB.
_MOST_BYTES = {TENSORS: 4 * 2**30, CURVES: 8 * 2**20}
_MOST_BYTES_OF_OTHERS = 64 * 2**20


@dataclass(frozen=True)
class Bundle:
    """A loaded or freshly trained model.

    ``card`` is the JSON of the card, without checksums; ``curves`` the picture of the training, a
    PNG, empty where none was drawn; ``metrics`` the figures of the training, step by step.
    """

    catalogue: Catalogue
    parameters: Parameters
    card: dict[str, Any]
    curves: bytes = b""
    metrics: dict[str, Any] = field(default_factory=dict)


def save_bundle(bundle: Bundle, folder: Path) -> None:
    """Write a bundle whole: into a folder beside ``folder``, which it then replaces.

    Parameters
    ----------
    bundle
        The model.
    folder
        Where to; a bundle or an empty folder is replaced.

    Raises
    ------
    BundleError
        If it cannot be written; what was there before then stays.
    """
    check_replaceable(folder)
    licence = resources.files("engine").joinpath("licence_data.txt").read_bytes()
    files = {
        CATALOGUE: catalogue_file.to_bytes(bundle.catalogue),
        TENSORS: safetensors.numpy.save(
            {
                name: np.ascontiguousarray(tensor)
                for name, tensor in bundle.parameters.tensors.items()
            }
        ),
        METRICS: _to_json(bundle.metrics),
        CURVES: bundle.curves,
        LICENCE: licence,
    }
    checksums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    numbers = dict(bundle.parameters.numbers)
    card = {"format": FORMAT} | bundle.card
    files[CARD] = _to_json(card | {"format": FORMAT, "parameters": numbers, "sha256": checksums})
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
    """Return a bundle that was read and checked.

    Raises
    ------
    BundleError
        With one readable line.
    """
    files = read_files(folder, FORMAT)
    catalogue = catalogue_file.from_bytes(files.data[CATALOGUE])
    numbers = files.card.get("parameters")
    parameters = Parameters(files.tensors(), numbers if isinstance(numbers, dict) else {})
    check(parameters, catalogue, folder / TENSORS)
    told = {k: v for k, v in files.card.items() if k not in ("sha256", "parameters")}
    return Bundle(catalogue, parameters, told, files.data[CURVES], files.json(METRICS))


def check(parameters: Parameters, catalogue: Catalogue, path: Path) -> None:
    """Raise :class:`BundleError` with the first fault of the parameters of a bundle."""
    _refuse(path, faults(parameters, spec(), known_sizes(len(catalogue))))


def _refuse(path: Path, found: Iterable[str]) -> None:
    for fault in found:
        raise BundleError(f"{path}: {fault}.")


@dataclass(frozen=True)
class BundleFiles:
    """The files of a bundle, whose checksums fit: ``data`` by their names."""

    folder: Path
    card: dict[str, Any]
    data: dict[str, bytes]

    def json(self, name: str) -> dict[str, Any]:
        return _json(self.data[name], self.folder / name)

    def tensors(self) -> dict[str, Array]:
        try:
            tensors: dict[str, Array] = safetensors.numpy.load(self.data[TENSORS])
        except (SafetensorError, KeyError) as error:  # the latter of a type that NumPy lacks
            path = self.folder / TENSORS
            raise BundleError(f"{path} does not hold a model: {error!s:.200}.") from error
        return tensors


def read_files(folder: Path, form: str) -> BundleFiles:
    """Read the files of a bundle of a format; raises :class:`BundleError`."""
    card = _read_card(folder, form)
    catalogue = CATALOGUE if form == FORMAT else OLD_CATALOGUE
    data = {name: _read(folder / name) for name in (catalogue, TENSORS, METRICS, CURVES)}
    for name, content in data.items():
        if hashlib.sha256(content).hexdigest() != card["sha256"].get(name):
            raise BundleError(f"{folder / name} is damaged: its checksum is not the card's.")
    files = BundleFiles(folder, card, data)
    _refuse(folder / CARD, card_faults(card))
    _refuse(folder / METRICS, metrics_faults(files.json(METRICS)))
    return files


def _read_card(folder: Path, form: str) -> dict[str, Any]:
    if not (folder / CARD).is_file():
        raise BundleError(f"{folder} holds no model: there is no {CARD} in it.")
    card = _json(_read(folder / CARD), folder / CARD)
    if card.get("format") == OLD_FORMAT != form:
        raise BundleError(
            f"{folder} is a model of the format before this one: convert it, as in "
            f"python -m engine convert {folder} {folder}-4."
        )
    if card.get("format") != form:
        raise BundleError(f"{folder} is no model of this version: its card lacks {form!r}.")
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
