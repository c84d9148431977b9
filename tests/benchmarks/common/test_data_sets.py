"""Which MovieLens releases a benchmark measures on."""

import argparse
from pathlib import Path

import pytest

from benchmarks.common.data_sets import RELEASES, add_data_option, release_folders


def release(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "ratings.csv").touch()
    return folder


def test_a_folder_of_releases_gives_them_in_the_order_of_the_published_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [*sorted(RELEASES), "another-set"]:
        release(tmp_path / name)
    assert release_folders([tmp_path]) == [tmp_path / name for name in RELEASES]
    assert capsys.readouterr().err == ""


def test_a_folder_that_lacks_some_says_which(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = release(tmp_path / RELEASES[0])
    assert release_folders([tmp_path]) == [here]
    told = capsys.readouterr().err
    assert all(name in told for name in RELEASES[1:])
    assert RELEASES[0] not in told


def test_releases_may_be_named_themselves(tmp_path: Path) -> None:
    mine = [release(tmp_path / "ml-mine"), release(tmp_path / "other")]
    assert release_folders(mine) == mine


def test_a_folder_without_any_is_refused_with_an_example(tmp_path: Path) -> None:
    (tmp_path / RELEASES[0]).mkdir()
    with pytest.raises(SystemExit, match=f"{tmp_path} holds none of .* such as --data data/ml-"):
        release_folders([tmp_path])


def test_without_the_option_it_is_the_folder_data() -> None:
    parser = argparse.ArgumentParser()
    add_data_option(parser)
    assert parser.parse_args([]).data == [Path("data")]
