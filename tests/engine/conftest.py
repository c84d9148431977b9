"""A model trained once per session, by the real command, on ratings whose structure is known."""

import csv
import io
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine import TasteModel, load_model
from engine.cli import main
from tests.engine.movielens_sets import KnownSet, write_release

TRAINED_WITH = ("--factors", "16", "--sweeps", "5")


@dataclass(frozen=True)
class Trained:
    """``folder`` is the bundle, ``output`` what the command printed."""

    known: KnownSet
    folder: Path
    model: TasteModel
    output: str

    def cluster(self, name: str) -> list[int]:
        """The ids of a cluster's movies that have ratings."""
        members = [m for m, cluster in self.known.movies.items() if cluster == name]
        return [m for m in members if m not in self.known.unrated]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Without genres: whatever the model knows of the clusters it learned from ratings."""
    base = tmp_path_factory.mktemp("trained")
    known = write_release(base / "ml-known", n_users=150, n_movies=240, seed=1)
    _drop_genres(known.folder / "movies.csv")
    with redirect_stdout(io.StringIO()) as output, warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # UMAP's, for a part that needs TensorFlow
        status = main(
            ["train", "--data", str(known.folder), "--out", str(base / "bundle"), *TRAINED_WITH]
        )
    assert status == 0
    return Trained(known, base / "bundle", load_model(base / "bundle"), output.getvalue())


def _drop_genres(movies: Path) -> None:
    with movies.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    with movies.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *([*row[:2], "(no genres listed)"] for row in rows)])
