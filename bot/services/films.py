"""Films for somebody, and films like a film."""

from bot.replies import Column, Reply, Role, Table
from bot.services.base import Caller, Services
from bot.services.finding import find
from bot.services.ratings import ENOUGH
from bot.services.wording import FILM, GENRES, RANK, counted, film_cell, genres_text, listed
from engine import Neighbour, Recommendation

DEFAULT_COUNT, MOST = 10, 50
_COMPLETIONS = 25


async def recommend(services: Services, caller: Caller, count: int = DEFAULT_COUNT) -> Reply:
    """The films the caller should see next, with predicted stars; never one they rated."""
    taste = await services.taste_of(caller)
    films = await services.compute(taste.recommend, count)
    n = len(taste.ratings)
    if n == 0:
        title = "What most people love"
        text = "You have not rated anything yet, so these are everybody’s favourites."
        hint = f"Make the list yours: {services.typed('rate Alien 5')}"
    else:
        title = f"For {caller.name}"
        text = f"From your {counted(n, 'rating')}, with the stars I expect you to give."
        hint = (
            f"{counted(ENOUGH - n, 'more rating')} will sharpen this."
            if n < ENOUGH
            else f"Seen one? {services.typed(f'rate {films[0].movie.title} 4')}"
        )
    return Reply(title=title, text=text, tables=(_films_table(films),), hint=hint)


async def similar(services: Services, caller: Caller, title: str) -> Reply:
    """The films most and least like one."""
    movie = await find(services, title, "similar")
    most, least = await services.compute(
        lambda: (
            services.model.similar(movie.movie_id, 10),
            services.model.dissimilar(movie.movie_id, 5),
        )
    )
    by_content = all(neighbour.by_content for neighbour in most)
    return Reply(
        title=f"Like {movie.title}",
        text=genres_text(movie)
        + (". Too few people rated it: by genre, year and series alone." if by_content else ""),
        tables=(_neighbours_table("Most alike", most), _neighbours_table("Least alike", least)),
        hint=f"See it among its like: {services.typed(f'map {movie.title}')}",
    )


async def complete(services: Services, typed: str) -> list[str]:
    """Titles with year that a half-typed one may become, best first; at most 25."""
    if not typed.strip():
        rows = services.model.well_known[:_COMPLETIONS].tolist()
    else:
        matches = await services.compute(services.model.titles.search, typed, _COMPLETIONS)
        rows = [match.row for match in matches]
    return [services.model.catalogue.at(row).title for row in rows]


def _films_table(films: list[Recommendation]) -> Table:
    columns = (RANK, FILM, Column("You would give", Role.VALUE), GENRES)
    rows = [
        (
            str(rank),
            film_cell(film.movie),
            f"★ {film.stars:.1f} ± {film.std:.1f}",
            genres_text(film.movie),
        )
        for rank, film in enumerate(films, start=1)
    ]
    whys = [_because(film) for film in films]
    if not any(whys):
        return Table(columns, tuple(rows))
    reasoned = tuple((*row, why) for row, why in zip(rows, whys, strict=True))
    return Table((*columns, Column("Why", Role.DETAIL)), reasoned)


def _because(film: Recommendation) -> str:
    liked = [reason.movie.name for reason in film.reasons if reason.push > 0][:2]
    return f"because of {listed(liked)}" if liked else ""


def _neighbours_table(heading: str, neighbours: list[Neighbour]) -> Table:
    columns = (RANK, FILM, Column("Alike", Role.VALUE), GENRES)
    rows = tuple(
        (
            str(rank),
            film_cell(neighbour.movie),
            f"{neighbour.similarity:.2f}",
            genres_text(neighbour.movie),
        )
        for rank, neighbour in enumerate(neighbours, start=1)
    )
    return Table(columns, rows, heading)
