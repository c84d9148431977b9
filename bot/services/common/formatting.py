"""How stars, films and figures are written, in one place for all replies."""

from collections.abc import Iterable, Sequence

from bot.commands.filter_parameters import GENRE_NAMES, Years
from bot.replies import Action, Cell, Column, ColumnKind, Link
from engine.data.catalogue import Movie

RANK = Column("#", ColumnKind.RANK)
FILM = Column("Film", ColumnKind.LEAD)
STARS = Column("Stars", ColumnKind.VALUE)
GENRES = Column("Genres", ColumnKind.DETAIL)

HALF_STARS = tuple(halves / 2 for halves in range(10, 0, -1))


def stars_text(stars: float) -> str:
    """``4.5`` as ``★★★★½``."""
    return "★" * int(stars) + ("½" if stars % 1 else "")


def predicted_text(stars: float, std: float) -> str:
    """``★ 4.2 ± 0.8``: what somebody is expected to give."""
    return f"★ {stars:.1f} ± {std:.1f}"


def star_options(message: str, *, in_place: bool = False) -> tuple[Action, ...]:
    """One option for each half star, most first; ``{stars}`` in ``message`` stands for them."""
    return tuple(
        Action(
            f"{stars_text(stars)} {stars:g}",
            message.format(stars=f"{stars:g}"),
            in_place=in_place,
            key=f"{stars:g}",
        )
        for stars in HALF_STARS
    )


def film_cell(movie: Movie) -> Cell:
    """The title, linked to IMDb where the id is known."""
    return Link(movie.title, movie.url) if movie.url else movie.title


def genres_text(movie: Movie) -> str:
    return ", ".join(g for g in movie.genres if g in GENRE_NAMES) or "no genre listed"


def look_closer(movies: Sequence[Movie]) -> tuple[Action, ...]:
    """For each film of a list the way to its card."""
    return tuple(Action("Open", f"predict id:{movie.movie_id}", movie.title) for movie in movies)


def wish_text(genre: Sequence[str], years: tuple[int | None, int | None] | None, *more: str) -> str:
    """What was asked for in words: ``hidden gems, Horror, since 1990``."""
    parts = [*more]
    parts += [listed(genre)] if genre else []
    parts += [Years().write(years)] if years else []
    return ", ".join(parts)


def counted(n: int, noun: str, plural: str = "") -> str:
    """``1 film``, ``2 films``, ``2,000 films``; ``3 people`` where the plural is given."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def listed(names: Iterable[str]) -> str:
    """``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
