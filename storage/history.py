"""What films were before each change, so that a person's changes can be undone, latest first.

A film's entries form a chain: each holds what the film was before its change, and the film now is
what the latest change made of it. Only the last of a chain can be taken off it.

These functions run inside a transaction of their caller.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import aiosqlite

KEPT_CHANGES = 50  # of each person


@dataclass(frozen=True)
class FilmState:
    """What a film is for a person: rated (``stars`` in 0.5..5), skipped, or neither."""

    stars: float | None = None
    skipped: bool = False


@dataclass(frozen=True)
class Undone:
    """A film that was ``before`` until now and is ``after`` again."""

    movie_id: int
    before: FilmState
    after: FilmState


class Entry(NamedTuple):
    """A film as it was before a change; ``rated_at`` in unix milliseconds."""

    movie_id: int
    half_stars: int | None
    rated_at: int | None
    skipped: int
    unseen: int

    @property
    def state(self) -> FilmState:
        stars = None if self.half_stars is None else self.half_stars / 2
        return FilmState(stars, bool(self.skipped))


async def states(connection: aiosqlite.Connection, user_id: str) -> dict[int, FilmState]:
    """Return what each film is for a person, where it is rated or skipped."""
    rows = await connection.execute_fetchall(
        "SELECT movie_id, half_stars / 2.0, FALSE FROM ratings WHERE user_id = ?1 "
        "UNION ALL SELECT movie_id, NULL, TRUE FROM skips WHERE user_id = ?1",
        (user_id,),
    )
    return {movie_id: FilmState(stars, bool(skipped)) for movie_id, stars, skipped in rows}


async def record(
    connection: aiosqlite.Connection,
    user_id: str,
    movie_ids: Iterable[int],
    source: str | None = None,
) -> None:
    """Enter what films are now as one change, which must follow; drop what is too old to keep."""
    ((change,),) = await connection.execute_fetchall(
        "SELECT coalesce(max(change), 0) + 1 FROM history WHERE user_id = ?", (user_id,)
    )
    await connection.executemany(
        "INSERT INTO history "
        "(user_id, change, movie_id, source, half_stars, rated_at, skipped, unseen) "
        "SELECT user_id, ?, movie_id, ?, half_stars, rated_at, "
        "skips.movie_id IS NOT NULL, unseen.movie_id IS NOT NULL "
        "FROM (SELECT ? AS user_id, ? AS movie_id) "
        "LEFT JOIN ratings USING (user_id, movie_id) "
        "LEFT JOIN skips USING (user_id, movie_id) "
        "LEFT JOIN unseen USING (user_id, movie_id)",
        [(change, source, user_id, movie_id) for movie_id in movie_ids],
    )
    await connection.execute(
        "DELETE FROM history WHERE user_id = ?1 AND change NOT IN (SELECT DISTINCT change "
        "FROM history WHERE user_id = ?1 ORDER BY change DESC LIMIT ?2)",
        (user_id, KEPT_CHANGES),
    )


async def take_back(connection: aiosqlite.Connection, user_id: str, source: str) -> None:
    """Revert what a source changed, but for the films that were changed again since."""
    removed = await connection.execute_fetchall(
        "DELETE FROM history AS entry WHERE user_id = ? AND source = ? AND NOT EXISTS "
        "(SELECT 1 FROM history AS later WHERE later.user_id = entry.user_id "
        "AND later.movie_id = entry.movie_id AND later.change > entry.change) "
        "RETURNING movie_id, half_stars, rated_at, skipped, unseen",
        (user_id, source),
    )
    await _restore(connection, user_id, [Entry(*row) for row in removed])


async def undo(connection: aiosqlite.Connection, user_id: str) -> list[Undone]:
    """Revert the latest change; return its films by id, none where there is no change left."""
    removed = await connection.execute_fetchall(
        "DELETE FROM history WHERE user_id = ?1 "
        "AND change = (SELECT max(change) FROM history WHERE user_id = ?1) "
        "RETURNING movie_id, half_stars, rated_at, skipped, unseen",
        (user_id,),
    )
    entries = sorted(Entry(*row) for row in removed)
    now = await states(connection, user_id)
    await _restore(connection, user_id, entries)
    return [
        Undone(entry.movie_id, now.get(entry.movie_id, FilmState()), entry.state)
        for entry in entries
    ]


async def _restore(
    connection: aiosqlite.Connection, user_id: str, entries: Sequence[Entry]
) -> None:
    for table in ("ratings", "skips"):
        await connection.executemany(
            f"DELETE FROM {table} WHERE user_id = ? AND movie_id = ?",
            [(user_id, entry.movie_id) for entry in entries],
        )
    await connection.executemany(
        "INSERT INTO ratings (user_id, movie_id, half_stars, rated_at) VALUES (?, ?, ?, ?)",
        [
            (user_id, entry.movie_id, entry.half_stars, entry.rated_at)
            for entry in entries
            if entry.half_stars is not None
        ],
    )
    await connection.executemany(
        "INSERT INTO skips (user_id, movie_id) VALUES (?, ?)",
        [(user_id, entry.movie_id) for entry in entries if entry.skipped],
    )
    await connection.executemany(
        "INSERT INTO unseen (user_id, movie_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(user_id, entry.movie_id) for entry in entries if entry.unseen],
    )
