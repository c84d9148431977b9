"""Bringing one's history: files of other services read as ratings, and ratings written as a file.

Nothing here knows Discord or storage, and nothing touches the disk.

>>> films = FilmIndex(model.catalogue)  # once  # doctest: +SKIP
>>> history = read_history("ratings.csv", data, films)  # doctest: +SKIP
>>> history.source, len(history.stars)  # doctest: +SKIP
('Letterboxd', 412)
"""

from bot.imports.archive import MOST_BYTES
from bot.imports.export import Exported, export_csv, left_out_csv
from bot.imports.movie_matching import FilmIndex
from bot.imports.pending import PendingImports
from bot.imports.reader import History, SkippedRow, read_history

__all__ = [
    "MOST_BYTES",
    "Exported",
    "FilmIndex",
    "History",
    "PendingImports",
    "SkippedRow",
    "export_csv",
    "left_out_csv",
    "read_history",
]
