"""Conjugate gradients, against the dense formula of :mod:`engine.linalg.gaussian`."""

import numpy as np
import pytest
import torch

from engine.linalg.csr import CsrRows
from engine.training.als_solver import Background, NormalEquations

D, ROWS, COLUMNS = 8, 60, 90
CPU = torch.device("cpu")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def floats(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array.astype(np.float32))


def observed(rng: np.random.Generator) -> CsrRows:
    """Rows of all lengths from 0 to all columns."""
    rows, columns = np.nonzero(rng.random((ROWS, COLUMNS)) < np.linspace(0, 1, ROWS)[:, None])
    return CsrRows.from_triples(rows, columns, rng.random(len(rows)).astype(np.float32), ROWS)


def equations(data: CsrRows, rng: np.random.Generator) -> NormalEquations:
    background = Background(*(floats(rng.uniform(0.05, 0.4, n)) for n in (ROWS, COLUMNS)))
    return NormalEquations.of(data, floats(rng.uniform(0.1, 3, ROWS)), background, CPU)


def weights(data: CsrRows, background: Background) -> tuple[np.ndarray, np.ndarray]:
    """The weight and the value of every pair, [n_rows, n_columns]."""
    weight = np.outer(background.rows.double(), background.columns.double())
    value = np.zeros_like(weight)
    at = np.repeat(np.arange(ROWS), data.counts), data.columns
    weight[at], value[at] = 1.0, data.values
    return weight, value


@pytest.mark.parametrize("start", ["the mean", "far off"])
def test_every_row_is_solved_as_the_formula_says(start: str, rng: np.random.Generator) -> None:
    data = observed(rng)
    system = equations(data, rng)
    # Factors of very different size, as after some sweeps.
    f = rng.normal(size=(COLUMNS, D)) * np.geomspace(3, 0.1, D)
    mean = rng.normal(size=(ROWS, D))
    guess = None if start == "the mean" else floats(10 * rng.normal(size=(ROWS, D)))
    solved = system.solve(floats(f), floats(mean), guess).numpy()
    weight, value = weights(data, system.background)
    for row, s in enumerate(system.strength.tolist()):
        a = s * np.eye(D) + f.T @ (weight[row][:, None] * f)
        expected = np.linalg.solve(a, s * mean[row] + f.T @ value[row])
        np.testing.assert_allclose(solved[row], expected, atol=0.01)


def test_the_loss_is_the_weighted_error_over_all_pairs(rng: np.random.Generator) -> None:
    data = observed(rng)
    system = equations(data, rng)
    x, f = rng.normal(size=(ROWS, D)), rng.normal(size=(COLUMNS, D))
    weight, value = weights(data, system.background)
    expected = (weight * (value - x @ f.T) ** 2).sum() / len(data.values)
    assert system.loss(floats(x), floats(f)) == pytest.approx(expected, rel=1e-4)


def test_what_is_solved_already_stays_as_it_is(rng: np.random.Generator) -> None:
    system = equations(observed(rng), rng)
    f, mean = floats(rng.normal(size=(COLUMNS, D))), torch.zeros(D)
    solved = system.solve(f, mean)
    torch.testing.assert_close(system.solve(f, mean, solved), solved, rtol=0, atol=1e-5)
