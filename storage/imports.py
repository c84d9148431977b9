"""What a user rated or saw elsewhere, taken over at once and given back at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from storage import history
from storage.connection import Connection
from storage.history import MovieState, UndoneChange
from storage.members import make_member
from storage.ratings import to_half_stars
from storage.repository import Repository
from storage.timestamps import milliseconds, now


@dataclass(frozen=True)
class ImportResult:
    """How many movies an import changed, and how many it left alone."""

    added: int  # rated now
    already: int  # rated with the same stars before
    kept: int  # rated with other stars before, which stay
    seen: int  # marked as seen now, without stars


class Imports(Repository):
    """Imports of ratings, and movies that a user has seen and gave no stars."""

    async def import_ratings(
        self,
        user_id: str,
        ratings: Mapping[int, tuple[float, datetime | None]],
        label: str,
        seen: Collection[int] = (),
    ) -> ImportResult:
        """Take over ratings from elsewhere, all of them or none, as one change for `undo`.

        Movies rated here keep their stars; skipped, seen and unseen ones become rated.

        Parameters
        ----------
        user_id
            Whose ratings.
        ratings
            For each movie id the stars and when they were given. None and times to come count as
            now, times before 1970 as its first moment.
        label
            Names the import for `latest_import`: its file, say.
        seen
            Movies to mark as seen, as `mark_seen` does, but for those among ``ratings``.

        Returns
        -------
        ImportResult
            How many movies were changed, and how many left alone.

        Raises
        ------
        ValueError
            Where stars are not a multiple of 0.5 in 0.5..5, or a time has no time zone.
        """
        present = now()
        given = {
            movie_id: (to_half_stars(stars), _clamped(rated_at, present))
            for movie_id, (stars, rated_at) in ratings.items()
        }

        async def add(connection: Connection) -> tuple[dict[int, MovieState], int, int]:
            before = await history.states(connection, user_id, given)
            new = [movie_id for movie_id, state in before.items() if state.stars is None]
            marked = await _not_seen(
                connection, user_id, (movie for movie in seen if movie not in given)
            )
            if new or marked:
                await make_member(connection, user_id)
                await history.record(connection, user_id, [*new, *marked], label=label)
            await connection.execute_many(
                "INSERT INTO ratings (user_id, movie_id, half_stars, rated_at) "
                "VALUES ($1, $2, $3, $4)",
                [(user_id, movie_id, *given[movie_id]) for movie_id in new],
            )
            await _mark_seen(connection, user_id, marked)
            return before, len(new), len(marked)

        before, n_new, n_marked = await self._write(add, user_id)
        already = sum(
            state.stars is not None and state.stars * 2 == given[movie_id][0]
            for movie_id, state in before.items()
        )
        return ImportResult(n_new, already, len(before) - n_new - already, n_marked)

    async def latest_import(self, user_id: str) -> str | None:
        """Return the label of the import that `undo_import` would undo, None for none."""
        async with self._reading() as connection:
            found = await history.latest_import(connection, user_id)
        return found[1] if found else None

    async def undo_import(self, user_id: str) -> list[UndoneChange]:
        """Revert the latest import not undone yet, also where other calls came after it.

        Movies that were changed since stay as they are, and `undo` still reverts those calls. The
        latest import can be undone however many calls came after it.

        Returns
        -------
        list
            The movies that were reverted, by id; empty where there is no import to undo.
        """
        return await self._write(partial(history.undo_import, user_id=user_id), user_id)

    async def mark_seen(self, user_id: str, movie_ids: Collection[int]) -> int:
        """Note that the user has seen movies, without stars, as one change that `undo` reverts.

        Movies that are rated, or marked already, stay as they are.

        Parameters
        ----------
        user_id
            Who has seen them.
        movie_ids
            The movies.

        Returns
        -------
        int
            How many were marked.
        """

        async def mark(connection: Connection) -> int:
            marked = await _not_seen(connection, user_id, movie_ids)
            if marked:
                await make_member(connection, user_id)
                await history.record(connection, user_id, marked)
                await _mark_seen(connection, user_id, marked)
            return len(marked)

        return await self._write(mark, user_id)

    async def seen_movies(self, user_id: str) -> set[int]:
        """Return the movies that the user has seen and gave no stars."""
        return await self._marked("seen", user_id)


async def _not_seen(connection: Connection, user_id: str, movie_ids: Iterable[int]) -> list[int]:
    """Return those of some movies that are neither rated nor seen, each once."""
    before = await history.states(connection, user_id, dict.fromkeys(movie_ids))
    return [movie for movie, state in before.items() if state.stars is None and not state.seen]


async def _mark_seen(connection: Connection, user_id: str, movie_ids: Iterable[int]) -> None:
    await connection.execute_many(
        "INSERT INTO seen (user_id, movie_id) VALUES ($1, $2)",
        [(user_id, movie_id) for movie_id in movie_ids],
    )


def _clamped(moment: datetime | None, present: int) -> int:
    return present if moment is None else min(max(milliseconds(moment), 0), present)
