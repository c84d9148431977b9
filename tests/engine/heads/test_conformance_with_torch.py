"""Serving solves by NumPy in single precision: beside PyTorch in double precision, to 1e-5."""

import numpy as np
import torch

from engine import TasteModel
from engine.heads.items import UserRatings
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Floats, Prior
from tests.engine.people import ratings_of, users_with


def double(array: Floats) -> torch.Tensor:
    return torch.from_numpy(array.astype(np.float64))


def solved_by_torch(
    data: CsrRows, features: Floats, prior: Prior, strength: float, background: Floats
) -> torch.Tensor:
    """The vector [d] of the only row, by the Cholesky factor of its system."""
    f, w, precision = double(features), double(background), double(prior.precision)
    rated, weights = torch.from_numpy(data.columns), w.clone()
    weights[rated] = 1
    a = strength * precision + f.T @ (weights[:, None] * f)
    b = f[rated].T @ double(data.values) + strength * precision @ double(prior.mean)
    return torch.cholesky_solve(b[:, None], torch.linalg.cholesky(a))[:, 0]


def test_serving_and_pytorch_make_the_same_of_people(model: TasteModel) -> None:
    als, stars, ensemble = model.als, model.stars, model.ensemble
    nothing = np.zeros(len(model.catalogue), np.float32)
    for user in (*users_with(model, 10, 3), *users_with(model, 300, 2)):
        ratings = ratings_of(model, user)
        rows = np.array([model.catalogue.row(movie) for movie in ratings])
        users = model.items.users(CsrRows.single(rows, np.float32(list(ratings.values()))))
        taste = solved_by_torch(
            users.preferences, als.vectors, als.prior, als.prior_strength, als.background
        )
        coefficients = solved_by_torch(
            users.residuals, stars.features, stars.population.prior, stars.population.noise, nothing
        )
        rated = model.rated_rows
        expected = {
            "als": double(als.vectors) @ taste,
            "stars": double(stars.features[rated]) @ coefficients
            + double(model.catalogue.biases[rated]),
            "ease": ease_by_torch(model, users),
        }
        fitted = ensemble.fit(users)
        total = torch.zeros(len(rated), dtype=torch.float64)
        for head in ensemble.heads:
            weight = fitted.weights[head.name][0]
            (scores,) = weight * head.scores(fitted.by(head))
            part = double(weight) * expected[head.name]
            np.testing.assert_allclose(scores, part, rtol=0, atol=1e-5)
            total += part
        np.testing.assert_allclose(ensemble.scores(fitted)[0], total, rtol=0, atol=1e-5)


def ease_by_torch(model: TasteModel, users: UserRatings) -> torch.Tensor:
    """The product of the weights with the preferences of the only user, [n_items]."""
    n, tensors = len(model.rated_rows), model.bundle.parameters.tensors
    preferences = torch.zeros(n, dtype=torch.float64)
    preferences[users.preferences.columns] = double(users.preferences.values)
    targets = np.repeat(np.arange(n), np.diff(tensors["ease.offsets"]))
    of_sources = preferences[tensors["ease.sources"].astype(np.int64)]
    sums = torch.zeros(n, dtype=torch.float64)
    return sums.index_add(
        0, torch.from_numpy(targets), double(tensors["ease.weights"]) * of_sources
    )
