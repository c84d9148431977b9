"""What somebody likes, and how well that is known."""

from collections.abc import Sequence

from bot.replies import Column, Option, Reply, Role, Table
from bot.services.base import Caller, Services
from bot.services.ratings import ENOUGH, nothing_rated
from bot.services.wording import (
    FILM,
    RANK,
    counted,
    film_cell,
    genres_text,
    listed,
    look_closer,
    predicted_text,
    stars_text,
)
from engine import Leaning, Taste, TasteModel
from engine.catalogue import Movie
from engine.dimensions import PlacedMovie
from engine.fondness import Fondness, fondness

_KINDS, _DIMENSIONS, _FILMS = 6, 3, 10
_EXAMPLES = 3  # films that show what a dimension's end is like
_SURE = 20  # ratings from which on a taste is known fairly well
_TELLING = 0.1  # stars of difference from which on a kind of film is worth a line


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
        text=f"By your {counted(n, 'rating')}. {_less_liked(kinds)}".rstrip(),
        tables=tuple(table for table in tables if table.rows),
        buttons=(
            Option("Recommend", "recommend", main=n >= ENOUGH),
            Option("Rate more: quiz", "quiz", main=n < ENOUGH),
        ),
        hint=f"{counted(n, 'rating')} give a first idea. Every further one makes it surer."
        if n < _SURE
        else "",
    )


async def fit(services: Services, caller: Caller) -> Reply:
    """Each rating beside what is foretold of it, the biggest misses first."""
    mine = await services.taste_of(caller)
    if not mine.ratings:
        return nothing_rated(services)
    return await services.compute(_fit, services.model, mine)


def _fit(model: TasteModel, mine: Taste) -> Reply:
    given = list(mine.ratings.values())
    known, _ = mine.predict(list(mine.ratings))
    blind, spread = mine.left_out()
    misses = abs(blind - given)
    order = (-misses).argsort(kind="stable").tolist()
    movies = [model.catalogue.movie(movie_id) for movie_id in mine.ratings]
    rows = tuple(
        (
            film_cell(movies[i]),
            f"{stars_text(given[i])}, guessed {predicted_text(float(blind[i]), float(spread[i]))}",
            f"off by {blind[i] - given[i]:+.1f}; knowing your rating ★ {known[i]:.1f}, "
            f"off by {known[i] - given[i]:+.1f}",
        )
        for i in order
    )
    seen = abs(known - given).mean()
    return Reply(
        title="How well I know you",
        text=f"I guess each of your {counted(len(given), 'film')} from the others alone and am "
        f"{misses.mean():.2f} stars off on average. Knowing your rating I am {seen:.2f} off, but "
        "only the first figure says how well I know you. The biggest misses first.",
        tables=(Table((FILM, Column("Yours", Role.VALUE), Column("Off", Role.DETAIL)), rows),),
    )


def _kinds_table(kinds: Sequence[Fondness]) -> Table:
    more = [kind for kind in kinds if kind.difference >= _TELLING][:_KINDS]
    return Table(
        (Column("Kind", Role.LEAD), Column("Stars", Role.VALUE), Column("Films", Role.DETAIL)),
        tuple(
            (
                kind.name,
                f"{kind.difference:+.1f} ± {kind.std:.1f} stars",
                f"{counted(kind.count, 'film')}, ★ {kind.mean:.1f} on average",
            )
            for kind in more
        ),
        "You give more stars than to your other films",
    )


def _less_liked(kinds: Sequence[Fondness]) -> str:
    less = [kind.name for kind in reversed(kinds) if kind.difference <= -_TELLING][:3]
    return f"You give fewer stars to {listed(less)}." if less else ""


def _dimensions_table(leanings: Sequence[Leaning]) -> Table:
    return Table(
        (
            Column("Leaning", Role.LEAD),
            Column("How far", Role.VALUE),
            Column("For example", Role.DETAIL),
        ),
        tuple(
            (
                leaning.towards.label or "",
                f"{abs(leaning.position):.1f}",
                f"dimension {leaning.dimension.number}: "
                + listed(film.movie.title for film in leaning.towards.movies[:_EXAMPLES]),
            )
            for leaning in leanings
        ),
        "You lean towards (0 is nobody in particular, 1 as far as people usually lean, 2 far out)",
    )


def _films_table(films: Sequence[PlacedMovie], mine: Taste) -> Table:
    def yours(movie: Movie) -> str:
        stars = mine.ratings.get(movie.movie_id)
        return f"yours {stars_text(stars)}" if stars is not None else "new to you"

    return Table(
        (RANK, FILM, Column("Your kind", Role.VALUE), Column("Yours?", Role.DETAIL)),
        tuple(
            (
                str(rank),
                film_cell(film.movie),
                f"{film.position:.0%}",
                f"{yours(film.movie)} · {genres_text(film.movie)}",
            )
            for rank, film in enumerate(films, start=1)
        ),
        "Films most your kind",
        look_closer([film.movie for film in films]),
    )
