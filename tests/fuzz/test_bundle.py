"""Whatever a bundle holds: a model that answers, or one line on what is wrong with it.

The checksums are made to fit: they guard against damage, not against whoever made the bundle.
"""

import asyncio
import hashlib
import json
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from bot.app.context import AppContext, RequestContext
from bot.app.limits import Limits
from bot.commands.dispatch import dispatch
from bot.replies import Reply
from engine import BundleError, TasteModel, load_model
from engine.bundle.io import CARD, CATALOGUE, CURVES, METRICS, TENSORS
from engine.bundle.spec import spec
from engine.linalg.parameters import NumberSpec, TensorSpec
from storage import open_store
from tests.fuzz.inputs import check_refusal, fuzzed, soon
from tests.fuzz.tiny_bundle import CARD as TINY_CARD
from tests.fuzz.tiny_bundle import METRICS as TINY_METRICS
from tests.fuzz.tiny_bundle import write_bundle

Path_ = tuple[Any, ...]
NAMES = [name for name, each in spec().items() if isinstance(each, TensorSpec)]
NUMBERS_OF_CARD = [name for name, each in spec().items() if isinstance(each, NumberSpec)]
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"\0" * 8, b"\xff" * 8, b"9" * 30, b"-1", b"nan", b"inf", b"1e39", b'"', b","]
    ),
    st.sampled_from(
        [b",", b"\n", b"|", b"[" * 2_000, b"{", b"}", b"null", b"cposix\nsystem\n", b"F64"]
    ),
)
NUMBERS = st.one_of(
    st.integers(-2, 20),
    st.sampled_from([127, 255, 10**6, 2**31 - 1, -(2**31), 2**63 - 1, 2**64, 10**30]),
)
VALUES = st.one_of(
    st.integers(-2, 20).map(float),
    st.floats(width=32),
    st.sampled_from([1e-30, 1e19, 3e38, -3e38, 65_504.0]),
)


@dataclass(frozen=True, repr=False)
class Sound:
    """A sound bundle: its files, and where they are written with some of them changed."""

    folder: Path
    files: dict[str, bytes]

    @property
    def database(self) -> Path:
        return self.folder.parent / "reeltwin.sqlite3"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    folder = tmp_path_factory.mktemp("fuzz") / "bundle"
    write_bundle(folder)
    return Sound(folder, {file.name: file.read_bytes() for file in folder.iterdir()})


def check(sound: Sound, **changed: bytes) -> None:
    """Load the bundle with some files changed; nothing but a BundleError may come."""
    files = sound.files | changed
    if CARD not in changed:
        card = json.loads(files[CARD])
        card["sha256"] |= {name: hashlib.sha256(data).hexdigest() for name, data in changed.items()}
        files[CARD] = json.dumps(card).encode()
    for name, data in files.items():
        (sound.folder / name).write_bytes(data)
    with soon():
        try:
            model = load_model(sound.folder)
        except BundleError as error:
            check_refusal(error)
            return
        use(model, sound.database)


def use(model: TasteModel, database: Path) -> None:
    """What a model is for; a bundle that was let in must not fail at it."""
    first = int(model.movie_ids[0])
    taste = model.fit({first: 5.0})
    stars, std = taste.predict(model.movie_ids)
    assert np.isfinite(taste.scores()).all()
    assert np.isfinite(stars).all()
    assert np.isfinite(std).all()
    assert ((stars >= 0.5) & (stars <= 5)).all()
    model.similar(first, 3)
    model.twins(taste, 2)
    taste.recommend(2)
    model.dimensions_of(taste, 2)
    assert all(np.isfinite([region.x, region.y]).all() for region in model.regions)
    model.titles.search(model.catalogue.names[0], 3)
    assert asyncio.run(_told_of(model, database)).title == "What I am made of"


async def _told_of(model: TasteModel, database: Path) -> Reply:
    """What the bot says of a model, without the picture."""
    async with open_store(database) as store:
        context = AppContext(model, store, limits=Limits(charts=0))
        reply = await dispatch(context, RequestContext("console:ann", "Ann"), "model")
        context.close()
    return reply


def mutated(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, piece in changes:
        start = int(place * len(data))
        data = data[:start] + piece + data[start + length :]
    return data


CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), PIECES), min_size=1, max_size=4)


def test_the_bundle_that_is_changed_is_sound(sound: Sound) -> None:
    check(sound)
    use(load_model(sound.folder), sound.database)


