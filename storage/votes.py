"""Votes on movies: everybody approves of as many as they like until the vote is closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import groupby

from storage.connection import Connection, Row
from storage.members import Member, make_member, make_membership
from storage.repository import Repository
from storage.timestamps import milliseconds, now, utc


class Ballot(Enum):
    """What became of a user's approval of a movie."""

    GIVEN = "given"
    TAKEN_BACK = "taken back"
    KEPT = "kept"  # it was there already, and was not to be taken back
    CLOSED = "closed"  # the vote is, or its time is over: nothing changed
    UNKNOWN = "unknown"  # there is no such vote, or not on this movie


@dataclass(frozen=True)
class MovieVotes:
    """Who approves of a movie: those who are still in the guild, by name."""

    movie_id: int
    voters: tuple[Member, ...]


@dataclass(frozen=True)
class Vote:
    """A vote in a channel; movies in the order they were given, times in UTC."""

    vote_id: int
    guild_id: str
    channel_id: str
    starter: str | None  # a user id; None where they had themselves forgotten
    opened_at: datetime
    closes_at: datetime | None  # None where a user has to close it
    closed_at: datetime | None
    movies: tuple[MovieVotes, ...]

    @property
    def open(self) -> bool:
        """Return whether it is still to be closed, even if its time is over."""
        return self.closed_at is None

    @property
    def over(self) -> bool:
        """Return whether its time is over, even if nobody has closed it."""
        return self.closes_at is not None and milliseconds(self.closes_at) <= now()


class Votes(Repository):
    """Votes under way and over, until the end of the file."""

    async def open_vote(
        self,
        guild_id: str,
        channel_id: str,
        starter: str,
        movie_ids: Sequence[int],
        closes_at: datetime | None = None,
    ) -> int:
        """Open a vote on movies.

        Parameters
        ----------
        guild_id, channel_id
            Where it is.
        starter
            Who starts it (a user id).
        movie_ids
            The movies, each of them once, in the order in which they are shown.
        closes_at
            When its time is over, with a time zone; None where a user has to close it.

        Returns
        -------
        int
            Its id.

        Raises
        ------
        ValueError
            Where there are no movies, or one twice, or ``closes_at`` has no time zone.
        """
        if not movie_ids or len(set(movie_ids)) < len(movie_ids):
            raise ValueError("A vote needs films, each of them once.")
        closing = None if closes_at is None else milliseconds(closes_at)

        async def open_(connection: Connection) -> int:
            await make_member(connection, starter)
            ((vote_id,),) = await connection.fetch(
                "INSERT INTO votes (vote_id, guild_id, channel_id, starter, opened_at, closes_at) "
                "VALUES ((SELECT coalesce(max(vote_id), 0) + 1 FROM votes), $1, $2, $3, $4, $5) "
                "RETURNING vote_id",
                guild_id,
                channel_id,
                starter,
                now(),
                closing,
            )
            await connection.execute_many(
                "INSERT INTO vote_films (vote_id, movie_id, place) VALUES ($1, $2, $3)",
                [(vote_id, movie_id, place) for place, movie_id in enumerate(movie_ids)],
            )
            return int(vote_id)

        return await self._write(open_, starter, "votes")

    async def vote(
        self, vote_id: int, user_id: str, movie_id: int, *, take_back: bool = True
    ) -> Ballot:
        """Let a user approve of a movie, or no longer where they do.

        Parameters
        ----------
        vote_id
            The vote.
        user_id
            Who votes; they are in the guild from then on.
        movie_id
            A movie of that vote.
        take_back
            Whether an approval given before is taken back; else it stays.

        Returns
        -------
        Ballot
            What became of it.
        """

        async def vote(connection: Connection) -> Ballot:
            rows = await connection.fetch(
                "SELECT guild_id, closed_at IS NOT NULL OR coalesce(closes_at <= $1, FALSE) "
                "FROM votes JOIN vote_films USING (vote_id) WHERE vote_id = $2 AND movie_id = $3",
                now(),
                vote_id,
                movie_id,
            )
            for guild_id, closed in rows:
                if closed:
                    return Ballot.CLOSED
                await make_member(connection, user_id)
                await make_membership(connection, guild_id, user_id)
                own = (vote_id, user_id, movie_id)
                if take_back and await _take_back(connection, *own):
                    return Ballot.TAKEN_BACK
                return Ballot.GIVEN if await _approve(connection, *own) else Ballot.KEPT
            return Ballot.UNKNOWN

        return await self._write(vote, user_id, _name(vote_id))

    async def close_vote(self, vote_id: int) -> Vote:
        """Close a vote, unless it is closed already.

        Returns
        -------
        Vote
            How it ended.

        Raises
        ------
        LookupError
            Where there is no such vote.
        """

        async def close(connection: Connection) -> list[Vote]:
            await connection.execute(
                "UPDATE votes SET closed_at = $1 WHERE vote_id = $2 AND closed_at IS NULL",
                now(),
                vote_id,
            )
            return await _load(connection, "votes.vote_id = $1", vote_id)

        found = await self._write(close, _name(vote_id))
        if not found:
            raise LookupError(f"There is no vote {vote_id}.")
        return found[0]

    async def get_vote(self, vote_id: int) -> Vote | None:
        """Return how a vote stands, None where there is no such vote."""
        async with self._reading() as connection:
            found = await _load(connection, "votes.vote_id = $1", vote_id)
        return found[0] if found else None

    async def open_votes(self, guild_id: str | None = None) -> list[Vote]:
        """Return the votes not closed yet, of a guild or of all, the first opened first."""
        async with self._reading() as connection:
            return await _load(
                connection,
                "closed_at IS NULL AND votes.guild_id = coalesce($1, votes.guild_id)",
                guild_id,
            )

    async def latest_vote(self, guild_id: str) -> Vote | None:
        """Return the vote opened last in a guild, open or closed, None where there was none."""
        async with self._reading() as connection:
            found = await _load(
                connection,
                "votes.vote_id = (SELECT max(vote_id) FROM votes WHERE guild_id = $1)",
                guild_id,
            )
        return found[0] if found else None


