"""Which messages show a vote open, so that its end is shown in each of them."""

from dataclasses import dataclass

from storage.connection import Connection
from storage.repository import Repository
from storage.timestamps import now


@dataclass(frozen=True)
class VoteMessage:
    """A message that shows a vote open, also once it was closed."""

    message_id: str
    channel_id: str
    vote_id: int


@dataclass(frozen=True)
class UnfinishedVote:
    """A vote to be closed, or closed and still shown open somewhere.

    ``seconds_left`` is when it is to be closed by the clock of this machine, 0 for now.
    """

    vote_id: int
    guild_id: str
    seconds_left: float


class VoteMessages(Repository):
    """Messages that show votes, until those are shown closed there."""

    async def add_vote_message(self, vote_id: int, channel_id: str, message_id: str) -> None:
        """Note a message that shows a vote open.

        Parameters
        ----------
        vote_id
            The vote, in place of another that it showed.
        channel_id
            Where it is.
        message_id
            The message.
        """

        async def add(connection: Connection) -> None:
            await connection.execute(
                "INSERT INTO vote_messages (message_id, vote_id, channel_id) VALUES ($1, $2, $3) "
                "ON CONFLICT (message_id) DO UPDATE SET vote_id = excluded.vote_id",
                message_id,
                vote_id,
                channel_id,
            )

        await self._write(add, f"message {message_id}")

    async def remove_vote_message(self, message_id: str) -> None:
        """Note that a message shows no vote open any more."""

        async def remove(connection: Connection) -> None:
            await connection.execute("DELETE FROM vote_messages WHERE message_id = $1", message_id)

        await self._write(remove, f"message {message_id}")

    async def vote_messages(self, vote_id: int | None = None) -> list[VoteMessage]:
        """Return the messages that show a vote open, or any vote, the latest first."""
        async with self._reading() as connection:
            rows = await connection.fetch(
                "SELECT message_id, channel_id, vote_id FROM vote_messages "
                "WHERE vote_id = coalesce($1, vote_id) "
                "ORDER BY length(message_id) DESC, message_id DESC",  # Discord's ids grow
                vote_id,
            )
        return [VoteMessage(*row) for row in rows]

    async def unfinished_votes(self, within: float) -> list[UnfinishedVote]:
        """Return the votes whose end is to be brought about, the most urgent first.

        Parameters
        ----------
        within
            Seconds: votes that are open for longer are left out.
        """
        present = now()
        async with self._reading() as connection:
            rows = await connection.fetch(
                "SELECT vote_id, guild_id, closes_at FROM votes "
                "WHERE closed_at IS NULL AND closes_at <= $1 UNION "
                "SELECT vote_id, guild_id, 0 FROM vote_messages JOIN votes USING (vote_id) "
                "WHERE closed_at IS NOT NULL ORDER BY 3, 1",
                present + int(1000 * within),
            )
        return [
            UnfinishedVote(vote_id, guild_id, max(0.0, (closes_at - present) / 1000))
            for vote_id, guild_id, closes_at in rows
        ]
