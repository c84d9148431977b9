"""Who rated what, who is not interested in what, and second thoughts about both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from storage import history
from storage.connection import Connection
from storage.history import MovieState, UndoneChange
from storage.members import make_member
from storage.repository import Repository
from storage.timestamps import now, utc


@dataclass(frozen=True)
class Rating:
    """``stars`` in 0.5..5.0 by halves; ``rated_at`` in UTC, to the millisecond."""

    movie_id: int
    stars: float
    rated_at: datetime


class UserRatings(Repository):
    """For each person a movie is rated, skipped or neither; the latest changes can be undone.

    `Imports` adds what comes from elsewhere, and movies that are seen without stars.
    """

    async def rate(
        self, user_id: str, stars: Mapping[int, float], source: str | None = None
    ) -> dict[int, float | None]:
        """Rate movies, all of them or none, as one change that `undo` reverts.

        An earlier rating of the same movie is replaced; a movie that was skipped or marked as seen
        or unseen no longer is.

        Parameters
        ----------
        user_id
            Who rates.
        stars
            In 0.5..5 by halves, by movie id.
        source
            Names the message that the ratings come from. Where an earlier call named the same, the
            message was edited: what it rated then is taken back first, but for the movies that
            something else changed since. Both calls are one change from then on, at the place of
            the later: `undo` reverts to what was before the message was first written. A call that
            is no longer among the latest changes, which are all that is kept, is not taken back.

        Returns
        -------
        dict
            The stars that each of the movies had from this user before, None where none: those
            without what the same source rated earlier.

        Raises
        ------
        ValueError
            Where stars are not a multiple of 0.5 in 0.5..5.
        """
        half_stars = {movie_id: to_half_stars(value) for movie_id, value in stars.items()}

        async def rate(connection: Connection) -> dict[int, MovieState]:
            await make_member(connection, user_id)
            if source is not None:
                await history.take_back(connection, user_id, source)
            before = await history.states(connection, user_id, half_stars)
            await history.record(connection, user_id, half_stars, source)
            rated_at = now()
            await connection.execute_many(
                "INSERT INTO ratings (user_id, movie_id, half_stars, rated_at) "
                "VALUES ($1, $2, $3, $4) ON CONFLICT (user_id, movie_id) DO UPDATE "
                "SET half_stars = excluded.half_stars, rated_at = excluded.rated_at",
                [(user_id, movie_id, halves, rated_at) for movie_id, halves in half_stars.items()],
            )
            return before

        before = await self._write(rate, user_id)
        return {movie_id: state.stars for movie_id, state in before.items()}

    async def unrate(self, user_id: str, movie_id: int) -> float | None:
        """Remove one rating.

        Parameters
        ----------
        user_id
            Whose rating.
        movie_id
            Of which movie.

        Returns
        -------
        float
            The stars it had, in 0.5..5; None where there was none.
        """

        async def unrate(connection: Connection) -> float | None:
            before = (await history.states(connection, user_id, [movie_id]))[movie_id]
            if before.stars is not None:
                await history.record(connection, user_id, [movie_id])
                await connection.execute(
                    "DELETE FROM ratings WHERE user_id = $1 AND movie_id = $2", user_id, movie_id
                )
            return before.stars

        return await self._write(unrate, user_id)

    async def skip(self, user_id: str, movie_id: int) -> MovieState:
        """Note that the user is not interested in a movie.

        Parameters
        ----------
        user_id
            The user.
        movie_id
            The movie; nothing changes where it was skipped already, or is rated.

        Returns
        -------
        MovieState
            What it was before.
        """

        async def skip(connection: Connection) -> MovieState:
            before = (await history.states(connection, user_id, [movie_id]))[movie_id]
            if before.stars is None and not before.skipped:
                await make_member(connection, user_id)
                await history.record(connection, user_id, [movie_id])
                await connection.execute(
                    "INSERT INTO skips (user_id, movie_id) VALUES ($1, $2)", user_id, movie_id
                )
            return before

        return await self._write(skip, user_id)

    async def undo(self, user_id: str) -> list[UndoneChange]:
        """Revert the latest of the user's calls not undone yet.

        That is of `rate`, `unrate`, `skip`, `mark_seen` and `import_ratings`. Calls that changed
        nothing do not count. The latest 50 can be undone, and before them the latest import, but
        for the movies that were changed since.

        Returns
        -------
        list
            The movies of that call by id; empty where there is nothing left to undo.
        """
        return await self._write(partial(history.undo, user_id=user_id), user_id)

    async def ratings(self, user_id: str) -> list[Rating]:
        """Return what the user rated, latest first; by movie id where two are of one time."""
        async with self._reading() as connection:
            rows = await connection.fetch(
                "SELECT movie_id, half_stars, rated_at FROM ratings WHERE user_id = $1 "
                "ORDER BY rated_at DESC, movie_id",
                user_id,
            )
        return [Rating(movie_id, halves / 2, utc(at)) for movie_id, halves, at in rows]

    async def skipped(self, user_id: str) -> set[int]:
        """Return the movies that the user is not interested in."""
        return await self._marked("skips", user_id)


def to_half_stars(stars: float) -> int:
    """Return stars as a whole number of half stars, 1 to 10.

    Raises
    ------
    ValueError
        Where stars are not a multiple of 0.5 in 0.5..5.
    """
    halves = stars * 2
    if halves not in range(1, 11):
        raise ValueError(f"{stars} stars do not exist: give 0.5 to 5 by halves, for example 3.5.")
    return int(halves)
