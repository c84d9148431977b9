"""What every part of the store stands on."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from storage.connection import Connection, Engine
from storage.errors import ForgottenError
from storage.session import Incarnation, acting_member


class Repository:
    """A part of the store, with an engine to read from and to write to."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _reading(self) -> AbstractAsyncContextManager[Connection]:
        return self._engine.reading()

    @asynccontextmanager
    async def _writing(self, *keys: str) -> AsyncIterator[Connection]:
        member = acting_member()
        everybody = keys if member is None else (member.user_id, *keys)
        async with self._engine.writing(*everybody) as connection:
            if member is not None and await incarnation(connection, member.user_id) != member:
                raise ForgottenError(f"{member.user_id} was forgotten meanwhile.")
            yield connection

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
