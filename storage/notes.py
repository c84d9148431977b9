"""What the program itself remembers from one run to the next."""

from storage.database import Database


class Notes(Database):
    """Texts by name."""

    async def note(self, name: str) -> str | None:
        """Return the value noted last under a name, None where there is none."""
        async with self._alone() as connection:
            rows = await connection.execute_fetchall(
                "SELECT value FROM notes WHERE name = ?", (name,)
            )
        return next((value for (value,) in rows), None)

    async def set_note(self, name: str, value: str) -> None:
        """Note a value, in place of an earlier one of that name."""
        async with self._transaction() as connection:
            await connection.execute(
                "INSERT INTO notes (name, value) VALUES (?, ?) "
                "ON CONFLICT DO UPDATE SET value = excluded.value",
                (name, value),
            )
