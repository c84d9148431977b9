r"""The classroom recipe: biased matrix factorisation by gradient descent.

It is what the study that this project grew out of did, kept to be compared with. A rating is

.. math::  r_{ui} = \mu + b_u + b_i + p_u \cdot q_i

(Koren, Bell & Volinsky 2009, eq. 4), and Adam lowers the squared error over minibatches. A new user
is fitted by 200 steps on the given ratings, with no prior. The measure is the study's own: the
share of *ratings* predicted within half a star, for users that the model was trained on. It says
little about new users; :mod:`engine.training.evaluate` asks that.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import embedding, mse_loss

from engine.data.ratings import STARS_HIGH, STARS_LOW, Ratings
from engine.errors import BundleError
from engine.plots.theme import draw_losses

FIGURES, CURVE = "classroom.json", "loss.png"


@dataclass(frozen=True)
class BaselineSettings:
    """Settings of the baseline; the rates and the decay are tuned on held-out ratings."""

    factors: int = 200
    epochs: int = 35
    batch: int = 8192  # ratings
    learning_rate: float = 5e-4
    weight_decay: float = 3e-5
    spread: float = 0.01  # standard deviation of the vectors to begin with
    fit_steps: int = 200  # for a new user
    fit_learning_rate: float = 0.05
    held_out: float = 0.1  # share of the ratings


@dataclass(frozen=True)
class BaselineModel:
    """The mean of all ratings, and a row for each user and each movie.

    Attributes
    ----------
    mean
        Of all ratings, in stars.
    users
        Bias and vector of each user, [n_users, 1 + d].
    movies
        Bias and vector of each movie, [n_movies, 1 + d]; 0 for one without ratings.
    settings
        What it was trained with.
    """

    mean: float
    users: Tensor
    movies: Tensor
    settings: BaselineSettings

    def fit(self, movies: npt.NDArray[np.int64], stars: npt.NDArray[np.float32]) -> Tensor:
        """Return the rows [n, 1 + d] of n new users with k ratings each.

        Parameters
        ----------
        movies
            Rows of the rated movies, [n, k].
        stars
            [n, k].
        """
        rated, wanted = self.movies[movies], torch.from_numpy(stars)
        users = torch.zeros(len(movies), 1, self.movies.shape[1], requires_grad=True)
        optimiser = torch.optim.Adam([users], lr=self.settings.fit_learning_rate)
        for _ in range(self.settings.fit_steps):
            optimiser.zero_grad()
            # Summed over users, whose gradients do not touch each other.
            loss = (_stars(self.mean, users, rated) - wanted).square().mean(1).sum()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        return users.detach()[:, 0]

    def predict(self, user: Tensor) -> npt.NDArray[np.float32]:
        """Return stars of all movies for a user's row, [n_movies], not confined to the scale."""
        result: npt.NDArray[np.float32] = _stars(self.mean, user, self.movies).numpy()
        return result

    def errors(self, ratings: Ratings) -> npt.NDArray[np.float32]:
        """Return predicted less given stars of ratings by users that the model knows, [n]."""
        users, movies = self.users[ratings.users], self.movies[ratings.movies]
        predicted = _stars(self.mean, users, movies).clamp(STARS_LOW, STARS_HIGH)
        result: npt.NDArray[np.float32] = predicted.numpy() - ratings.stars
        return result


