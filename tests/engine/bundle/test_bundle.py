"""A bundle is written whole, read bit by bit the same, and refused if anything is wrong with it."""

import errno
import gzip
import hashlib
import io
import json
import pickle
import resource
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch

from engine import BundleError, load_model
from engine.bundle.catalogue_file import to_bytes
from engine.bundle.io import (
    CARD,
    CATALOGUE,
    CURVES,
    EMBEDDED,
    LICENCE,
    METRICS,
    TENSORS,
    Bundle,
    load_bundle,
    save_bundle,
)
from engine.bundle.spec import spec
from engine.cli import main
from engine.linalg.parameters import Array, NumberSpec, TensorSpec
from tests.engine.conftest import Trained

FILES = {CARD, CATALOGUE, TENSORS, METRICS, CURVES, LICENCE}


@pytest.fixture
def folder(trained: Trained, tmp_path: Path) -> Path:
    """A copy of a sound bundle, to be damaged."""
    return Path(shutil.copytree(trained.folder, tmp_path / "bundle"))


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def save(bundle: Bundle, folder: Path) -> None:
    save_bundle(bundle, folder)


def forge(folder: Path, name: str, data: bytes) -> None:
    """Replace a file and make the card agree, so that only its content can give it away."""
    (folder / name).write_bytes(data)
    card = json.loads((folder / CARD).read_bytes())
    card["sha256"][name] = hashlib.sha256(data).hexdigest()
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")


def forge_tensors(folder: Path, changes: Mapping[str, Array | None]) -> None:
    tensors = {**safetensors.numpy.load((folder / TENSORS).read_bytes()), **changes}
    kept = {name: np.ascontiguousarray(t) for name, t in tensors.items() if t is not None}
    forge(folder, TENSORS, safetensors.numpy.save(kept))


def forge_number(folder: Path, name: str, value: object) -> None:
    """Set a number among the parameters, or take it away by None."""
    card = json.loads((folder / CARD).read_bytes())
    card["parameters"] |= {name: value}
    if value is None:
        del card["parameters"][name]
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")


