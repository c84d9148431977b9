"""Training by the real command, on ratings whose structure is known."""

import json
import struct
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engine import load_model
from engine.bundle.io import CARD, CURVES, METRICS
from engine.cli import main
from engine.data.dataset import prepare
from engine.data.movielens import pool, read_release
from engine.data.ratings import Ratings
from engine.training.evaluate import Quality
from engine.training.settings import AlsSettings, Settings
from engine.training.splits import hold_out
from engine.training.train import measure
from tests.engine.conftest import Trained
from tests.engine.movielens_sets import CLUSTERS, KnownSet, write_release

# UMAP's on its first import, for a part of it that needs TensorFlow.
pytestmark = pytest.mark.filterwarnings("ignore::ImportWarning")

MOVIES = "movieId,title,genres\n" + "".join(f"{m},Film {m} (2000),Drama\n" for m in range(1, 9))
RATINGS = "userId,movieId,rating,timestamp\n"
PAIRS = [(loved, disliked) for loved in CLUSTERS for disliked in CLUSTERS if loved != disliked]


def write(folder: Path, *, ratings: str, movies: str = MOVIES) -> Path:
    folder.mkdir()
    (folder / "movies.csv").write_text(movies, encoding="utf-8")
    (folder / "ratings.csv").write_text(ratings, encoding="utf-8")
    return folder


def fan(trained: Trained, loved: str, disliked: str) -> dict[int, float]:
    """Ten ratings: six of the cluster that is loved, four of the one that is not."""
    likes, dislikes = trained.cluster(loved)[10:16], trained.cluster(disliked)[10:14]
    return dict.fromkeys(likes, 5.0) | dict.fromkeys(dislikes, 1.0)


# What the model has learned.


@pytest.mark.parametrize(("loved", "disliked"), PAIRS)
def test_a_fan_is_recommended_the_cluster_that_they_love(
    trained: Trained, loved: str, disliked: str
) -> None:
    top = trained.model.fit(fan(trained, loved, disliked)).recommend(10)
    clusters = [trained.known.movies[r.movie.movie_id] for r in top]
    assert len(clusters) == 10
    assert clusters.count(loved) >= 9
    assert disliked not in clusters


@pytest.mark.parametrize(("loved", "disliked"), PAIRS)
def test_a_disliked_cluster_is_foretold_fewer_stars(
    trained: Trained, loved: str, disliked: str
) -> None:
    ratings = fan(trained, loved, disliked)
    taste = trained.model.fit(ratings)
    mean = {
        cluster: taste.predict([m for m in trained.cluster(cluster) if m not in ratings])[0].mean()
        for cluster in CLUSTERS
    }
    (third,) = set(CLUSTERS) - {loved, disliked}
    assert mean[disliked] < 2.2
    assert mean[loved] > 3.9
    assert mean[disliked] < mean[third] < mean[loved]


def test_films_that_nobody_rated_have_no_vector(trained: Trained) -> None:
    without = trained.model.movie_ids[trained.model.rated_position < 0]
    assert set(without.tolist()) == trained.known.unrated
    assert len(without) > 0


def test_the_catalogue_has_the_facts_of_the_data_set(trained: Trained) -> None:
    ratings = read_release(trained.known.folder).ratings
    of_one = ratings[ratings["movie_id"] == 30]["stars"]
    movie = trained.model.catalogue.by_id(30)
    assert movie.count == len(of_one) > 0
    assert movie.mean == pytest.approx(of_one.mean(), abs=1e-4)
    assert movie.imdb_id == 100_030
    assert movie.name == "The Film 9"


def test_everybody_is_in_the_bundle(trained: Trained) -> None:
    assert len(trained.model.user_vectors) == len(trained.known.loves)
    assert trained.model.user_ratings.n_rows == len(trained.known.loves)
    assert len(trained.model.user_ratings.values) == trained.known.n_ratings


def test_films_alike_lie_together_on_the_map(trained: Trained) -> None:
    model = trained.model
    atlas = model.map_coordinates
    ids = model.movie_ids[model.rated_rows]
    cluster = np.array([trained.known.movies[m] for m in ids.tolist()])
    distances = ((atlas[:, None] - atlas[None]) ** 2).sum(2)
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1)[:, :5]
    assert (cluster[nearest] == cluster[:, None]).mean() > 0.75  # a third by chance
    assert np.abs(np.percentile(atlas, [1, 99], axis=0)).max() < 1.5


# What it says of itself.


