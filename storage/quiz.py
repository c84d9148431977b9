"""Where each person is in the quiz, and which movies they told it they have not seen."""

from dataclasses import dataclass

from storage.connection import Connection
from storage.members import make_member
from storage.repository import Repository


@dataclass(frozen=True)
class Quiz:
    """``asked`` movies were answered with stars so far; ``movie_id`` is the open question."""

    asked: int
    movie_id: int


class Quizzes(Repository):
    """One quiz at a time for each person."""

    async def quiz(self, user_id: str) -> Quiz | None:
        """Return the quiz that the user is in, None where in none."""
        async with self._reading() as connection:
            rows = await connection.fetch(
                "SELECT asked, movie_id FROM quizzes WHERE user_id = $1", user_id
            )
        return next((Quiz(asked, movie_id) for asked, movie_id in rows), None)

    async def save_quiz(self, user_id: str, quiz: Quiz) -> None:
        """Begin a quiz or go on with it.

        Parameters
        ----------
        user_id
            Who is in it.
        quiz
            Where they are in it, in place of an earlier one.
        """

        async def save(connection: Connection) -> None:
            await make_member(connection, user_id)
            await connection.execute(
                "INSERT INTO quizzes (user_id, asked, movie_id) VALUES ($1, $2, $3) ON CONFLICT "
                "(user_id) DO UPDATE SET asked = excluded.asked, movie_id = excluded.movie_id",
                user_id,
                quiz.asked,
                quiz.movie_id,
            )

        await self._write(save, user_id)

    async def end_quiz(self, user_id: str) -> None:
        """Forget the quiz that the user is in, if any; what it taught is kept."""

        async def end(connection: Connection) -> None:
            await connection.execute("DELETE FROM quizzes WHERE user_id = $1", user_id)

        await self._write(end, user_id)

    async def unseen(self, user_id: str) -> set[int]:
        """Return the movies that the user said they have not seen and did not rate since."""
        return await self._marked("unseen", user_id)

    async def mark_unseen(self, user_id: str, movie_id: int) -> None:
        """Note that the user has not seen a movie.

        Parameters
        ----------
        user_id
            The user.
        movie_id
            The movie; nothing happens where it is rated or seen.
        """

        async def mark(connection: Connection) -> None:
            await make_member(connection, user_id)
            await connection.execute(
                "INSERT INTO unseen (user_id, movie_id) "
                "SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT) WHERE NOT EXISTS "
                "(SELECT 1 FROM ratings WHERE user_id = $1 AND movie_id = $2) AND NOT EXISTS "
                "(SELECT 1 FROM seen WHERE user_id = $1 AND movie_id = $2) "
                "ON CONFLICT DO NOTHING",
                user_id,
                movie_id,
            )

        await self._write(mark, user_id)