def train_baseline(
    ratings: Ratings,
    n_users: int,
    n_movies: int,
    settings: BaselineSettings,
    seed: int,
    on_epoch: Callable[[float, BaselineModel], None] = lambda loss, model: None,
) -> BaselineModel:
    """Train on ratings by rows 0..n_users-1 and 0..n_movies-1.

    Parameters
    ----------
    ratings
        To train on.
    n_users, n_movies
        Rows of the model.
    settings
        Factors, epochs and rates.
    seed
        Of the initial vectors and of the order of the minibatches.
    on_epoch
        Called after each epoch with the mean squared error of its minibatches, in stars², and the
        model as it stands.
    """
    generator = torch.Generator().manual_seed(seed)
    rated, columns = np.unique(ratings.movies, return_inverse=True)
    mean = float(ratings.stars.mean())
    users, movies = (
        (settings.spread * torch.randn(n, 1 + settings.factors, generator=generator))
        .index_fill(1, torch.tensor([0]), 0.0)
        .requires_grad_()
        for n in (n_users, len(rated))
    )
    data = [torch.from_numpy(column) for column in (ratings.users, columns, ratings.stars)]
    optimiser = torch.optim.Adam(
        [users, movies],
        lr=settings.learning_rate,
        weight_decay=settings.weight_decay,
        fused=True,  # in half the time
    )

    def model() -> BaselineModel:
        rows = torch.zeros(n_movies, 1 + settings.factors)
        rows[torch.from_numpy(rated)] = movies.detach()
        return BaselineModel(mean, users.detach().clone(), rows, settings)

    for _ in range(settings.epochs):
        shuffled, squared = torch.randperm(len(ratings), generator=generator), 0.0
        for batch in torch.split(shuffled, settings.batch):
            user, movie, stars = (column[batch] for column in data)
            optimiser.zero_grad()
            loss = mse_loss(_stars(mean, embedding(user, users), embedding(movie, movies)), stars)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            squared += loss.item() * len(batch)
        on_epoch(squared / len(ratings), model())
    return model()


@dataclass(frozen=True)
class Epoch:
    """Mean squared error in stars²: of the epoch's minibatches, and of the held-out ratings."""

    number: int
    loss: float
    held_out: float


@dataclass(frozen=True)
class BaselineReport:
    """A baseline model, and its accuracy on its own ratings and on held-out ones.

    The accuracies are the shares of ratings predicted within half a star; RMSE is in stars.
    """

    model: BaselineModel
    epochs: Sequence[Epoch]
    training_accuracy: float
    held_out_accuracy: float
    held_out_rmse: float


def train_and_measure(
    ratings: Ratings,
    n_movies: int,
    settings: BaselineSettings,
    seed: int,
    report: Callable[[Epoch], None],
) -> BaselineReport:
    """Train on most of the ratings and measure on the others, drawn at random.

    Parameters
    ----------
    ratings, n_movies
        The data.
    settings
        Factors, epochs, rates, and the share of ratings held out.
    seed
        Of the division and of the training.
    report
        Called after each epoch.
    """
    order = np.random.default_rng(seed).permutation(len(ratings))
    n_held_out = max(1, round(settings.held_out * len(ratings)))
    held_out, training = _part(ratings, order[:n_held_out]), _part(ratings, order[n_held_out:])
    epochs: list[Epoch] = []

    def on_epoch(loss: float, model: BaselineModel) -> None:
        epochs.append(Epoch(len(epochs) + 1, loss, _mean_square(model.errors(held_out))))
        report(epochs[-1])

    model = train_baseline(training, ratings.n_users, n_movies, settings, seed, on_epoch)
    unseen = model.errors(held_out)
    return BaselineReport(
        model,
        epochs,
        training_accuracy=_accuracy(model.errors(training)),
        held_out_accuracy=_accuracy(unseen),
        held_out_rmse=_mean_square(unseen) ** 0.5,
    )


def save_report(report: BaselineReport, folder: Path) -> None:
    """Write the figures and the curve of losses into a folder, made if need be.

    Raises :class:`BundleError` if it cannot be written.
    """
    figures = {
        "settings": asdict(report.model.settings),
        "epochs": [asdict(epoch) for epoch in report.epochs],
        "training_accuracy": report.training_accuracy,
        "held_out_accuracy": report.held_out_accuracy,
        "held_out_rmse": report.held_out_rmse,
    }
    curve = draw_losses([e.loss for e in report.epochs], [e.held_out for e in report.epochs])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FIGURES).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        (folder / CURVE).write_bytes(curve)
    except OSError as error:
        raise BundleError(f"{folder} cannot be written: {error.strerror}.") from error


def _part(ratings: Ratings, chosen: npt.NDArray[np.int64]) -> Ratings:
    return Ratings(ratings.users[chosen], ratings.movies[chosen], ratings.stars[chosen])


def _stars(mean: float, users: Tensor, movies: Tensor) -> Tensor:
    dot = (users[..., 1:] * movies[..., 1:]).sum(-1)
    return mean + users[..., 0] + movies[..., 0] + dot


def _mean_square(errors: npt.NDArray[np.float32]) -> float:
    return float(np.mean(errors**2))


def _accuracy(errors: npt.NDArray[np.float32]) -> float:
    return float(np.mean(np.abs(errors) <= 0.5))
