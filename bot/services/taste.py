"""What somebody likes, and how well that is known."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.replies import Column, Option, Reply, Role, Table
from bot.services.base import Caller, Services
from bot.services.ratings import ENOUGH, nothing_rated
from bot.services.wording import (
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
from engine import Leaning, Taste
from engine.catalogue import Movie
from engine.dimensions import PlacedMovie
from engine.fondness import Fondness, fondness

_KINDS, _DIMENSIONS, _FILMS = 5, 3, 10
_EXAMPLES = 3  # films that show what a dimension's end is like
_SURE = 20  # ratings from which on a taste is known fairly well
_TELLING = 0.05  # stars of difference from which on a kind of film is worth a line


async def taste(services: Services, caller: Caller) -> Reply:
    """The kinds of films, the dimensions and the films that somebody's ratings lean towards."""
    mine = await services.taste_of(caller)
    if not mine.ratings:
        return nothing_rated(services)
    kinds = await services.compute(fondness, services.model.catalogue, mine.ratings)
    leanings = await services.compute(services.model.dimensions_of, mine, _DIMENSIONS)
    films = await services.compute(services.model.aligned, mine, _FILMS)
    tables = (_kinds_table(kinds), _dimensions_table(leanings), _films_table(films, mine))
    n = len(mine.ratings)
    return Reply(
        title="What you like",
        text=f"From your {counted(n, 'rating')}. {_less_liked(kinds)}".rstrip(),
        tables=tuple(table for table in tables if table.rows),
        buttons=(
            Option("Recommend", "recommend", main=n >= ENOUGH),
            Option("Rate more: quiz", "quiz", main=n < ENOUGH),
        ),
        hint="This is a first idea: the more you rate, the surer it gets." if n < _SURE else "",
    )


async def fit(services: Services, caller: Caller) -> Reply:
    """Each rating beside what is foretold of it, the biggest misses first."""
    mine = await services.taste_of(caller)
    if not mine.ratings:
        return nothing_rated(services)
    return await services.compute(_fit, services, mine)


def how_far(position: float) -> str:
    """A place along a dimension in words: ``clearly (0.7)``."""
    far = abs(position)
    degrees = ((0.5, "slightly"), (1.0, "clearly"), (2.0, "strongly"))
    word = next((word for below, word in degrees if far < below), "very strongly")
    return f"{word} ({far:.1f})"


def _fit(services: Services, mine: Taste) -> Reply:
    model = services.model
    movies = [model.catalogue.movie(movie_id) for movie_id in mine.ratings]
    given = np.array(list(mine.ratings.values()))
    known, _ = mine.predict(list(mine.ratings))
    blind, spread = mine.left_out()
    anybody, _ = model.fit({}).predict(list(mine.ratings))
    biggest_first = np.argsort(-abs(blind - given), kind="stable").tolist()
    rows = tuple(
        (
            str(rank),
            film_cell(movies[i]),
            stars_text(float(given[i])),
            predicted_text(float(blind[i]), float(spread[i])),
            _signed(blind[i] - given[i]),
            f"fitted to your rating: ★ {known[i]:.1f}, off by {_signed(known[i] - given[i])}",
        )
        for rank, i in enumerate(biggest_first, start=1)
    )
    columns = (
        RANK,
        FILM,
        Column("You", Role.VALUE),
        Column("My guess", Role.VALUE),
        Column("Off by", Role.VALUE),
        Column("Fitted", Role.DETAIL),
    )
    return Reply(
        title="How well I know you",
        text=f"Guessing each film from your other ratings, I am {_mean_miss(blind, given)} stars "
        f"off on average; by what most people give I would be {_mean_miss(anybody, given)} off. "
        f"Where I may look at your rating first I am {_mean_miss(known, given)} off, but only a "
        "guess says how well I know you.\nThe biggest misses first.",
        tables=(Table(columns, rows),),
        hint=""
        if len(given) >= _SURE
        else f"More ratings make better guesses: {services.typed('quiz')}",
    )


def _signed(stars: float) -> str:
    """``+0.8``; never ``-0.0``."""
    return f"{round(float(stars), 1) + 0.0:+.1f}"


def _mean_miss(foretold: npt.NDArray[np.float32], given: npt.NDArray[np.float64]) -> str:
    return f"{abs(foretold - given).mean():.2f}"


def _kinds_table(kinds: Sequence[Fondness]) -> Table:
    more = [kind for kind in kinds if kind.difference >= _TELLING][:_KINDS]
    return Table(
        (Column("Kind", Role.LEAD), Column("More", Role.VALUE), Column("How sure", Role.DETAIL)),
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


def _how_sure(kind: Fondness) -> str:
    """The difference as far as so few films can tell."""
    if kind.difference < kind.std:
        return "Too few films to be sure"
    return f"As far as I can tell: {kind.difference:+.1f} ± {kind.std:.1f}"


def _less_liked(kinds: Sequence[Fondness]) -> str:
    less = [kind.name for kind in reversed(kinds) if kind.difference <= -_TELLING][:3]
    named = [f"the {name}" if name[0].isdigit() else name for name in less]
    return f"You give fewer stars to {listed(named)} than elsewhere." if less else ""


def _dimensions_table(leanings: Sequence[Leaning]) -> Table:
    return Table(
        (
            Column("Films", Role.LEAD),
            Column("How far", Role.VALUE),
            Column("Such as", Role.DETAIL),
        ),
        tuple(
            (
                leaning.towards.label or "",
                how_far(leaning.position),
                "such as "
                + listed(film.movie.title for film in leaning.towards.movies[:_EXAMPLES])
                + f" (dimension {leaning.dimension.number})",
            )
            for leaning in leanings
        ),
        "You lean towards (2 is far out)",
    )


def _films_table(films: Sequence[PlacedMovie], mine: Taste) -> Table:
    def yours(movie: Movie) -> str:
        stars = mine.ratings.get(movie.movie_id)
        return f"yours {stars_text(stars)}" if stars is not None else ""

    return Table(
        (RANK, FILM, Column("Match", Role.VALUE), Column("Yours", Role.VALUE), GENRES),
        tuple(
            (
                str(rank),
                film_cell(film.movie),
                f"{film.position:.0%}",
                yours(film.movie),
                genres_text(film.movie),
            )
            for rank, film in enumerate(films, start=1)
        ),
        "Films most your kind, by how surely people like you like them",
        look_closer([film.movie for film in films]),
    )
