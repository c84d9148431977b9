"""What movies were before each change, so that a person's changes can be undone, latest first.

A movie's entries form a chain: each holds what the movie was before its change, and the movie now
is what the latest change made of it. Only the last of a chain can be taken off it.

The latest changes are kept, and the latest import for longer: without the movies that a change too
old to be kept changed since, whose chains have lost a link.

These functions run inside a transaction of their caller.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import NamedTuple

from storage.connection import Connection

KEPT_CHANGES = 50  # of each person

# What is known of each movie ``listed`` for the person $1.
_MARKS = " ".join(
    f"LEFT JOIN {table} ON {table}.user_id = $1 AND {table}.movie_id = listed.movie_id"
    for table in ("ratings", "skips", "unseen", "seen")
)

# What follows DELETE FROM history AS entry WHERE: the last of its movie's chain.
_LAST_OF_CHAIN = (
    "NOT EXISTS (SELECT 1 FROM history AS later WHERE later.user_id = entry.user_id "
    "AND later.movie_id = entry.movie_id AND later.change > entry.change)"
)


@dataclass(frozen=True)
class MovieState:
    """What a movie is for a person: rated (``stars`` in 0.5..5), or skipped, seen, both or none."""

    stars: float | None = None
    skipped: bool = False
    seen: bool = False  # without stars


@dataclass(frozen=True)
class UndoneChange:
    """A movie that was ``before`` until now and is ``after`` again."""

    movie_id: int
    before: MovieState
    after: MovieState


class HistoryEntry(NamedTuple):
    """A movie as it was before a change; ``rated_at`` in unix milliseconds."""

    movie_id: int
    half_stars: int | None
    rated_at: int | None
    skipped: int
    unseen: int
    seen: int

    @property
    def state(self) -> MovieState:
        """Return what the movie was, as callers of the store see it."""
        stars = None if self.half_stars is None else self.half_stars / 2
        return MovieState(stars, bool(self.skipped), bool(self.seen))


async def states(
    connection: Connection, user_id: str, movie_ids: Collection[int]
) -> dict[int, MovieState]:
    """Return what movies are for a person, in the order in which they are given.

    Parameters
    ----------
    connection
        A transaction's connection.
    user_id
        The person.
    movie_ids
        The movies.
    """
    rows = await connection.fetch(
        "SELECT listed.movie_id, half_stars, rated_at, "
        "skips.movie_id IS NOT NULL, unseen.movie_id IS NOT NULL, seen.movie_id IS NOT NULL "
        f"FROM {connection.listed} {_MARKS}",
        user_id,
        json.dumps(list(movie_ids)),
    )
    found = {entry.movie_id: entry.state for entry in starmap(HistoryEntry, rows)}
    return {movie_id: found[movie_id] for movie_id in movie_ids}


async def record(
    connection: Connection,
    user_id: str,
    movie_ids: Iterable[int],
    source: str | None = None,
    label: str | None = None,
) -> None:
    """Enter what movies are now as one change, which must follow; drop what is too old to keep.

    Parameters
    ----------
    connection
        A transaction's connection.
    user_id
        Who changes them.
    movie_ids
        The movies that are about to change.
    source
        Names the message that asks for it.
    label
        Names the import that it is.
    """
    await connection.execute(
        "INSERT INTO history "
        "(user_id, change, movie_id, source, label, half_stars, rated_at, skipped, unseen, seen) "
        "SELECT CAST($1 AS TEXT), "
        "(SELECT coalesce(max(change), 0) + 1 FROM history WHERE user_id = $1), "
        "listed.movie_id, CAST($3 AS TEXT), CAST($4 AS TEXT), half_stars, rated_at, "
        "CAST(skips.movie_id IS NOT NULL AS INTEGER), "
        "CAST(unseen.movie_id IS NOT NULL AS INTEGER), "
        "CAST(seen.movie_id IS NOT NULL AS INTEGER) "
        f"FROM {connection.listed} {_MARKS}",
        user_id,
        json.dumps(list(movie_ids)),
        source,
        label,
    )
    await _drop_old(connection, user_id)


async def take_back(connection: Connection, user_id: str, source: str) -> None:
    """Revert what a source changed, but for the movies that were changed again since.

    Parameters
    ----------
    connection
        A transaction's connection.
    user_id
        Whose changes.
    source
        As `record` was told.
    """
    removed = await connection.fetch(
        f"DELETE FROM history AS entry WHERE user_id = $1 AND source = $2 AND {_LAST_OF_CHAIN} "
        "RETURNING movie_id, half_stars, rated_at, skipped, unseen, seen",
        user_id,
        source,
    )
    await _restore(connection, user_id, [HistoryEntry(*row) for row in removed])


async def undo(connection: Connection, user_id: str) -> list[UndoneChange]:
    """Revert the latest change.

    Returns
    -------
    list
        Its movies by id; empty where there is no change left.
    """
    removed = await connection.fetch(
        "DELETE FROM history WHERE user_id = $1 "
        "AND change = (SELECT max(change) FROM history WHERE user_id = $1) "
        "RETURNING movie_id, half_stars, rated_at, skipped, unseen, seen",
        user_id,
    )
    return await _put_back(connection, user_id, [HistoryEntry(*row) for row in removed])


async def undo_import(connection: Connection, user_id: str) -> list[UndoneChange]:
    """Revert the `latest_import`, but for the movies that were changed again since.

    Returns
    -------
    list
        The movies that were reverted, by id.
    """
    found = await latest_import(connection, user_id)
    if found is None:
        return []
    change, _ = found
    removed = await connection.fetch(
        f"DELETE FROM history AS entry WHERE user_id = $1 AND change = $2 AND {_LAST_OF_CHAIN} "
        "RETURNING movie_id, half_stars, rated_at, skipped, unseen, seen",
        user_id,
        change,
    )
    return await _put_back(connection, user_id, [HistoryEntry(*row) for row in removed])


async def latest_import(connection: Connection, user_id: str) -> tuple[int, str] | None:
    """Return change and label of the latest import of which a movie can be reverted."""
    rows = await connection.fetch(
        "SELECT change, label FROM history AS entry "
        f"WHERE user_id = $1 AND label IS NOT NULL AND {_LAST_OF_CHAIN} "
        "ORDER BY change DESC LIMIT 1",
        user_id,
    )
    return next(((change, label) for change, label in rows), None)


async def _drop_old(connection: Connection, user_id: str) -> None:
    # Change by change, down the primary key: an import's change may hold 50,000 entries.
    ((oldest_kept, kept_import),) = await connection.fetch(
        "WITH RECURSIVE kept (change, number) AS "
        "(SELECT max(change), 1 FROM history WHERE user_id = $1 "
        "UNION ALL SELECT (SELECT max(change) FROM history WHERE user_id = $1 "
        "AND change < kept.change), number + 1 FROM kept WHERE change IS NOT NULL AND number < $2) "
        "SELECT min(change), (SELECT coalesce(max(change), 0) FROM history "
        "WHERE user_id = $1 AND label IS NOT NULL) FROM kept",
        user_id,
        KEPT_CHANGES,
    )
    if oldest_kept is None:
        return
    between = "user_id = $1 AND change > $2 AND change < $3"
    await connection.execute(
        "DELETE FROM history WHERE user_id = $1 AND change = $2 "
        f"AND movie_id IN (SELECT movie_id FROM history WHERE {between})",
        user_id,
        kept_import,
        oldest_kept,
    )
    await connection.execute(
        f"DELETE FROM history WHERE {between}", user_id, kept_import, oldest_kept
    )
    await connection.execute(
        "DELETE FROM history WHERE user_id = $1 AND change < $2",
        user_id,
        min(kept_import, oldest_kept),
    )


async def _put_back(
    connection: Connection, user_id: str, entries: Sequence[HistoryEntry]
) -> list[UndoneChange]:
    """Let movies be what entries taken off the history say; return them by id."""
    now = await states(connection, user_id, [entry.movie_id for entry in entries])
    await _restore(connection, user_id, entries)
    return [
        UndoneChange(entry.movie_id, now[entry.movie_id], entry.state)
        for entry in sorted(entries, key=lambda entry: entry.movie_id)
    ]


async def _restore(connection: Connection, user_id: str, entries: Sequence[HistoryEntry]) -> None:
    for table in ("ratings", "skips", "seen"):
        await connection.execute_many(
            f"DELETE FROM {table} WHERE user_id = $1 AND movie_id = $2",
            [(user_id, entry.movie_id) for entry in entries],
        )
    await connection.execute_many(
        "INSERT INTO ratings (user_id, movie_id, half_stars, rated_at) VALUES ($1, $2, $3, $4)",
        [
            (user_id, entry.movie_id, entry.half_stars, entry.rated_at)
            for entry in entries
            if entry.half_stars is not None
        ],
    )
    for table, marked in (
        ("skips", [entry for entry in entries if entry.skipped]),
        ("seen", [entry for entry in entries if entry.seen]),
        ("unseen", [entry for entry in entries if entry.unseen]),
    ):
        await connection.execute_many(
            f"INSERT INTO {table} (user_id, movie_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [(user_id, entry.movie_id) for entry in marked],
        )
