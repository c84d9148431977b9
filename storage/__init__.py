"""Who rated what: members, their groups, ratings and second thoughts in an SQLite file."""

from importlib.metadata import version

from storage.errors import StorageError
from storage.history import FilmState, Undone
from storage.imports import ImportResult
from storage.members import Member
from storage.privacy import DeletionReport
from storage.quiz import Quiz
from storage.ratings import Rating
from storage.store import Store, open_store
from storage.votes import Ballot, FilmVotes, Vote
from storage.watchlist import WatchedFilm, WatchlistEntry

__all__ = [
    "Ballot",
    "DeletionReport",
    "FilmState",
    "FilmVotes",
    "ImportResult",
    "Member",
    "Quiz",
    "Rating",
    "StorageError",
    "Store",
    "Undone",
    "Vote",
    "WatchedFilm",
    "WatchlistEntry",
    "open_store",
]

__version__ = version("reeltwin")
