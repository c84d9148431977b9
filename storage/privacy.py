"""What is kept of a person, who may see it, and its end."""

from dataclasses import dataclass

from storage.connection import Connection
from storage.members import make_member
from storage.repository import Repository

# Everything that points at a person, in words, as rows of a table and the column that names them.
DATA_KINDS = {
    "names": ("members", "user_id"),
    "ratings": ("ratings", "user_id"),
    "films not wanted": ("skips", "user_id"),
    "films seen without stars": ("seen", "user_id"),
    "films not seen": ("unseen", "user_id"),
    "films in changes that can be undone": ("history", "user_id"),
    "quizzes under way": ("quizzes", "user_id"),
    "servers": ("memberships", "user_id"),
    "channels": ("channels", "user_id"),
    "votes for films": ("approvals", "user_id"),
    "votes started": ("votes", "starter"),
    "films put on watchlists": ("watchlist", "added_by"),
    "films marked as watched": ("watched", "marked_by"),
    "wishes to stay private": ("private_members", "user_id"),
}

_COUNTS = " UNION ALL ".join(
    f"SELECT '{kind}', count(*) FROM {table} WHERE {column} = $1"
    for kind, (table, column) in DATA_KINDS.items()
)


@dataclass(frozen=True)
class DeletionReport:
    """How much was deleted: ratings, and ``everything`` as `Store.data_summary` counts it."""

    ratings: int
    everything: dict[str, int]


class Privacy(Repository):
    """Each person's say over what is theirs."""

    async def set_private(self, user_id: str, private: bool) -> None:
        """Keep a user's ratings out of what others see in groups, or let them in again.

        Parameters
        ----------
        user_id
            The user.
        private
            Whether they are to be kept out.
        """

        async def change(connection: Connection) -> None:
            if private:
                await make_member(connection, user_id)
                await connection.execute(
                    "INSERT INTO private_members (user_id) VALUES ($1) ON CONFLICT DO NOTHING",
                    user_id,
                )
            else:
                await connection.execute("DELETE FROM private_members WHERE user_id = $1", user_id)

        await self._write(change, user_id)

    async def is_private(self, user_id: str) -> bool:
        """Return whether a user's ratings are kept out of what others see in groups."""
        async with self._reading() as connection:
            rows = await connection.fetch(
                "SELECT 1 FROM private_members WHERE user_id = $1", user_id
            )
        return bool(rows)

    async def data_summary(self, user_id: str) -> dict[str, int]:
        """Return how much is kept of a user, by kind in words: 0 where nothing of a kind is."""
        async with self._reading() as connection:
            return await _count(connection, user_id)

    async def forget(self, user_id: str) -> DeletionReport:
        """Delete all that is kept of a user, also out of the free space of an SQLite file.

        Votes they started and movies on a group's list stay there, without a name.
        """

        async def delete(connection: Connection) -> dict[str, int]:
            counts = await _count(connection, user_id)
            await connection.execute("DELETE FROM members WHERE user_id = $1", user_id)
            return counts

        counts = await self._write(delete, user_id)
        await self._engine.purge_deleted()
        return DeletionReport(counts["ratings"], counts)


async def _count(connection: Connection, user_id: str) -> dict[str, int]:
    return dict(await connection.fetch(_COUNTS, user_id))
