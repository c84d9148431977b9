"""What one row of any file says of a movie."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A movie as a row names it, and what the row says of it.

    Attributes
    ----------
    line
        Where the row begins in the file, from 1; for JSON the number of the item.
    title, year
        As the file has them; ``title`` is "" and ``year`` None where it has none.
    stars
        In 0.5..5 by halves; None where the movie was seen only.
    rated_at
        When, in UTC; None where the file does not tell.
    imdb_id, tmdb_id, movie_id
        The movie's numbers at IMDb, TMDB and MovieLens.
    error
        What is wrong with the row, "" where nothing is.
    ignored
        Why it says nothing of a movie that was seen, as a rating of a series does not.
    other_kind
        What it is instead where it is not in the catalogue: a series, an episode.
    user
        Who rated, in files that say so.

    """

    line: int
    title: str
    year: int | None = None
    stars: float | None = None
    rated_at: datetime | None = None
    imdb_id: int | None = None
    tmdb_id: int | None = None
    movie_id: int | None = None
    error: str = ""
    ignored: str = ""
    other_kind: str = ""
    user: str = ""
