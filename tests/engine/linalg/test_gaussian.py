"""The one linear solve, against the formula of its docstring written out densely."""

import numpy as np
import pytest

from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Floats, Prior, gather_means, solve_rows

D, COLUMNS = 6, 400


def ragged(counts: list[int], rng: np.random.Generator) -> CsrRows:
    offsets = np.concatenate([[0], np.cumsum(counts)])
    columns = rng.integers(0, COLUMNS, offsets[-1])
    return CsrRows(offsets, columns, rng.random(offsets[-1]).astype(np.float32))


def problem(rng: np.random.Generator) -> tuple[Floats, Prior]:
    features = rng.normal(size=(COLUMNS, D)).astype(np.float32)
    root = rng.normal(size=(D, D))
    precision = (root @ root.T + np.eye(D)).astype(np.float32)
    mean = rng.normal(size=D).astype(np.float32)
    return features, Prior(mean, precision)


def dense(
    data: CsrRows, row: int, features: Floats, prior: Prior, s: float, w: np.ndarray
) -> np.ndarray:
    """``w`` [n_columns] are the background weights."""
    f, p = features.astype(float), prior.precision.astype(float)
    span = slice(data.offsets[row], data.offsets[row + 1])
    a, b = s * p + f.T @ (w[:, None] * f), s * p @ prior.mean
    for column, value in zip(data.columns[span], data.values[span], strict=True):
        a += (1 - w[column]) * np.outer(f[column], f[column])
        b = b + value * f[column]
    return np.linalg.solve(a, b)


# More rows than one batch takes, rows of no ratings, and one row longer than a whole batch.
LENGTHS = {
    "short": [0, 1, 2, 3, 5, 8] * 100,
    "mixed": [0, 1500, 3, 0, 700, 1, 40, 1500, 2, 900] * 20,
    "one endless": [3, 160_000, 0],
    "nobody rated anything": [0, 0, 0],
}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", LENGTHS)
def test_every_row_is_solved_once_and_as_the_formula_says(kind: str, weighted: bool) -> None:
    rng = np.random.default_rng(3)
    data = ragged(LENGTHS[kind], rng)
    features, prior = problem(rng)
    w = rng.uniform(0.05, 0.4, COLUMNS).astype(np.float32) * weighted
    background = w if weighted else None
    strength = rng.uniform(0.1, 3, data.n_rows).astype(np.float32)
    solved: list[int] = []
    for batch in solve_rows(data, features, prior, strength, background):
        solved += batch.rows.tolist()
        for row, mean in list(zip(batch.rows.tolist(), batch.mean, strict=True))[::7]:
            expected = dense(data, row, features, prior, float(strength[row]), w)
            np.testing.assert_allclose(mean, expected, rtol=2e-3, atol=2e-4)
    assert sorted(solved) == list(range(data.n_rows))


def test_a_row_without_ratings_has_the_prior_mean() -> None:
    features, prior = problem(np.random.default_rng(0))
    nothing = CsrRows.single(np.empty(0, np.int64), np.empty(0, np.float32))
    solved = solve_rows(nothing, features, prior, np.array([2.0], np.float32))
    (mean,) = gather_means(solved, nothing.n_rows, len(prior.mean))
    np.testing.assert_allclose(mean, prior.mean, rtol=1e-4, atol=1e-5)


def test_the_system_is_the_posterior_precision() -> None:
    rng = np.random.default_rng(1)
    features, prior = problem(rng)
    data = ragged([12], rng)
    (batch,) = solve_rows(data, features, prior, np.array([0.5], np.float32))
    observed_features = features[data.columns]
    expected = 0.5 * prior.precision + observed_features.T @ observed_features
    np.testing.assert_allclose(batch.system[0], expected, rtol=1e-4, atol=1e-4)


def test_a_row_alone_is_solved_as_among_others() -> None:
    rng = np.random.default_rng(2)
    data = ragged([4, 0, 90, 1, 33], rng)
    features, prior = problem(rng)
    seldom = np.full(COLUMNS, 0.07, np.float32)
    together = gather_means(solve_rows(data, features, prior, np.ones(5, np.float32), seldom), 5, D)
    for row in range(5):
        span = slice(data.offsets[row], data.offsets[row + 1])
        single = CsrRows.single(data.columns[span], data.values[span])
        (alone,) = solve_rows(single, features, prior, np.ones(1, np.float32), seldom)
        np.testing.assert_allclose(alone.mean[0], together[row], rtol=1e-4, atol=1e-5)


def test_triples_in_any_order_become_rows() -> None:
    rows, columns = np.array([2, 0, 2, 0, 2]), np.array([10, 11, 12, 13, 14])
    data = CsrRows.from_triples(rows, columns, np.arange(5, dtype=np.float32), 4)
    assert data.offsets.tolist() == [0, 2, 2, 5, 5]
    assert data.columns.tolist() == [11, 13, 10, 12, 14]
    assert data.values.tolist() == [1, 3, 0, 2, 4]
