"""A bundle of the format before this one is converted, not trained anew: its scores stay."""

import csv
import gzip
import hashlib
import io
import json
import shutil
import tracemalloc
import zlib
from collections.abc import Callable
from itertools import compress
from pathlib import Path

import numpy as np
import pytest

from engine import BundleError, load_model
from engine.bundle.convert import convert
from engine.bundle.io import CARD, CATALOGUE, METRICS, OLD_CATALOGUE, TENSORS, load_bundle
from engine.cli import main
from engine.data.catalogue import GENRES, Catalogue
from tests.engine.conftest import Trained

HEADER = (
    *("movie_id", "name", "year", "aliases", "genres", "imdb_id", "tmdb_id"),
    *("count", "mean", "bias", "tags"),
)


def as_table(catalogue: Catalogue) -> str:
    """The catalogue as format 4 had it, before it was packed."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for row in range(len(catalogue)):
        writer.writerow(
            (
                catalogue.movie_ids[row],
                catalogue.names[row],
                catalogue.years[row],
                "|".join(catalogue.aliases[row]),
                "|".join(compress(GENRES, catalogue.genres[row].tolist())),
                catalogue.imdb_ids[row],
                catalogue.tmdb_ids[row],
                catalogue.counts[row],
                repr(float(catalogue.means[row])),
                repr(float(catalogue.biases[row])),
                "|".join(catalogue.tags[row]),
            )
        )
    return text.getvalue()


@pytest.fixture
def old(trained: Trained, tmp_path: Path) -> Path:
    """The trained bundle as format 4 had it."""
    folder = Path(shutil.copytree(trained.folder, tmp_path / "old"))
    (folder / CATALOGUE).unlink()
    card = json.loads((folder / CARD).read_bytes())
    del card["sha256"][CATALOGUE]
    card["format"] = "reeltwin-bundle-4"
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")
    put(folder, OLD_CATALOGUE, gzip.compress(as_table(trained.model.catalogue).encode()))
    return folder


def put(folder: Path, name: str, data: bytes) -> None:
    """Write a file, and its checksum into the card."""
    (folder / name).write_bytes(data)
    card = json.loads((folder / CARD).read_bytes())
    card["sha256"][name] = hashlib.sha256(data).hexdigest()
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")


def test_a_converted_bundle_is_what_training_writes_today(
    trained: Trained, old: Path, tmp_path: Path
) -> None:
    convert(old, tmp_path / "new")
    converted, expected = load_bundle(tmp_path / "new"), load_bundle(trained.folder)
    assert converted.parameters.numbers == expected.parameters.numbers
    assert converted.card == expected.card
    for file in trained.folder.iterdir():
        if file.name not in (CARD, METRICS):
            assert (tmp_path / "new" / file.name).read_bytes() == file.read_bytes(), file.name
    assert converted.metrics == expected.metrics
    scores = load_model(tmp_path / "new").fit({3: 5.0, 6: 1.0}).scores()
    assert np.array_equal(scores, trained.model.fit({3: 5.0, 6: 1.0}).scores())


def test_an_old_bundle_is_refused_with_the_command_that_converts_it(
    old: Path, capsys: pytest.CaptureFixture[str]
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


def refusal(old: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line with which nothing is written."""
    new = old.with_name("new")
    assert main(["convert", str(old), str(new)]) == 1
    assert not new.exists()
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    return message


def test_what_is_no_old_bundle_is_not_converted(
    trained: Trained, old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(old, TENSORS, b"")
    assert str(old / TENSORS) in refusal(old, capsys)
    assert "its card lacks 'reeltwin-bundle-4'" in refusal(trained.folder, capsys)


LINE = "90,A,1995,,,1,1,1,1,1,\n"
TABLES: dict[str, Callable[[str], str]] = {
    "other columns": lambda table: table.replace("movie_id", "movieId", 1),
    "no rows": lambda table: table.split("\n", 1)[0],
    "a short row": lambda table: table + "1,A,1995\n",
    "no number": lambda table: table + LINE.replace("1995", "x"),
    "a year out of range": lambda table: table + LINE.replace("1995", "99999"),
    "an id twice": lambda table: table + table.splitlines(keepends=True)[-1],
    "a mean above the scale": lambda table: table + f"{10**9},A,1995,,,1,1,1,9,1,\n",
    "an id too large": lambda table: table + f"{2**40},A,1995,,,1,1,1,1,1,\n",
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_that_makes_no_sense_is_refused(
    kind: str, trained: Trained, old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = TABLES[kind](as_table(trained.model.catalogue))
    put(old, OLD_CATALOGUE, gzip.compress(changed.encode()))
    assert "The catalogue " in refusal(old, capsys)


@pytest.mark.parametrize("kind", ["empty", "not gzip", "truncated", "not UTF-8"])
def test_what_is_no_table_is_refused(
    kind: str, old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = (old / OLD_CATALOGUE).read_bytes()
    data = {
        "empty": b"",
        "not gzip": b"movie_id,name\n",
        "truncated": packed[:-99],
        "not UTF-8": gzip.compress(b"\xff"),
    }
    put(old, OLD_CATALOGUE, data[kind])
    assert "The catalogue cannot be read: " in refusal(old, capsys)


def test_a_bomb_of_a_catalogue_is_given_up_within_little_memory(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of one megabyte that unpacks to a gigabyte."""
    pack = zlib.compressobj(9, wbits=31)
    zeros = bytes(2**20)
    put(old, OLD_CATALOGUE, b"".join([pack.compress(zeros) for _ in range(1024)]) + pack.flush())
    tracemalloc.start()
    try:
        assert "unpacks to more than" in refusal(old, capsys)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 700 * 2**20
