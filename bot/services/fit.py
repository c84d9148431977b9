"""How well a user is known: each rating beside what is predicted without it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.app.context import AppContext, RequestContext
from bot.commands.command import CommandCategory, command
from bot.commands.parameters import Page
from bot.replies import Column, ColumnKind, Picture, Reply, Table
from bot.services.common.formatting import FILM, RANK, film_cell, predicted_text, stars_text
from bot.services.common.next_steps import nothing_rated
from bot.services.common.pictures import optional_picture
from bot.services.common.thresholds import RATINGS_FOR_SURE_TASTE
from bot.text import counted
from engine import Taste, TasteModel
from engine.data.catalogue import Movie
from engine.plots.charts_stars import draw_fit

_MISSES = 3  # named in the description of the picture


@dataclass(frozen=True)
class _Guesses:
    """Films with the stars ``given`` [n] and what is predicted of them, in stars [n].

    ``blind`` and its standard deviations ``std`` do without the rating, ``fitted`` knows it, and
    ``anybody`` is what users of no particular taste give.
    """

    movies: tuple[Movie, ...]
    given: npt.NDArray[np.float64]
    blind: npt.NDArray[np.float32]
    std: npt.NDArray[np.float32]
    fitted: npt.NDArray[np.float32]
    anybody: npt.NDArray[np.float32]

    def biggest_misses(self) -> list[int]:
        order: list[int] = np.argsort(-abs(self.blind - self.given), kind="stable").tolist()
        return order


@command(
    CommandCategory.TASTE,
    "Your ratings beside what I foretell, and how far I am off.",
    examples=("fit", "fit page 2"),
    page=Page(alone=True),
    order=20,
)
async def fit(context: AppContext, request: RequestContext) -> Reply:
    """Answer with each rating beside what is predicted of it, the biggest misses first."""
    mine = await context.taste_of(request)
    if not mine.ratings:
        return nothing_rated(context)
    guesses = await context.in_engine_thread(_guess, context.model, mine)
    picture = await optional_picture(
        context,
        "fit.png",
        _fit_description(guesses),
        draw_fit,
        [movie.name for movie in guesses.movies],
        guesses.blind,
        guesses.given,
    )
    return await context.in_engine_thread(_fit, context, guesses, picture)


def _guess(model: TasteModel, mine: Taste) -> _Guesses:
    fitted, _ = mine.predict(list(mine.ratings))
    blind, std = mine.leave_one_out()
    anybody, _ = model.fit({}).predict(list(mine.ratings))
    movies = tuple(model.catalogue.by_id(movie_id) for movie_id in mine.ratings)
    return _Guesses(movies, np.array(list(mine.ratings.values())), blind, std, fitted, anybody)


def _fit(context: AppContext, guesses: _Guesses, picture: Picture | None) -> Reply:
    given, blind, fitted = guesses.given, guesses.blind, guesses.fitted
    rows = tuple(
        (
            str(rank),
            film_cell(guesses.movies[i]),
            stars_text(float(given[i])),
            predicted_text(float(blind[i]), float(guesses.std[i])),
            _signed(blind[i] - given[i]),
            f"fitted to your rating: ★ {fitted[i]:.1f}, off by {_signed(fitted[i] - given[i])}",
        )
        for rank, i in enumerate(guesses.biggest_misses(), start=1)
    )
    columns = (
        RANK,
        FILM,
        Column("You", ColumnKind.VALUE),
        Column("My guess", ColumnKind.VALUE),
        Column("Off by", ColumnKind.VALUE),
        Column("Fitted", ColumnKind.DETAIL),
    )
    return Reply(
        title="How well I know you",
        text=f"Guessing each film from your other ratings, I am {_mean_miss(blind, given)} stars "
        f"off on average; by what most people give I would be {_mean_miss(guesses.anybody, given)} "
        f"off. Where I may look at your rating first I am {_mean_miss(fitted, given)} off, but "
        "only a guess says how well I know you.\nThe biggest misses first.",
        picture=picture,
        tables=(Table(columns, rows),),
        hint=""
        if len(given) >= RATINGS_FOR_SURE_TASTE
        else f"More ratings make better guesses: {context.typed('quiz')}",
    )


def _fit_description(guesses: _Guesses) -> str:
    close = int((abs(guesses.blind - guesses.given) <= 1).sum())
    misses = [
        f"{guesses.movies[i].title}, guessed {guesses.blind[i]:.1f} and given {guesses.given[i]:g}"
        for i in guesses.biggest_misses()[:_MISSES]
    ]
    return (
        f"Chart of my guesses across and your stars up, for {counted(len(guesses.given), 'film')}: "
        f"{close} within one star. Furthest off: {'; '.join(misses)}"
    )


def _signed(stars: float) -> str:
    """Return ``+0.8``; never ``-0.0``."""
    return f"{round(float(stars), 1) + 0.0:+.1f}"


def _mean_miss(predicted: npt.NDArray[np.float32], given: npt.NDArray[np.float64]) -> str:
    return f"{abs(predicted - given).mean():.2f}"
