"""Who rated what: members, their groups, ratings and second thoughts in an SQLite file."""

from storage.errors import StorageError
from storage.history import FilmState, Undone
from storage.members import Member
from storage.quiz import Quiz
from storage.ratings import Rating
from storage.store import Store, open_store

__all__ = [
    "FilmState",
    "Member",
    "Quiz",
    "Rating",
    "StorageError",
    "Store",
    "Undone",
    "open_store",
]
