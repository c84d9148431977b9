"""What every part of the store stands on."""

from contextlib import AbstractAsyncContextManager

from storage.connection import Connection, Engine


class Repository:
    """A part of the store, with an engine to read from and to write to."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _reading(self) -> AbstractAsyncContextManager[Connection]:
        return self._engine.reading()

    def _writing(self, *keys: str) -> AbstractAsyncContextManager[Connection]:
        return self._engine.writing(*keys)

    async def _marked(self, table: str, user_id: str) -> set[int]:
        """Return the movies that a table of marks holds for a user."""
        async with self._reading() as connection:
            rows = await connection.fetch(
                f"SELECT movie_id FROM {table} WHERE user_id = $1", user_id
            )
        return {movie_id for (movie_id,) in rows}
