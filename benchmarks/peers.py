"""What Reeltwin is measured against. Arrays are by catalogue row, [n_movies]."""

from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.catalogue import Catalogue
from engine.ratings import Case, Ratings

Floats = npt.NDArray[np.float32]


class Peer(Protocol):
    """Foretells ranking scores and stars of all movies for a held-out user; None: it cannot."""

    name: str

    def foretell(self, case: Case) -> tuple[Floats | None, Floats | None]: ...


class Popular:
    """The films with most ratings, whoever asks."""

    name = "most popular"

    def __init__(self, catalogue: Catalogue) -> None:
        self._counts = catalogue.counts.astype(np.float32)

    def foretell(self, case: Case) -> tuple[Floats | None, Floats | None]:
        return self._counts, None


class Biases:
    """Mean + film bias + user bias, the latter shrunk as if by ``_SHRINKAGE`` ratings more."""

    name = "biases only"
    _SHRINKAGE = 3.0

    def __init__(self, catalogue: Catalogue) -> None:
        total = float((catalogue.counts * catalogue.means).sum())
        self._level = (total / catalogue.counts.sum() + catalogue.biases).astype(np.float32)

    def foretell(self, case: Case) -> tuple[Floats | None, Floats | None]:
        residual = case.given_stars - self._level[case.given]
        bias = residual.sum() / (len(residual) + self._SHRINKAGE)
        return None, self._level + bias


class Classroom:
    """The study's recipe: biased matrix factorisation by gradient descent.

    200 factors and 35 epochs of Adam; a new user's vector and bias by 200 gradient steps on the
    given ratings with no prior. It ranks by predicted stars.
    """

    name = "classroom recipe (200 factors)"

    def __init__(self, training: Ratings, n_movies: int, factors: int = 200) -> None:
        self._mean = float(training.stars.mean())
        users = torch.nn.Embedding(training.n_users, factors + 1)
        movies = torch.nn.Embedding(n_movies, factors + 1)
        for embedding in (users, movies):
            torch.nn.init.normal_(embedding.weight, std=0.05)
        rated = torch.from_numpy(np.unique(training.movies))
        columns = torch.from_numpy(np.searchsorted(rated.numpy(), training.movies))
        table = torch.nn.Parameter(movies.weight[rated].detach())
        rows, stars = torch.from_numpy(training.users), torch.from_numpy(training.stars)
        optimiser = torch.optim.Adam([users.weight, table], lr=5e-3, weight_decay=1e-6)
        for _ in range(35):
            for batch in torch.randperm(len(stars)).split(8192):
                optimiser.zero_grad()
                error = self._predict(users(rows[batch]), table[columns[batch]]) - stars[batch]
                error.square().mean().backward()
                optimiser.step()
        self._movies = torch.zeros(n_movies, factors + 1)
        self._movies[rated] = table.detach()

    def foretell(self, case: Case) -> tuple[Floats | None, Floats | None]:
        user = torch.zeros(self._movies.shape[1], requires_grad=True)
        optimiser = torch.optim.Adam([user], lr=0.05)
        movies, stars = self._movies[case.given], torch.from_numpy(case.given_stars)
        for _ in range(200):
            optimiser.zero_grad()
            (self._predict(user, movies) - stars).square().mean().backward()
            optimiser.step()
        predicted = self._predict(user.detach(), self._movies).numpy()
        return predicted, predicted

    def _predict(self, users: Tensor, movies: Tensor) -> Tensor:
        """Column 0 is the bias of either side."""
        dot = (users[..., 1:] * movies[..., 1:]).sum(-1)
        return self._mean + users[..., 0] + movies[..., 0] + dot
