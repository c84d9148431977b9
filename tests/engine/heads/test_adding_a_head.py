"""A head is added as docs/adding.md tells: a file to score, one to train, a line in either list."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import TasteModel, load_model
from engine.bundle.io import Bundle, save_bundle
from engine.data.dataset import prepare
from engine.data.movielens import pool, read_release
from engine.heads import registry
from engine.heads.base import Scorer
from engine.linalg.csr import CsrRows
from engine.linalg.parameters import Parameters
from engine.training import trainers
from engine.training.settings import AlsSettings, Settings, StarSettings
from engine.training.train import Step, fit_parameters
from tests.engine.movielens_sets import write_release
from tests.fuzz.tiny_bundle import CARD

TOY = '''
"""A toy: whatever the stars, who rates much likes what everybody rates."""

from dataclasses import dataclass

import numpy as np

from engine.heads.base import Scorer
from engine.linalg.parameters import Parameters, TensorSpec


@dataclass(frozen=True)
class ToyHead(Scorer):
    fame: np.ndarray

    name = "toy"

    def fit(self, users):
        return users

    def scores(self, fitted):
        return fitted.residuals.counts[:, None] * self.fame

    def contributions(self, fitted, items):
        return np.repeat(self.fame[items][:, None], len(fitted.scored), axis=1)

    @classmethod
    def spec(cls):
        return {"toy.fame": TensorSpec(("items",), low=0, high=1)}

    def to_parameters(self):
        return Parameters({"toy.fame": self.fame})

    @classmethod
    def from_parameters(cls, parameters, items):
        return cls(parameters.tensors["toy.fame"])
'''
TRAINING = '''
"""The training of the toy."""

from dataclasses import dataclass

from engine.training.base import Progress
from engine.training.settings import HeadSettings
from engine.training.trainers import Trainer
from toy_heads.toy import ToyHead


@dataclass(frozen=True, kw_only=True)
class ToySettings(HeadSettings):
    weight: float = 0.5


def train(data, trained, on_step):
    head = ToyHead(data.items.n_ratings / data.items.n_ratings.sum())
    on_step(Progress(1, 1, 0.0), head)
    return head


TRAINER = Trainer(ToyHead, ToySettings, train)
'''


@pytest.fixture
def toy_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Scorer[Any]]]:
    """The toy in a package of its own, and in both lists."""
    package = tmp_path / "toy_heads"
    package.mkdir()
    (package / "toy.py").write_text(TOY, encoding="utf-8")
    (package / "toy_training.py").write_text(TRAINING, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    head = importlib.import_module("toy_heads.toy").ToyHead
    trainer = importlib.import_module("toy_heads.toy_training").TRAINER
    monkeypatch.setattr(registry, "HEADS", (*registry.HEADS, head))
    monkeypatch.setattr(trainers, "TRAINERS", (*trainers.TRAINERS, trainer))
    yield head
    for name in ("toy_heads", "toy_heads.toy", "toy_heads.toy_training"):
        sys.modules.pop(name, None)


def test_a_head_is_added_by_its_files_and_a_line_in_either_list(
    toy_head: type[Scorer[Any]], tmp_path: Path
) -> None:
    known = write_release(tmp_path / "ml-known", n_users=60, n_movies=60, seed=1)
    catalogue, ratings = prepare(pool([read_release(known.folder)]))
    small = (AlsSettings(factors=4, sweeps=2), StarSettings(rounds=1))
    steps: list[Step] = []
    parameters = fit_parameters(catalogue, ratings, Settings(small), steps.append)
    assert [step.number for step in steps if step.head == "toy"] == [1]

    save_bundle(Bundle(catalogue, parameters, CARD), tmp_path / "bundle")
    model = load_model(tmp_path / "bundle")
    person = {int(model.movie_ids[row]): 4.0 for row in model.rated_rows[:7].tolist()}
    taste, nobody = model.fit(person), model.fit({})
    of_toy = model.ensemble[toy_head].scores(model.items.users(users_of(model, person)))
    assert (of_toy > 0).all()
    others = without_the_toy(model).fit(person).scores()[model.rated_rows]
    np.testing.assert_allclose(
        taste.scores()[model.rated_rows] - others, 0.5 * of_toy[0], atol=1e-5
    )
    picked = taste.recommend(3)[0].movie.movie_id
    row = model.catalogue.row(picked)
    gain = taste.scores()[row] - nobody.scores()[row]
    assert sum(r.contribution for r in taste.reasons(picked)) == pytest.approx(gain, abs=1e-4)
    (together,) = model.recommend_many([person], 3)
    plain = taste.recommend(3, calibration=0, diversity=0)
    assert together.tolist() == [r.movie.movie_id for r in plain]


def users_of(model: TasteModel, person: dict[int, float]) -> CsrRows:
    rows = np.array([model.catalogue.row(movie) for movie in person])
    return CsrRows.single(rows, np.array(list(person.values()), dtype=np.float32))


def without_the_toy(model: TasteModel) -> TasteModel:
    silent = Parameters({}, {"toy.weight": 0.0})
    bundle = model.bundle
    return TasteModel(Bundle(bundle.catalogue, bundle.parameters | silent, {}))
