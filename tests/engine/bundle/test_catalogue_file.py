"""The catalogue as a file: what is written is read, and what makes no sense is refused."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
import safetensors.numpy

from engine import BundleError, TasteModel
from engine.bundle.catalogue_file import from_bytes, to_bytes
from engine.bundle.io import CATALOGUE, EMBEDDED
from engine.data.catalogue import Catalogue
from engine.linalg.parameters import Array
from engine.titles.overrides import NICKNAMES, RELEASED_AS


def columns(catalogue: Catalogue) -> dict[str, list[object]]:
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else list(value)
        for name, value in vars(catalogue).items()
        if not name.startswith("_")
    }


def test_a_catalogue_survives_the_round_trip(small_catalogue: Catalogue) -> None:
    again = from_bytes(to_bytes(small_catalogue))
    assert columns(again) == columns(small_catalogue)
    for name in ("movie_ids", "years", "genres", "counts", "means", "biases"):
        assert getattr(again, name).dtype == getattr(small_catalogue, name).dtype


def test_the_real_catalogue_is_written_as_it_was_read_but_for_names_that_people_know(
    model: TasteModel,
) -> None:
    written = safetensors.numpy.load(to_bytes(model.catalogue))
    given = safetensors.numpy.load((EMBEDDED / CATALOGUE).read_bytes())
    changed = set()
    for name, column in given.items():
        if name in ("names", "aliases"):
            lines = [each.tobytes().decode().split("\n") for each in (written[name], column)]
            pairs = zip(*lines, strict=True)
            changed |= {row for row, (new, old) in enumerate(pairs) if new != old}
        else:
            assert np.array_equal(written[name], column), name
    assert {int(model.movie_ids[row]) for row in changed} == RELEASED_AS.keys() | NICKNAMES.keys()


def test_equal_catalogues_give_equal_bytes(small_catalogue: Catalogue) -> None:
    written = to_bytes(small_catalogue)
    assert to_bytes(from_bytes(written)) == written


@pytest.mark.parametrize(("given", "kept"), [("Face|Off", "Face/Off"), ("Face\nOff", "Face Off")])
def test_a_text_cannot_break_the_lines_or_the_lists(
    given: str, kept: str, small_catalogue: Catalogue
) -> None:
    odd = replace(small_catalogue, aliases=[(given,), (), ()], names=["A", "B", "C\nD"])
    again = from_bytes(to_bytes(odd))
    assert list(again.aliases) == [(kept,), (), ()]
    assert list(again.names) == ["A", "B", "C D"]


def test_a_number_that_is_too_large_is_not_written_as_another(small_catalogue: Catalogue) -> None:
    odd = replace(small_catalogue, tmdb_ids=np.array([1, 2, 2**32 + 3]))
    with pytest.raises(BundleError, match="4,294,967,299 is too large"):
        to_bytes(odd)


Change = Callable[[dict[str, Array]], dict[str, Array]]
ODD: dict[str, tuple[Change, str]] = {
    "a column is missing": (lambda c: {k: v for k, v in c.items() if k != "years"}, "years"),
    "a column too many": (lambda c: c | {"more": c["years"]}, "more"),
    "no movies": (
        lambda c: {name: column[:0] for name, column in c.items()},
        "it has no films",
    ),
    "ids twice": (lambda c: c | {"movie_ids": c["movie_ids"] * 0 + 1}, "ids do not ascend"),
    "an id of 0": (lambda c: c | {"movie_ids": c["movie_ids"] - 1}, "movie_ids"),
    "a year of another type": (lambda c: c | {"years": c["years"].astype(np.int64)}, "years"),
    "a year below 0": (lambda c: c | {"years": c["years"] - np.int16(3000)}, "years"),
    "a shorter column": (lambda c: c | {"counts": c["counts"][1:]}, "counts"),
    "a mean above the scale": (lambda c: c | {"means": c["means"] + 3}, "means"),
    "a bias that is no number": (lambda c: c | {"biases": c["biases"] * np.nan}, "biases"),
    "a genre that there is not": (
        lambda c: c | {"genres": c["genres"] + np.uint32(2**19)},
        "genres",
    ),
    "a film without a name": (lambda c: c | {"names": text("A\n \nC\n")}, "has no name"),
    "a name too few": (lambda c: c | {"names": text("A\nB\n")}, "not a line for each"),
    "a name too many": (lambda c: c | {"names": text("A\nB\nC\nD\n")}, "not a line for each"),
    "a name without an end": (lambda c: c | {"names": text("A\nB\nC\nD")}, "not a line"),
    "not UTF-8": (lambda c: c | {"tags": np.full(3, 255, np.uint8)}, "utf-8"),
}


def text(lines: str) -> Array:
    return np.frombuffer(lines.encode(), np.uint8)


@pytest.mark.parametrize("kind", ODD)
def test_a_catalogue_that_makes_no_sense_is_refused_with_one_line(
    kind: str, small_catalogue: Catalogue
) -> None:
    change, complaint = ODD[kind]
    changed = change(safetensors.numpy.load(to_bytes(small_catalogue)))
    with pytest.raises(BundleError) as caught:
        from_bytes(safetensors.numpy.save(changed))
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("The catalogue makes no sense: ")
    assert complaint in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"movie_id,name\n", b"\xff" * 60], ids=range(3))
def test_what_is_no_catalogue_is_refused_with_one_line(data: bytes) -> None:
    with pytest.raises(BundleError, match=r"^The catalogue cannot be read: [^\n]*$"):
        from_bytes(data)


def test_a_damaged_byte_is_read_or_refused(small_catalogue: Catalogue) -> None:
    """The card's checksum tells of damage; this is what somebody could forge besides."""
    whole = to_bytes(small_catalogue)
    for at in range(len(whole)):
        damaged = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :]
        with suppress(BundleError):
            assert len(from_bytes(damaged)) == len(small_catalogue)
