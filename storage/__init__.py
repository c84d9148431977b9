"""Who rated what: members, their groups, ratings and changes of mind, in SQLite or PostgreSQL."""

from storage.errors import ForgottenError, StorageError
from storage.history import MovieState, UndoneChange
from storage.imports import ImportResult
from storage.members import Member
from storage.privacy import DeletionReport
from storage.quiz import Quiz
from storage.ratings import Rating
from storage.session import Incarnation
from storage.store import Store, open_store
from storage.vote_messages import UnfinishedVote, VoteMessage
from storage.votes import Ballot, MovieVotes, Vote
from storage.watchlist import WatchedMovie, WatchlistEntry

__all__ = [
    "Ballot",
    "DeletionReport",
    "ForgottenError",
    "ImportResult",
    "Incarnation",
    "Member",
    "MovieState",
    "MovieVotes",
    "Quiz",
    "Rating",
    "StorageError",
    "Store",
    "UndoneChange",
    "UnfinishedVote",
    "Vote",
    "VoteMessage",
    "WatchedMovie",
    "WatchlistEntry",
    "open_store",
]

__version__ = "0.1.0"  # as in pyproject.toml