@fuzzed(cost=2)
@given(st.sampled_from([CARD, CATALOGUE, TENSORS, METRICS, CURVES]), CHANGES)
def test_bytes_of_any_file(
    sound: Sound, name: str, changes: list[tuple[float, int, bytes]]
) -> None:
    check(sound, **{name: mutated(sound.files[name], changes)})


@fuzzed(cost=4)
@given(st.sampled_from(["names", "aliases", "tags"]), CHANGES)
def test_the_texts_of_the_catalogue(
    sound: Sound, name: str, changes: list[tuple[float, int, bytes]]
) -> None:
    columns = safetensors.numpy.load(sound.files[CATALOGUE])
    text = mutated(columns[name].tobytes(), changes)
    columns[name] = np.frombuffer(text, np.uint8)
    check(sound, **{CATALOGUE: safetensors.numpy.save(columns)})


@fuzzed(cost=4)
@given(st.sampled_from(NAMES), st.sampled_from(["dtype", "shape", "data_offsets"]), st.data())
def test_the_header_of_the_tensors(sound: Sound, name: str, key: str, data: st.DataObject) -> None:
    (size,) = struct.unpack("<Q", sound.files[TENSORS][:8])
    header = json.loads(sound.files[TENSORS][8 : 8 + size])
    if key == "dtype":
        header[name][key] = data.draw(st.sampled_from(["F64", "F16", "BF16", "I8", "BOOL", "Q"]))
    else:
        header[name][key] = data.draw(st.lists(NUMBERS, max_size=3))
    text = json.dumps(header).encode()
    told = data.draw(st.sampled_from([len(text), len(text), 0, 2**40, 2**64 - 1]))
    packed = struct.pack("<Q", told) + text + sound.files[TENSORS][8 + size :]
    check(sound, **{TENSORS: packed})


@fuzzed(cost=4)
@given(
    st.sampled_from(NAMES),
    st.lists(st.tuples(st.integers(0, 10_000), VALUES), min_size=1, max_size=4),
    st.booleans(),
)
def test_the_values_of_a_tensor(
    sound: Sound, name: str, values: list[tuple[int, float]], all_of_it: bool
) -> None:
    tensors = safetensors.numpy.load(sound.files[TENSORS])
    flat = tensors[name].reshape(-1)
    for at, value in values:
        place = slice(None) if all_of_it else slice(at % len(flat), at % len(flat) + 1)
        # As the type has it: rounded, wrapped around or not finite.
        with np.errstate(all="ignore"):
            flat[place] = np.float64(value).astype(flat.dtype)
    check(sound, **{TENSORS: safetensors.numpy.save(tensors)})


@fuzzed(cost=4)
@given(
    st.sampled_from(NUMBERS_OF_CARD),
    st.one_of(VALUES, NUMBERS, st.booleans(), st.text(max_size=3), st.none()),
)
def test_the_numbers_of_the_card(sound: Sound, name: str, value: object) -> None:
    card = json.loads(sound.files[CARD])
    card["parameters"][name] = value
    check(sound, **{CARD: json.dumps(card).encode()})


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Where something stands in JSON: the keys and numbers that lead there."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def replaced(value: Any, path: Path_, by: Any) -> Any:
    """A copy with something else in one place; nothing, where it is `GONE`."""
    if not path:
        return by
    first, *rest = path
    copy = value.copy()
    copy[first] = replaced(value[first], tuple(rest), by)
    if copy[first] is GONE:
        del copy[first]
    return copy


GONE = object()
ODD_JSON = st.one_of(
    st.sampled_from([GONE, None, True, "", [], {}, [[]], {"": None}, -1, 0, 1.5, 10**400, 1e308]),
    st.sampled_from([math.nan, math.inf, "2026-13-45", "\ud800", "\x1b[31m", "x" * 10**5, "1e999"]),
    st.recursive(
        st.one_of(st.none(), st.booleans(), NUMBERS, st.floats(), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=6,
    ),
    st.integers(5, 900).map(lambda depth: json.loads("[" * depth + "]" * depth)),
)


@fuzzed(cost=4)
@given(st.sampled_from([*places(TINY_CARD)][1:]), ODD_JSON)
def test_the_parts_of_the_card(sound: Sound, path: Path_, odd: object) -> None:
    card = replaced(json.loads(sound.files[CARD]), path, odd)
    check(sound, **{CARD: json.dumps(card).encode()})


@fuzzed(cost=4)
@given(st.sampled_from([*places(TINY_METRICS)][1:]), ODD_JSON)
def test_the_parts_of_the_record_of_training(sound: Sound, path: Path_, odd: object) -> None:
    check(sound, **{METRICS: json.dumps(replaced(TINY_METRICS, path, odd)).encode()})