def test_the_metrics_tell_the_course_of_training(trained: Trained) -> None:
    metrics = json.loads((trained.folder / METRICS).read_bytes())
    steps = {head: [s for s in metrics["steps"] if s["head"] == head] for head in ("als", "stars")}
    assert [s["number"] for s in steps["als"]] == [1, 2, 3, 4, 5]
    loss = [s["loss"] for s in steps["als"]]
    assert all(after < 1.01 * before for before, after in pairwise(loss))
    assert loss[-1] < 0.6 * loss[0]
    held_out = [s["held_out"] for s in steps["stars"]]
    assert held_out[-1] < held_out[0] < 1.0
    assert all(0 < s["held_out"] < 1 for s in metrics["steps"])


def test_its_accuracy_on_unseen_people_lies_where_the_noise_allows(trained: Trained) -> None:
    """Too good fails as well: the ratings of this set carry noise of about 0.4 stars."""
    held_out = json.loads((trained.folder / METRICS).read_bytes())["held_out"]
    assert list(held_out) == ["5", "10", "20", "50"]
    rmse = [quality["rmse"] for quality in held_out.values()]
    assert rmse == sorted(rmse, reverse=True)
    assert 0.36 < rmse[-1] < 0.50
    for quality in held_out.values():
        assert 0.30 < quality["ndcg_at_10"] < 0.85  # after 50, few loved ones are left to find
        assert 0.70 < quality["covered_80"] < 0.90
        assert quality["mae"] < quality["rmse"]


def test_the_curves_are_a_picture(trained: Trained) -> None:
    data = (trained.folder / CURVES).read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (1200, 675)
    assert len(data) < 1_000_000


def test_the_card_tells_where_the_model_comes_from(trained: Trained) -> None:
    card = json.loads((trained.folder / CARD).read_bytes())
    metrics = json.loads((trained.folder / METRICS).read_bytes())
    assert card["data"] == [
        {"name": "ml-known", "n_ratings": trained.known.n_ratings, "n_users": 150}
    ]
    assert card["settings"]["heads"]["als"]["factors"] == 16
    assert card["settings"]["heads"]["als"]["sweeps"] == 5
    assert card["settings"]["seed"] == 1
    assert card["quality_by_ratings_given"] == metrics["held_out"]
    assert str(trained.known.folder.parent) not in json.dumps(card)


def test_every_step_is_shown_with_its_loss(trained: Trained) -> None:
    lines = trained.output.splitlines()
    metrics = json.loads((trained.folder / METRICS).read_bytes())
    for step in metrics["steps"]:
        start = f"{step['head']:8} {step['number']:3}/{step['of']}   loss {step['loss']:.4f}"
        assert len([line for line in lines if line.startswith(start)]) == 1
    assert f"{trained.known.n_ratings:,} ratings of 150 users, 240 movies" in trained.output
    assert "NDCG@10" in trained.output


# Pooling, measuring, and the seed.


def test_two_releases_are_pooled_one_of_them_like_ml_1m(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], trained: Trained
) -> None:
    csv = write_release(tmp_path / "ml-new", n_users=40, n_movies=150, seed=3)
    old = write_release(tmp_path / "ml-1m", n_users=40, n_movies=150, seed=4, style="ml-1m")
    folders = [str(csv.folder), str(old.folder)]
    options = ["--factors", "8", "--sweeps", "2", "--seed", "5", "--out", str(tmp_path / "model")]
    assert main(["train", "--data", *folders, *options]) == 0
    assert "80 users" in capsys.readouterr().out
    model = load_model(tmp_path / "model")
    assert model.card["data"] == [
        {"name": "ml-new", "n_ratings": csv.n_ratings, "n_users": 40},
        {"name": "ml-1m", "n_ratings": old.n_ratings, "n_users": 40},
    ]
    loved = [m for m, cluster in csv.movies.items() if cluster == "fear"]
    disliked = [m for m, cluster in csv.movies.items() if cluster == "love"]
    taste = model.fit(dict.fromkeys(loved[:5], 5.0) | dict.fromkeys(disliked[:5], 1.0))
    top = [csv.movies[r.movie.movie_id] for r in taste.recommend(10)]
    assert top.count("fear") >= 8


def measured(
    known: KnownSet, seed: int, *, turn_round: bool = False
) -> tuple[dict[int, Quality], list[float]]:
    """The quality and each step's loss; with the held-out users' stars turned round or not."""
    settings = Settings((AlsSettings(factors=8, sweeps=2),), seed=seed)
    data = pool([read_release(known.folder)])
    catalogue, ratings = prepare(data)
    held_out = hold_out(ratings, settings.held_out, settings.seed)
    if turn_round:
        theirs = np.isin(ratings.users, held_out)
        stars = np.where(theirs, 5.5 - ratings.stars, ratings.stars)
        ratings = Ratings(ratings.users, ratings.movies, stars)
    losses: list[float] = []
    quality = measure(catalogue, ratings, held_out, settings, lambda step: losses.append(step.loss))
    return quality, losses


