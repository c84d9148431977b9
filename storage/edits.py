"""Edits of messages that were carried out, so that none is carried out twice."""

from datetime import datetime, timedelta

from storage.connection import Connection
from storage.repository import Repository
from storage.timestamps import milliseconds, now

JUST_NOW = timedelta(minutes=5)  # clocks differ, and a lost connection is made up for

# More than JUST_NOW, as a clock that is set back must not bring an edit back.
KEPT = timedelta(days=1)


class Edits(Repository):
    """When messages were edited last."""

    async def claim_edit(self, message_id: str, edited_at: datetime) -> bool:
        """Take an edit for the caller to carry out, before every other process.

        Parameters
        ----------
        message_id
            The message.
        edited_at
            When it was edited.

        Returns
        -------
        bool
            Whether it is the caller's: it was edited just now, and neither this edit nor a later
            one of the message was taken before.

        Raises
        ------
        ValueError
            Where the time has no time zone.
        """
        present, edited = now(), milliseconds(edited_at)
        if edited < present - JUST_NOW // timedelta(milliseconds=1):
            return False

        async def take(connection: Connection) -> int:
            await connection.execute(
                "DELETE FROM edits WHERE edited_at < $1",
                present - KEPT // timedelta(milliseconds=1),
            )
            return await connection.execute(
                "INSERT INTO edits (message_id, edited_at) VALUES ($1, $2) "
                "ON CONFLICT (message_id) DO UPDATE SET edited_at = excluded.edited_at "
                "WHERE edits.edited_at < excluded.edited_at",
                message_id,
                edited,
            )

        return await self._write(take, f"message {message_id}") == 1
