"""From pooled releases to a catalogue."""

from pathlib import Path

import pytest

from engine.data.dataset import prepare
from engine.data.movielens import pool, read_release
from tests.engine.movielens_sets import write_release


def with_tags(folder: Path, *tags: tuple[int, str]) -> Path:
    write_release(folder, n_users=8, n_movies=30)
    lines = [f'{user},{movie},"{tag}",1' for user, (movie, tag) in enumerate(tags, start=1)]
    (folder / "tags.csv").write_text("\n".join(["userId,movieId,tag,timestamp", *lines]) + "\n")
    return folder


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param(["Space", "Twist, ending"], ("space", "twist, ending"), id="lower case"),
        pytest.param(["b", "a", "z", "Z"], ("z", "a", "b"), id="the most given first"),
        pytest.param([" pixar ", "Pixar"], ("pixar",), id="the same but for case and blanks"),
        pytest.param([" "], (), id="a blank is none"),
    ],
)
def test_a_movie_has_the_tags_that_people_gave_it(
    tmp_path: Path, tags: list[str], expected: tuple[str, ...]
) -> None:
    folder = with_tags(tmp_path / "ml-tags", *((6, tag) for tag in tags))
    catalogue, _ = prepare(pool([read_release(folder)]))
    assert catalogue.tags[catalogue.row(6)] == expected
    assert catalogue.tags[catalogue.row(3)] == ()


def test_a_release_without_tags_gives_none(tmp_path: Path) -> None:
    write_release(tmp_path / "ml-bare", n_users=8, n_movies=30, style="ml-1m")
    catalogue, _ = prepare(pool([read_release(tmp_path / "ml-bare")]))
    assert set(catalogue.tags) == {()}
