"""How stars, films and figures are written, in one place for all replies."""

from bot.commands.filter_parameters import GENRE_NAMES
from bot.replies import Cell, Column, ColumnKind, Link
from engine.data.catalogue import Movie
from engine.data.ratings import HALF_STARS

RANK = Column("#", ColumnKind.RANK)
FILM = Column("Film", ColumnKind.LEAD)
STARS = Column("Stars", ColumnKind.VALUE)
GENRES = Column("Genres", ColumnKind.DETAIL)

STAR_CHOICES: tuple[float, ...] = tuple(HALF_STARS[::-1].tolist())  # 5 to 0.5, most first


def stars_text(stars: float) -> str:
    """Return ``4.5`` as ``★★★★½``."""
    return "★" * int(stars) + ("½" if stars % 1 else "")


def predicted_text(stars: float, std: float) -> str:
    """Return ``★ 4.2 ± 0.8``: the stars that a user is expected to give."""
    return f"★ {stars:.1f} ± {std:.1f}"


def film_cell(movie: Movie) -> Cell:
    """Return the title, linked to IMDb where the id is known."""
    return Link(movie.title, movie.url) if movie.url else movie.title


def genres_text(movie: Movie) -> str:
    return ", ".join(g for g in movie.genres if g in GENRE_NAMES) or "no genre listed"


def how_far(position: float) -> str:
    """Return a place along a dimension in words: ``clearly (0.7)``."""
    far = abs(position)
    degrees = ((0.5, "slightly"), (1.0, "clearly"), (2.0, "strongly"))
    word = next((word for below, word in degrees if far < below), "very strongly")
    return f"{word} ({far:.1f})"
