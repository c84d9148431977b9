"""The classroom recipe: matrix factorisation by gradient descent."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.cli import main
from engine.data.dataset import prepare
from engine.data.movielens import pool, read_release
from engine.data.ratings import Ratings
from engine.training.baseline_mf import (
    CURVE,
    FIGURES,
    BaselineReport,
    BaselineSettings,
    Epoch,
    train_and_measure,
)
from tests.engine.movielens_sets import KnownSet, write_release

SMALL = BaselineSettings(factors=8, epochs=20, batch=64, learning_rate=5e-3)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownSet:
    return write_release(tmp_path_factory.mktemp("data") / "ml-known", n_users=150, n_movies=150)


@pytest.fixture(scope="module")
def ratings(known: KnownSet) -> Ratings:
    return prepare(pool([read_release(known.folder)]))[1]


def taught(ratings: Ratings, seed: int = 1) -> BaselineReport:
    return train_and_measure(ratings, 150, SMALL, seed, report=lambda epoch: None)


def test_it_learns_what_people_rate(ratings: Ratings) -> None:
    """Too good fails as well: the ratings of this set carry noise of about 0.4 stars."""
    report = taught(ratings)
    losses = [epoch.loss for epoch in report.epochs]
    assert [epoch.number for epoch in report.epochs] == list(range(1, 21))
    assert losses[-1] < 0.3 * losses[0]
    assert report.held_out_rmse**2 == pytest.approx(report.epochs[-1].held_out)
    assert 0.3 < report.held_out_rmse < 0.7 < ratings.stars.std()
    assert 0.6 < report.held_out_accuracy < report.training_accuracy < 1


def test_the_accuracy_is_the_share_within_half_a_star(ratings: Ratings) -> None:
    """Of all ratings, nine tenths were trained on."""
    report = taught(ratings)
    within = np.mean(np.abs(report.model.errors(ratings)) <= 0.5)
    assert within == pytest.approx(
        0.9 * report.training_accuracy + 0.1 * report.held_out_accuracy, abs=1e-3
    )


def test_the_seed_decides(ratings: Ratings) -> None:
    one, same, other = (taught(ratings, seed).epochs for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_a_new_user_is_fitted_closely_and_foretold_badly(ratings: Ratings) -> None:
    """What the study took for accuracy: little error on the very ratings that were fitted."""
    model = taught(ratings).model
    fitted, unseen = [], []
    for user in range(10):
        mine = np.flatnonzero(ratings.users == user)
        movies, stars = ratings.movies[mine], ratings.stars[mine]
        (user,) = model.fit(movies[None, :10], stars[None, :10])
        errors = np.abs(model.predict(user)[movies] - stars)
        fitted.append(errors[:10])
        unseen.append(errors[10:])
    assert np.concatenate(fitted).mean() < np.concatenate(unseen).mean() / 2


def test_the_command_prints_each_epoch_and_draws_the_curve(
    known: KnownSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "lesson"
    arguments = ["train", "--recipe", "classroom", "--data", str(known.folder)]
    assert main([*arguments, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    figures = json.loads((out / FIGURES).read_bytes())
    epochs = [Epoch(**epoch) for epoch in figures["epochs"]]
    assert len(epochs) == figures["settings"]["epochs"] == 35
    assert epochs[-1].loss < epochs[0].loss
    for epoch in epochs:
        assert f"epoch {epoch.number:2}/35   loss {epoch.loss:.4f}" in printed
    assert f"{figures['training_accuracy']:.3f} of the training ratings" in printed
    assert f"{figures['held_out_accuracy']:.3f} of the held-out ratings" in printed
    assert (out / CURVE).read_bytes().startswith(b"\x89PNG")


def test_a_bundle_needs_a_folder(known: KnownSet, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--data", str(known.folder)]) == 1
    assert capsys.readouterr().err == "error: Name a folder for the model: --out BUNDLE.\n"
