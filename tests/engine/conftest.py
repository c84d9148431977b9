"""What takes long to make and is made once: a trained model, the series of all films."""

import csv
import io
import pickle
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from engine import TasteModel, load_model
from engine.cli import main
from engine.data.catalogue import GENRES, Catalogue, genre_matrix
from engine.similarity.series import series_of
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
def trained(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Trained:
    """Return a model trained by the real command; the workers of a run share it."""
    base = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        base = base.parent  # of all workers
    done = base / "trained.pickle"
    with FileLock(base / "trained.lock"):
        if not done.exists():
            done.write_bytes(pickle.dumps(_train(base)))
    known, output = pickle.loads(done.read_bytes())
    return Trained(known, base / "bundle", load_model(base / "bundle"), output)


@pytest.fixture(scope="session")
def series(model: TasteModel) -> np.ndarray:
    """Return the series of each film of the embedded model, int64 [n_movies], -1 for none."""
    return series_of(model.catalogue)


def _train(base: Path) -> tuple[KnownSet, str]:
    """Without genres: whatever the model knows of the clusters it learned from ratings."""
    known = write_release(base / "ml-known", n_users=150, n_movies=240, seed=1)
    _drop_genres(known.folder / "movies.csv")
    with redirect_stdout(io.StringIO()) as output, warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # UMAP's, for a part that needs TensorFlow
        status = main(
            ["train", "--data", str(known.folder), "--out", str(base / "bundle"), *TRAINED_WITH]
        )
    assert status == 0
    return known, output.getvalue()


def _drop_genres(movies: Path) -> None:
    with movies.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    with movies.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *([*row[:2], "(no genres listed)"] for row in rows)])


@pytest.fixture
def small_catalogue() -> Catalogue:
    return Catalogue(
        movie_ids=np.array([1, 7, 260], dtype=np.int64),
        names=['Quote "and", comma', "Étude", "Film, The: Part | 2"],
        years=np.array([1995, 0, 2021], dtype=np.int16),
        aliases=[("A", "B, C"), (), ("Côté",)],
        genres=genre_matrix(["Action|Sci-Fi", "(no genres listed)", "|".join(GENRES)]),
        imdb_ids=np.array([114709, 0, 12345678], dtype=np.int64),
        tmdb_ids=np.array([862, 0, 3], dtype=np.int64),
        counts=np.array([76813, 0, 2], dtype=np.int64),
        means=np.array([3.89313, 0.0, 4.75]),
        biases=np.array([0.34567, 0.0, -1.25], dtype=np.float32),
        tags=[("pixar", "twist, ending"), (), ("sous-titré",)],
    )
