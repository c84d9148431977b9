"""What somebody likes, and how well that is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ParamSpec

import numpy as np
import numpy.typing as npt

from bot.app.context import AppContext, RequestContext
from bot.errors import UserError
from bot.replies import Action, Column, ColumnKind, Picture, Reply, Table
from bot.services.common.formatting import (
    FILM,
    GENRES,
    RANK,
    counted,
    film_cell,
    genres_text,
    listed,
    look_closer,
    predicted_text,
    stars_text,
)
from bot.services.ratings import ENOUGH, nothing_rated
from engine import DimensionScore, Taste, TasteModel
from engine.data.catalogue import Movie
from engine.insights.affinities import Affinity, affinities
from engine.insights.dimensions import MovieLoading
from engine.plots.charts_stars import draw_fit
from engine.plots.charts_taste import TELLING, draw_taste, shown_affinities

_KINDS, _DIMENSIONS, _FILMS = 5, 3, 10
_EXAMPLES = 3  # films that show what a dimension's end is like
_SURE = 20  # ratings from which on a taste is known fairly well
_MISSES = 3  # named in the description of the guesses

P = ParamSpec("P")


@dataclass(frozen=True)
class _Guesses:
    """Films with the stars ``given`` [n] and what is foretold of them, in stars [n].

    ``blind`` and its standard deviations ``spread`` do without the rating, ``fitted`` knows it, and
    ``anybody`` is what people of no particular taste give.
    """

    movies: tuple[Movie, ...]
    given: npt.NDArray[np.float64]
    blind: npt.NDArray[np.float32]
    spread: npt.NDArray[np.float32]
    fitted: npt.NDArray[np.float32]
    anybody: npt.NDArray[np.float32]

    def biggest_misses(self) -> list[int]:
        order: list[int] = np.argsort(-abs(self.blind - self.given), kind="stable").tolist()
        return order


async def taste(context: AppContext, request: RequestContext) -> Reply:
    """The kinds of films, the dimensions and the films that somebody's ratings lean towards."""
    mine = await context.taste_of(request)
    if not mine.ratings:
        return nothing_rated(context)
    kinds = await context.in_engine_thread(affinities, context.model.catalogue, mine.ratings)
    dimension_scores = await context.in_engine_thread(
        context.model.dimensions_of, mine, _DIMENSIONS
    )
    films = await context.in_engine_thread(context.model.aligned, mine, _FILMS)
    tables = (_kinds_table(kinds), _dimensions_table(dimension_scores), _films_table(films, mine))
    n = len(mine.ratings)
    picture = await pictured(
        context,
        "taste.png",
        _taste_description(request.name, kinds, dimension_scores, films),
        draw_taste,
        request.name,
        n,
        kinds,
        dimension_scores,
        films,
    )
    return Reply(
        title="What you like",
        text=f"From your {counted(n, 'rating')}. {_less_liked(kinds)}".rstrip(),
        picture=picture,
        tables=tuple(table for table in tables if table.rows),
        buttons=(
            Action("Recommend", "recommend", main=n >= ENOUGH),
            Action("Rate more: quiz", "quiz", main=n < ENOUGH),
        ),
        hint="This is a first idea: the more you rate, the surer it gets." if n < _SURE else "",
    )


async def fit(context: AppContext, request: RequestContext) -> Reply:
    """Each rating beside what is foretold of it, the biggest misses first."""
    mine = await context.taste_of(request)
    if not mine.ratings:
        return nothing_rated(context)
    guesses = await context.in_engine_thread(_guess, context.model, mine)
    picture = await pictured(
        context,
        "fit.png",
        _fit_description(guesses),
        draw_fit,
        [movie.name for movie in guesses.movies],
        guesses.blind,
        guesses.given,
    )
    return await context.in_engine_thread(_fit, context, guesses, picture)


