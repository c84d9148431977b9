"""Who rated what: members, their groups and their ratings in an SQLite file."""

from storage.errors import StorageError
from storage.store import Member, Rating, Store, open_store

__all__ = ["Member", "Rating", "StorageError", "Store", "open_store"]