def refusal(folder: Path) -> str:
    """The one line with which a bundle is refused."""
    with pytest.raises(BundleError) as caught:
        load_model(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert 20 < len(message) < 400
    return message


def test_a_bundle_survives_the_round_trip_bit_by_bit(trained: Trained, tmp_path: Path) -> None:
    bundle = load_bundle(trained.folder)
    save(bundle, tmp_path / "again")
    again = load_bundle(tmp_path / "again")
    assert again.parameters.numbers == bundle.parameters.numbers
    assert again.parameters.tensors.keys() == bundle.parameters.tensors.keys()
    for name, tensor in bundle.parameters.tensors.items():
        other = again.parameters.tensors[name]
        assert other.dtype == tensor.dtype
        assert np.array_equal(other, tensor)
    assert to_bytes(again.catalogue) == to_bytes(bundle.catalogue)
    assert again.card == bundle.card
    assert again.curves == bundle.curves == (trained.folder / CURVES).read_bytes()
    assert again.metrics == bundle.metrics
    for name in (CATALOGUE, TENSORS, METRICS, CURVES, LICENCE):
        assert (tmp_path / "again" / name).read_bytes() == (trained.folder / name).read_bytes()


def test_equal_models_give_equal_files(trained: Trained, tmp_path: Path) -> None:
    bundle = load_bundle(trained.folder)
    for name in ("one", "other"):
        save(bundle, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "other")
    assert set(contents(tmp_path / "one")) == FILES


def test_everybody_may_read_a_bundle(trained: Trained) -> None:
    assert trained.folder.stat().st_mode & 0o777 == 0o755


def test_a_bundle_is_replaced_whole(folder: Path) -> None:
    bundle = load_bundle(folder)
    (folder / "left-over").write_text("of the old one")
    card = bundle.card | {"name": "the new one"}
    save(Bundle(bundle.catalogue, bundle.parameters, card), folder)
    assert set(contents(folder)) == FILES
    assert load_bundle(folder).card["name"] == "the new one"
    assert [path.name for path in folder.parent.iterdir()] == ["bundle"]


def test_an_empty_or_a_missing_folder_takes_a_bundle(folder: Path, tmp_path: Path) -> None:
    bundle = load_bundle(folder)
    (tmp_path / "empty").mkdir()
    for target in (tmp_path / "empty", tmp_path / "not" / "there"):
        save(bundle, target)
        assert load_bundle(target).card == bundle.card


def test_a_folder_of_something_else_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    bundle = load_bundle(folder)
    work = tmp_path / "thesis"
    work.mkdir()
    (work / "chapter1.txt").write_text("years of work")
    file = tmp_path / "notes.txt"
    file.write_text("more work")
    for target in (work, file):
        with pytest.raises(BundleError, match=f"{target} is not a model bundle"):
            save(bundle, target)
    assert (work / "chapter1.txt").read_text() == "years of work"
    assert file.read_text() == "more work"


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Have the operating system fail every write beyond ``size`` bytes, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_save_that_fails_midway_leaves_the_old_bundle(folder: Path) -> None:
    before, bundle = contents(folder), load_bundle(folder)
    half = (folder / TENSORS).stat().st_size // 2
    assert (folder / CATALOGUE).stat().st_size < half  # so that some file is written before
    with files_no_larger_than(half), pytest.raises(BundleError, match=r"cannot be written: \w+"):
        save(bundle, folder)
    assert contents(folder) == before
    assert load_bundle(folder).card == bundle.card
    assert [path.name for path in folder.parent.iterdir()] == ["bundle"]


def test_a_bundle_that_cannot_be_put_in_place_leaves_the_old_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, bundle, rename = contents(folder), load_bundle(folder), Path.rename

    def rename_but_the_fresh_one(self: Path, target: Path) -> Path:
        if target == folder and (self / CARD).is_file() and "-old-" not in self.name:
            raise OSError(errno.EBUSY, "Device or resource busy")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", rename_but_the_fresh_one)
    with pytest.raises(BundleError, match="cannot be written: Device or resource busy"):
        save(bundle, folder)
    assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["bundle"]


def test_a_place_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    target = tmp_path / "file" / "bundle"
    with pytest.raises(BundleError, match=f"{target} cannot be written: ") as caught:
        save(load_bundle(folder), target)
    assert "\n" not in str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == (
        f"{tmp_path / 'none'} holds no model: there is no card.json in it."
    )


def test_a_file_is_no_bundle(folder: Path) -> None:
    assert "holds no model" in refusal(folder / TENSORS)


@pytest.mark.parametrize("name", [TENSORS, CATALOGUE, CURVES])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert f"{folder / name} cannot be read: No such file" in refusal(folder)


@pytest.mark.parametrize(
    ("card", "complaint"),
    [
        (b"", "damaged"),
        (b'{"format": "reeltwin-bundle-5", ', "damaged"),
        (b"[" * 100_000, "nested too deep"),
        (b"\xff\xfe\x00", "damaged"),
        (b"[1, 2]", "no model of this version"),
        (b"null", "no model of this version"),
        (b"{}", "no model of this version"),
        (b'{"format": "reeltwin-bundle-4"}', "python -m engine convert "),
        (b'{"format": "reeltwin-bundle-99", "sha256": {}}', "no model of this version"),
        (b'{"format": "reeltwin-bundle-5"}', "names no checksums"),
        (b'{"format": "reeltwin-bundle-5", "sha256": []}', "names no checksums"),
        (b'{"format": "reeltwin-bundle-5", "sha256": {}}', "checksum"),
    ],
)
def test_a_card_that_is_none_is_refused(folder: Path, card: bytes, complaint: str) -> None:
    (folder / CARD).write_bytes(card)
    assert complaint in refusal(folder)


@pytest.mark.parametrize("name", [TENSORS, CATALOGUE])
def test_a_truncated_or_flipped_byte_is_noticed_wherever_it_is(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    broken = [whole[:-1], whole[: len(whole) // 2], b"", whole + b"\0"]
    for at in range(0, len(whole), max(len(whole) // 15, 1)):
        broken.append(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    for data in broken:
        (folder / name).write_bytes(data)
        assert f"{folder / name} is damaged" in refusal(folder)


FORGED: dict[str, Callable[[Path], None]] = {
    "truncated tensors": lambda f: forge(f, TENSORS, (f / TENSORS).read_bytes()[:-9]),
    "tensors of no bytes": lambda f: forge(f, TENSORS, b""),
    "a pickle": lambda f: forge(f, TENSORS, pickle.dumps({"vectors": [1.0]})),
    "a tensor is missing": lambda f: forge_tensors(f, {"map.coordinates": None}),
    "a tensor too many": lambda f: forge_tensors(f, {"biases": np.zeros(3, np.float32)}),
    "truncated catalogue": lambda f: forge(f, CATALOGUE, (f / CATALOGUE).read_bytes()[:-99]),
    "no catalogue": lambda f: forge(f, CATALOGUE, b"movieId,title,genres\n"),
}


@pytest.mark.parametrize("kind", FORGED)
def test_what_is_no_model_is_refused_though_its_checksum_fits(folder: Path, kind: str) -> None:
    FORGED[kind](folder)
    refusal(folder)


TENSOR_SPECS = {name: each for name, each in spec().items() if isinstance(each, TensorSpec)}
NUMBER_SPECS = {name: each for name, each in spec().items() if isinstance(each, NumberSpec)}
FLOATS = [name for name, each in TENSOR_SPECS.items() if np.issubdtype(each.dtype, np.floating)]
INDEXES = [name for name, each in TENSOR_SPECS.items() if each.index_of or each.offsets_into]


def tensor(folder: Path, name: str) -> Array:
    found: Array = safetensors.numpy.load((folder / TENSORS).read_bytes())[name]
    return found


@pytest.mark.parametrize("name", TENSOR_SPECS)
def test_a_tensor_of_another_shape_or_type_is_refused(folder: Path, name: str) -> None:
    sound = tensor(folder, name)
    other_type = np.float64 if sound.dtype == np.float32 else np.int8
    for odd in (sound[:-1], sound[None], np.ones((), sound.dtype), sound.astype(other_type)):
        forge_tensors(folder, {name: odd})
        refusal(folder)


def test_a_tensor_of_a_type_that_numpy_lacks_is_refused(folder: Path) -> None:
    tensors = safetensors.torch.load((folder / TENSORS).read_bytes())
    tensors["als.vectors"] = tensors["als.vectors"].bfloat16()
    forge(folder, TENSORS, safetensors.torch.save(tensors))
    assert "BF16" in refusal(folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", FLOATS)
def test_a_number_that_is_none_is_refused(folder: Path, name: str, value: float) -> None:
    broken = tensor(folder, name).copy()
    broken.flat[-1] = value
    forge_tensors(folder, {name: broken})
    assert f"{name} holds values that are not finite" in refusal(folder)


@pytest.mark.parametrize("value", [-1, 10_000])
@pytest.mark.parametrize("name", INDEXES)
def test_an_index_out_of_range_is_refused(folder: Path, name: str, value: int) -> None:
    for at in (0, -1):
        broken = tensor(folder, name).copy()
        broken[at] = value
        forge_tensors(folder, {name: broken})
        refusal(folder)


def test_offsets_that_go_backwards_are_refused(folder: Path) -> None:
    offsets = tensor(folder, "users.offsets").copy()
    offsets[3:5] = offsets[[4, 3]]
    forge_tensors(folder, {"users.offsets": offsets})
    assert "users.offsets" in refusal(folder)


def test_a_catalogue_that_makes_no_sense_is_refused(folder: Path) -> None:
    columns = safetensors.numpy.load((folder / CATALOGUE).read_bytes())
    columns["years"] = columns["years"] - np.int16(3000)
    forge(folder, CATALOGUE, safetensors.numpy.save(columns))
    assert "years holds values that are not from 0" in refusal(folder)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("users.half_stars", 0, "users.half_stars holds values that are not from 1 to 10"),
        ("users.half_stars", 11, "users.half_stars holds values that are not from 1 to 10"),
        ("items.rows", 0, "items.rows name one twice"),
        ("als.background", -0.5, "als.background holds values that are not from 0 to 1"),
        ("stars.prior_precision", -1, "stars.prior_precision is not positive definite"),
        ("als.prior_precision", 0, "als.prior_precision is not positive definite"),
        ("als.vectors", 0, "als.vectors are all 0"),
        ("als.vectors", 3e38, "als.vectors holds values that are not from -1,000 to 1,000"),
        ("stars.std_scale", -1, "stars.std_scale holds values that are not from 0 to 10"),
        ("map.regions", 44, "map.regions holds values that are not from -1 to 43"),
        ("dimensions.rotation", 0.5, "dimensions.rotation is no rotation"),
    ],
)
def test_numbers_that_make_no_model_are_refused(
    folder: Path, name: str, value: float, complaint: str
) -> None:
    broken = np.full_like(tensor(folder, name), value)
    forge_tensors(folder, {name: broken})
    assert complaint in refusal(folder)


@pytest.mark.parametrize("name", NUMBER_SPECS)
@pytest.mark.parametrize("value", [None, "1", True, [], float("nan"), float("inf"), -(10**400)])
def test_a_number_of_the_card_that_is_none_is_refused(
    folder: Path, name: str, value: object
) -> None:
    forge_number(folder, name, value)
    assert name in refusal(folder)


@pytest.mark.parametrize("name", ["als.prior_strength", "stars.noise"])
def test_a_variance_that_is_none_is_refused(folder: Path, name: str) -> None:
    for value in (0, -0.5, 1e-9):
        forge_number(folder, name, value)
        assert f"{name} is not from 1e-06 to 1000" in refusal(folder)


@pytest.mark.parametrize("numbers", [None, [], "x", {"als.prior": 1.0}])
def test_a_card_without_the_numbers_is_refused(folder: Path, numbers: object) -> None:
    card = json.loads((folder / CARD).read_bytes())
    (folder / CARD).write_text(json.dumps(card | {"parameters": numbers}), encoding="utf-8")
    assert "number" in refusal(folder)


def test_a_precision_that_is_not_symmetric_is_refused(folder: Path) -> None:
    broken = tensor(folder, "stars.prior_precision").copy()
    broken[0, 1] += 1
    forge_tensors(folder, {"stars.prior_precision": broken})
    assert "stars.prior_precision is not symmetric" in refusal(folder)


@pytest.mark.parametrize("name", [CARD, CATALOGUE, METRICS, CURVES])
def test_a_file_without_end_is_given_up(folder: Path, name: str) -> None:
    with (folder / name).open("wb") as file:
        file.truncate(65 * 2**20)  # takes no room on the disk
    assert f"{folder / name} is no file of at most" in refusal(folder)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no such device")
def test_a_device_in_the_place_of_a_file_is_given_up(folder: Path) -> None:
    (folder / METRICS).unlink()
    (folder / METRICS).symlink_to("/dev/zero")
    assert "is no file of at most" in refusal(folder)


class Exploit:
    """What a pickle would run when it is loaded."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.trace,)


@pytest.mark.parametrize("name", [CARD, CATALOGUE, TENSORS, METRICS])
def test_code_in_a_pickle_is_never_run(folder: Path, tmp_path: Path, name: str) -> None:
    trace = tmp_path / "it ran"
    plain, saved = pickle.dumps(Exploit(trace)), io.BytesIO()
    torch.save(Exploit(trace), saved)
    pickle.loads(plain)
    assert trace.exists()  # so much for what it would do
    trace.unlink()
    for data in (plain, saved.getvalue(), gzip.compress(plain)):
        if name == CARD:
            (folder / CARD).write_bytes(data)
        else:
            forge(folder, name, data)
        refusal(folder)
    assert not trace.exists()


def test_a_bundle_that_was_only_forged_back_to_itself_is_accepted(folder: Path) -> None:
    forge_tensors(folder, {})
    forge(folder, CATALOGUE, (folder / CATALOGUE).read_bytes())
    load_model(folder).fit({3: 5.0}).recommend(3)


def test_the_command_line_refuses_in_one_line_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "Reeltwin taste model"
    (folder / CARD).unlink()
    assert main(["info", str(folder)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"error: {folder} holds no model: there is no card.json in it.\n"


class TestTheBundleThatShips:
    @pytest.fixture
    def card(self) -> dict[str, Any]:
        result: dict[str, Any] = json.loads((EMBEDDED / CARD).read_bytes())
        return result

    def test_it_is_complete_and_at_most_20_megabytes(self) -> None:
        assert {file.name for file in EMBEDDED.iterdir()} == FILES
        assert sum(file.stat().st_size for file in EMBEDDED.iterdir()) <= 20_000_000

    def test_its_card_has_the_checksum_of_every_other_file(self, card: dict[str, Any]) -> None:
        assert card["sha256"] == {
            name: hashlib.sha256((EMBEDDED / name).read_bytes()).hexdigest()
            for name in FILES - {CARD}
        }

    def test_its_licence_notice_names_the_conditions_and_the_citation(self) -> None:
        notice = " ".join((EMBEDDED / LICENCE).read_text(encoding="utf-8").split())
        assert "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets" in notice
        assert "under these same license conditions" in notice
        assert "may not use this information for any commercial" in notice

    def test_it_was_trained_on_data_that_may_be_redistributed(self, card: dict[str, Any]) -> None:
        assert {source["name"] for source in card["data"]} == {
            *("ml-latest-small", "ml-latest-2023", "ml-small-2016-10", "ml-small-2015-04"),
        }

    def test_its_card_tells_what_is_in_it(self, card: dict[str, Any]) -> None:
        bundle = load_bundle()
        tensors = bundle.parameters.tensors
        assert card["movies"] == len(bundle.catalogue) == 86_537
        assert card["movies_with_vectors"] == len(tensors["als.vectors"])
        assert card["users"] == len(tensors["users.vectors"])
        assert card["ratings"] == len(tensors["users.items"]) > 400_000
        assert card["ratings"] == sum(source["n_ratings"] for source in card["data"])

    def test_it_ranks_and_foretells_better_than_the_proposal(self, card: dict[str, Any]) -> None:
        """Against the table in the design; figures too good to be true fail as well."""
        proposal = {"5": (0.478, 0.939), "10": (0.511, 0.917), "20": (0.532, 0.893)}
        for given, (ndcg, rmse) in proposal.items():
            quality = card["quality_by_ratings_given"][given]
            assert ndcg < quality["ndcg_at_10"] < 0.7
            assert 0.75 < quality["rmse"] < rmse
            assert 0.75 < quality["covered_80"] < 0.9