async def pictured(
    context: AppContext,
    filename: str,
    description: str,
    draw: Callable[P, bytes | None],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Picture | None:
    """A picture to go with an answer that is complete without it.

    None where there is nothing to draw, or where too many people wait for pictures.
    """
    try:
        with context.limits.chart():
            png = await context.render(draw, *args, **kwargs)
    except UserError:
        return None
    return Picture(filename, png, description) if png else None


def how_far(position: float) -> str:
    """A place along a dimension in words: ``clearly (0.7)``."""
    far = abs(position)
    degrees = ((0.5, "slightly"), (1.0, "clearly"), (2.0, "strongly"))
    word = next((word for below, word in degrees if far < below), "very strongly")
    return f"{word} ({far:.1f})"


def _guess(model: TasteModel, mine: Taste) -> _Guesses:
    fitted, _ = mine.predict(list(mine.ratings))
    blind, spread = mine.leave_one_out()
    anybody, _ = model.fit({}).predict(list(mine.ratings))
    movies = tuple(model.catalogue.by_id(movie_id) for movie_id in mine.ratings)
    return _Guesses(movies, np.array(list(mine.ratings.values())), blind, spread, fitted, anybody)


def _fit(context: AppContext, told: _Guesses, picture: Picture | None) -> Reply:
    given, blind, fitted = told.given, told.blind, told.fitted
    rows = tuple(
        (
            str(rank),
            film_cell(told.movies[i]),
            stars_text(float(given[i])),
            predicted_text(float(blind[i]), float(told.spread[i])),
            _signed(blind[i] - given[i]),
            f"fitted to your rating: ★ {fitted[i]:.1f}, off by {_signed(fitted[i] - given[i])}",
        )
        for rank, i in enumerate(told.biggest_misses(), start=1)
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
        f"off on average; by what most people give I would be {_mean_miss(told.anybody, given)} "
        f"off. Where I may look at your rating first I am {_mean_miss(fitted, given)} off, but "
        "only a guess says how well I know you.\nThe biggest misses first.",
        picture=picture,
        tables=(Table(columns, rows),),
        hint=""
        if len(given) >= _SURE
        else f"More ratings make better guesses: {context.typed('quiz')}",
    )


def _fit_description(told: _Guesses) -> str:
    close = int((abs(told.blind - told.given) <= 1).sum())
    misses = [
        f"{told.movies[i].title}, guessed {told.blind[i]:.1f} and given {told.given[i]:g}"
        for i in told.biggest_misses()[:_MISSES]
    ]
    return (
        f"Chart of my guesses across and your stars up, for {counted(len(told.given), 'film')}: "
        f"{close} within one star. Furthest off: {'; '.join(misses)}"
    )


def _signed(stars: float) -> str:
    """``+0.8``; never ``-0.0``."""
    return f"{round(float(stars), 1) + 0.0:+.1f}"


def _mean_miss(foretold: npt.NDArray[np.float32], given: npt.NDArray[np.float64]) -> str:
    return f"{abs(foretold - given).mean():.2f}"


def _taste_description(
    name: str,
    kinds: Sequence[Affinity],
    dimension_scores: Sequence[DimensionScore],
    films: Sequence[MovieLoading],
) -> str:
    told = [f"{kind.name} {kind.difference:+.1f}" for kind in shown_affinities(kinds)]
    leans = [f"{one.towards.label} ({abs(one.score):.1f})" for one in dimension_scores]
    titles = [film.movie.title for film in films[:_EXAMPLES]]
    parts = (
        f"stars beside other films, with how sure: {listed(told)}" if told else "",
        f"bars of how far {name} leans towards {listed(leans)}" if leans else "",
        f"the films most their kind, first {listed(titles)}" if titles else "",
    )
    return f"Card of what {name} likes: {'; '.join(part for part in parts if part)}"


def _kinds_table(kinds: Sequence[Affinity]) -> Table:
    more = [kind for kind in kinds if kind.difference >= TELLING][:_KINDS]
    return Table(
        (
            Column("Kind", ColumnKind.LEAD),
            Column("More", ColumnKind.VALUE),
            Column("How sure", ColumnKind.DETAIL),
        ),
        tuple(
            (
                kind.name,
                f"{kind.mean - kind.others:+.1f} stars",
                f"★ {kind.mean:.1f} for {counted(kind.count, 'film')}, {kind.others:.1f} "
                f"elsewhere. {_how_sure(kind)}",
            )
            for kind in more
        ),
        "You give more stars here than elsewhere",
    )


def _how_sure(kind: Affinity) -> str:
    """The difference as far as so few films can tell."""
    if kind.difference < kind.std:
        return "Too few films to be sure"
    return f"As far as I can tell: {kind.difference:+.1f} ± {kind.std:.1f}"


def _less_liked(kinds: Sequence[Affinity]) -> str:
    less = [kind.name for kind in reversed(kinds) if kind.difference <= -TELLING][:3]
    named = [f"the {name}" if name[0].isdigit() else name for name in less]
    return f"You give fewer stars to {listed(named)} than elsewhere." if less else ""


def _dimensions_table(dimension_scores: Sequence[DimensionScore]) -> Table:
    return Table(
        (
            Column("Films", ColumnKind.LEAD),
            Column("How far", ColumnKind.VALUE),
            Column("Such as", ColumnKind.DETAIL),
        ),
        tuple(
            (
                leaning.towards.label or "",
                how_far(leaning.score),
                "such as "
                + listed(film.movie.title for film in leaning.towards.movies[:_EXAMPLES])
                + f" (dimension {leaning.dimension.number})",
            )
            for leaning in dimension_scores
        ),
        "You lean towards (2 is far out)",
    )


def _films_table(films: Sequence[MovieLoading], mine: Taste) -> Table:
    def yours(movie: Movie) -> str:
        stars = mine.ratings.get(movie.movie_id)
        return f"yours {stars_text(stars)}" if stars is not None else ""

    return Table(
        (RANK, FILM, Column("Match", ColumnKind.VALUE), Column("Yours", ColumnKind.VALUE), GENRES),
        tuple(
            (
                str(rank),
                film_cell(film.movie),
                f"{film.loading:.0%}",
                yours(film.movie),
                genres_text(film.movie),
            )
            for rank, film in enumerate(films, start=1)
        ),
        "Films most your kind, by how surely people like you like them",
        look_closer([film.movie for film in films]),
    )