def _name(vote_id: int) -> str:
    return f"vote:{vote_id}"


async def _take_back(connection: Connection, vote_id: int, user_id: str, movie_id: int) -> bool:
    taken = await connection.execute(
        "DELETE FROM approvals WHERE vote_id = $1 AND movie_id = $2 AND user_id = $3",
        vote_id,
        movie_id,
        user_id,
    )
    return taken > 0


async def _approve(connection: Connection, vote_id: int, user_id: str, movie_id: int) -> bool:
    given = await connection.execute(
        "INSERT INTO approvals (vote_id, movie_id, user_id) VALUES ($1, $2, $3) "
        "ON CONFLICT (vote_id, movie_id, user_id) DO NOTHING",
        vote_id,
        movie_id,
        user_id,
    )
    return given > 0


async def _load(connection: Connection, where: str, *values: object) -> list[Vote]:
    """Return the votes of which an SQL condition holds, by id."""
    rows = await connection.fetch(
        "SELECT votes.vote_id, votes.guild_id, channel_id, starter, opened_at, "
        "closes_at, closed_at, vote_films.movie_id, members.user_id, members.name "
        "FROM votes JOIN vote_films ON vote_films.vote_id = votes.vote_id "
        "LEFT JOIN approvals ON approvals.vote_id = votes.vote_id "
        "AND approvals.movie_id = vote_films.movie_id "
        "LEFT JOIN memberships ON memberships.guild_id = votes.guild_id "
        "AND memberships.user_id = approvals.user_id "
        "LEFT JOIN members ON members.user_id = memberships.user_id "
        f"WHERE {where} ORDER BY votes.vote_id, place, members.name, members.user_id",
        *values,
    )
    votes = []
    for head, own in groupby(rows, key=lambda row: row[:7]):
        vote_id, guild_id, channel_id, starter, *times = head
        opened_at, closes_at, closed_at = times
        vote = Vote(
            vote_id,
            guild_id,
            channel_id,
            starter,
            utc(opened_at),
            None if closes_at is None else utc(closes_at),
            None if closed_at is None else utc(closed_at),
            _movies(own),
        )
        votes.append(vote)
    return votes


def _movies(rows: Iterable[Row]) -> tuple[MovieVotes, ...]:
    voters: dict[int, list[Member]] = {}
    for *_, movie_id, user_id, name in rows:
        movie = voters.setdefault(movie_id, [])
        if user_id is not None:  # still in the guild
            movie.append(Member(user_id, name))
    return tuple(MovieVotes(movie_id, tuple(who)) for movie_id, who in voters.items())