def test_the_same_seed_gives_the_same_metrics(trained: Trained) -> None:
    once = measured(trained.known, seed=1)
    assert measured(trained.known, seed=1) == once
    assert measured(trained.known, seed=2) != once


def test_nothing_of_the_people_measured_on_reaches_training(trained: Trained) -> None:
    quality, losses = measured(trained.known, seed=1)
    other_quality, other_losses = measured(trained.known, seed=1, turn_round=True)
    assert losses == other_losses
    assert quality != other_quality


def test_evaluate_prints_the_figures_and_writes_nothing(
    trained: Trained, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(p.name for p in trained.known.folder.parent.iterdir())
    options = ["--factors", "16", "--sweeps", "5"]
    assert main(["evaluate", "--data", str(trained.known.folder), *options]) == 0
    printed = capsys.readouterr().out
    held_out = json.loads((trained.folder / METRICS).read_bytes())["held_out"]
    for quality in held_out.values():  # the very figures that training has measured
        assert f"{quality['ndcg_at_10']:.3f}" in printed
        assert f"{quality['rmse']:.3f}" in printed
    assert sorted(p.name for p in trained.known.folder.parent.iterdir()) == before


def test_a_handful_of_people_is_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = write_release(tmp_path / "tiny", n_users=3, n_movies=30)
    bundle = tmp_path / "model"
    assert main(["train", "--data", str(known.folder), "--out", str(bundle)]) == 0
    assert "Too few users to hold any out: nothing was measured." in capsys.readouterr().out
    model = load_model(bundle)
    assert len(model.fit({3: 5.0}).recommend(5)) == 5
    assert len(model.similar(3, 5)) == 5
    assert model.twins(model.fit({3: 5.0})) == []  # nobody has rated 20 films


# What goes wrong is said in one line.


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert "Traceback" not in error
    return error.removeprefix("error: ").strip()


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_no_data_named(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(tmp_path / "model")] if command == "train" else []
    assert refused([command, *out], capsys) == (
        "Name a data set: --data DIR [DIR ...], or --download ml-latest-small to fetch one."
    )


BAD_RELEASES = {
    "missing": ("", "does not exist"),
    "empty file": ("", "ratings.csv"),
    "no ratings": (RATINGS, "ratings.csv"),
    "one user": (RATINGS + "1,1,4.0,1\n1,2,3.0,2\n", "fewer than 2 users"),
    "stars out of range": (RATINGS + "1,1,4.0,1\n2,1,5.5,2\n", "ratings.csv, line 3"),
    "unknown movie": (RATINGS + "1,1,4.0,1\n2,77,5.0,2\n", "ratings.csv, line 3"),
}


@pytest.mark.parametrize("kind", BAD_RELEASES)
def test_bad_data_is_named_and_nothing_is_written(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ratings, complaint = BAD_RELEASES[kind]
    folder = tmp_path / "ml-bad"
    if kind != "missing":
        write(folder, ratings=ratings)
    message = refused(["train", "--data", str(folder), "--out", str(tmp_path / "model")], capsys)
    assert complaint in message
    assert not (tmp_path / "model").exists()


def test_a_folder_of_something_else_is_refused_before_training(
    trained: Trained, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    arguments = ["train", "--data", str(trained.known.folder), "--out"]
    for out in (tmp_path, tmp_path / "thesis.txt"):
        assert main([*arguments, str(out)]) == 1
        printed = capsys.readouterr()
        assert printed.err == f"error: {out} is not a model bundle: it is not overwritten.\n"
        assert "loss" not in printed.out
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_too_few_to_hold_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = write_release(tmp_path / "tiny", n_users=4, n_movies=30)
    assert "Nobody can be held out" in refused(["evaluate", "--data", str(known.folder)], capsys)


def test_without_umap_training_says_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "umap", None)  # as if it were not installed
    known = write_release(tmp_path / "tiny", n_users=4, n_movies=30)
    options = ["--sweeps", "1", "--out", str(tmp_path / "model")]
    assert "pip install" in refused(["train", "--data", str(known.folder), *options], capsys)
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--factors", "0"), ("--sweeps", "0"), ("--held-out", "-1"), ("--seed", "x")],
)
def test_a_setting_out_of_range_is_named(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["evaluate", "--data", "ml-latest-small", option, value])
    assert caught.value.code == 2
    last_line = capsys.readouterr().err.strip().splitlines()[-1]
    assert f"argument {option}: '{value}' is no whole number from" in last_line
