"""What the program itself remembers from one run to the next."""

from storage.connection import Connection
from storage.repository import Repository


class Metadata(Repository):
    """Texts by name."""

    async def metadata(self, name: str) -> str | None:
        """Return the value set last under a name, None where there is none."""
        async with self._reading() as connection:
            rows = await connection.fetch("SELECT value FROM notes WHERE name = $1", name)
        return next((value for (value,) in rows), None)

    async def set_metadata(self, name: str, value: str) -> None:
        """Set the value under a name, in place of an earlier one."""

        async def change(connection: Connection) -> None:
            await connection.execute(
                "INSERT INTO notes (name, value) VALUES ($1, $2) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                name,
                value,
            )

        await self._write(change)
