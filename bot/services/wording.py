"""How stars, films and figures are written, in one place for all replies."""

from collections.abc import Iterable

from bot.replies import Cell, Column, Link, Role
from engine.catalogue import Movie

RANK = Column("#", Role.RANK)
FILM = Column("Film", Role.LEAD)
GENRES = Column("Genres", Role.DETAIL)


def stars_text(stars: float) -> str:
    """``4.5`` as ``★★★★½``."""
    return "★" * int(stars) + ("½" if stars % 1 else "")


def film_cell(movie: Movie) -> Cell:
    """The title, linked to IMDb where the id is known."""
    return Link(movie.title, movie.url) if movie.url else movie.title


def genres_text(movie: Movie) -> str:
    return ", ".join(movie.genres) or "no genre listed"


def clipped(text: str) -> str:
    """What somebody typed, on one line and not too long to repeat to them."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"


def counted(n: int, noun: str) -> str:
    """``1 film``, ``2 films``, ``2,000 films``."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def listed(names: Iterable[str]) -> str:
    """``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
