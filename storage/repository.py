"""What every part of the store stands on."""

from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from storage.connection import Connection, Engine, Transaction
from storage.errors import ForgottenError
from storage.session import Incarnation, acting_member

T = TypeVar("T")


class Repository:
    """A part of the store, with an engine to read from and to write to."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _reading(self) -> AbstractAsyncContextManager[Connection]:
        return self._engine.reading()

    async def _write(self, transaction: Transaction[T], *keys: str) -> T:
        """Run a transaction, unless whom the session acts for was forgotten."""
        member = acting_member()
        if member is None:
            return await self._engine.write(transaction, *keys)

        async def for_member(connection: Connection) -> T:
            if await incarnation(connection, member.user_id) != member:
                raise ForgottenError(f"{member.user_id} was forgotten meanwhile.")
            return await transaction(connection)

        return await self._engine.write(for_member, member.user_id, *keys)

    async def _marked(self, table: str, user_id: str) -> set[int]:
        """Return the movies that a table of marks holds for a user."""
        async with self._reading() as connection:
            rows = await connection.fetch(
                f"SELECT movie_id FROM {table} WHERE user_id = $1", user_id
            )
        return {movie_id for (movie_id,) in rows}


async def incarnation(connection: Connection, user_id: str) -> Incarnation | None:
    """Return a member as they are remembered now, None where they are not."""
    rows = await connection.fetch("SELECT incarnation FROM members WHERE user_id = $1", user_id)
    return next((Incarnation(user_id, number) for (number,) in rows), None)
