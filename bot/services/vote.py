"""A vote on films: everybody may approve of several and change their mind until it closes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.button_parameters import ButtonNumber
from bot.commands.command import CommandCategory, command
from bot.commands.parameters import Parameter
from bot.errors import UserError
from bot.replies import Column, ColumnKind, Reply, Table
from bot.services.common.arguments import UnreadArgument
from bot.services.common.formatting import FILM, RANK, film_cell
from bot.services.common.member_lookup import group_of
from bot.services.common.people import told_apart
from bot.text import counted, listed
from storage import Vote

DURATIONS = {15: "15 minutes", 60: "an hour", 24 * 60: "a day", 7 * 24 * 60: "a week"}
MOST_OPEN = 10  # votes of a group: each has a clock that runs
_START = re.compile(r"start (?P<minutes>[0-9]{1,5}) (?P<movies>[0-9]+(?:,[0-9]+){0,9})")


@dataclass(frozen=True)
class NewVote:
    """A vote to be started: for how many minutes, on which movies (ids)."""

    minutes: int
    movie_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class VoteStart(Parameter):
    """A vote to be started, as a menu says it: "start 60 1214,318"."""

    description: str = "What the buttons say"
    hidden: bool = True

    def parse(self, text: str) -> tuple[NewVote | None, str]:
        found = _START.fullmatch(text.strip())
        if found is None:
            return None, text
        movie_ids = tuple(int(movie) for movie in found["movies"].split(","))
        return NewVote(int(found["minutes"]), movie_ids), ""

    def format(self, value: NewVote) -> str:
        return f"start {value.minutes} {','.join(map(str, value.movie_ids))}"


@command(
    CommandCategory.GROUP,
    "The vote on a shortlist, as it stands.",
    examples=("vote",),
    group=True,
    order=50,
)
async def vote(
    context: AppContext,
    request: RequestContext,
    start: Annotated[NewVote | None, VoteStart()] = None,
    close: Annotated[int | None, ButtonNumber(template="close {}")] = None,
    vote_id: Annotated[int | None, ButtonNumber(template="{}")] = None,
    movie_id: Annotated[int | None, ButtonNumber(template="id:{}")] = None,
    rest: UnreadArgument = "",
) -> Reply:
    """Answer with the latest vote of the group, or do what a button says.

    ``start`` begins one, ``vote_id`` and ``movie_id`` approve of a film or take that back, and
    ``close`` ends the vote of that number.
    """
    group = group_of(request, "A vote takes several people: start one in a server.")
    if start is not None:
        return await _start(context, request, group, start)
    if vote_id is not None and movie_id is not None and close is None and not rest:
        current = await _of_group(context, request, vote_id)
        if current.open:
            await context.store.vote(current.vote_id, request.user_id, movie_id)
        return await vote_reply(context, current.vote_id)
    if close is not None and vote_id is None and movie_id is None and not rest:
        current = await _of_group(context, request, close)
        if current.starter not in (None, request.user_id):
            raise UserError("Only whoever started the vote can close it before its time.")
        await context.store.close_vote(current.vote_id)
        return await vote_reply(context, current.vote_id)
    latest = await context.store.latest_vote(group)
    said = rest or any(number is not None for number in (close, vote_id, movie_id))
    if latest is None or said:
        raise UserError(f"There was no vote here yet. {_new(context)}")
    return await vote_reply(context, latest.vote_id)


async def vote_reply(context: AppContext, vote_id: int) -> Reply:
    """Return how a vote stands; one whose time is over is closed."""
    found = await _existing(context, vote_id)
    if found.open and found.over:
        found = await context.store.close_vote(vote_id)
    voters = [person for film in found.movies for person in film.voters]
    names = await told_apart(context, found.guild_id, voters)
    return (_running if found.open else _ended)(context, found, names)


async def _start(context: AppContext, request: RequestContext, group: str, start: NewVote) -> Reply:
    movie_ids = list(dict.fromkeys(start.movie_ids))
    if unknown := [movie for movie in movie_ids if movie not in context.model.catalogue]:
        raise UserError(f"I know no film with the number {unknown[0]}.")
    if len(await context.store.open_votes(group)) >= MOST_OPEN:
        raise UserError(
            f"There are {MOST_OPEN} votes open here already. Close one first, or wait until one "
            f"ends. The latest: {context.typed('vote')}"
        )
    minutes = min(start.minutes, max(DURATIONS))
    vote_id = await context.store.open_vote(
        guild_id=group,
        channel_id=request.channel_id or "",
        starter=request.user_id,
        movie_ids=movie_ids,
        closes_at=datetime.now(UTC) + timedelta(minutes=minutes),
    )
    return await vote_reply(context, vote_id)


async def _of_group(context: AppContext, request: RequestContext, vote_id: int) -> Vote:
    """Return a vote of the asker's group; raises UserError for any other."""
    found = await _existing(context, vote_id)
    if found.guild_id != request.guild_id:
        raise UserError(f"That vote is not of this server. {_new(context)}")
    return found


async def _existing(context: AppContext, vote_id: int) -> Vote:
    found = await context.store.get_vote(vote_id)
    if found is None:
        raise UserError(f"There is no such vote. {_new(context)}")
    return found


def _new(context: AppContext) -> str:
    return f"A new one begins with a shortlist: {context.typed('movienight')}"


def _running(context: AppContext, vote: Vote, names: Mapping[str, str]) -> Reply:
    voters = {person.user_id for film in vote.movies for person in film.voters}
    return Reply(
        title="What shall we watch?",
        text="Approve of as many as you like, and change your mind by pressing again. "
        f"{counted(len(voters), 'voter')} so far.",
        tables=(_table(context, vote, names, ranked=False),),
        buttons=(action("vote", "Close the vote", in_place=True, close=vote.vote_id),),
        for_all=True,
        vote_id=vote.vote_id,
        closes_at=vote.closes_at,
    )


def _ended(context: AppContext, vote: Vote, names: Mapping[str, str]) -> Reply:
    best = max((len(film.voters) for film in vote.movies), default=0)
    if not best:
        return Reply(title="The vote is over", text="Nobody voted.", vote_id=vote.vote_id)
    # Between films with as many votes the shortlist's own order decides.
    winner = next(film for film in vote.movies if len(film.voters) == best)
    level = sum(len(film.voters) == best for film in vote.movies)
    movie = context.model.catalogue.by_id(winner.movie_id)
    this = movie.movie_id
    return Reply(
        title=f"The vote is over: {movie.title}",
        url=movie.url or "",
        text=f"With {counted(best, 'vote')}"
        + (", first on the shortlist of those with as many." if level > 1 else "."),
        tables=(_table(context, vote, names, ranked=True),),
        buttons=(
            action("watchlist", "Put it on the watchlist", main=True, do="add", what=this),
            action("watchlist", "We watched it", do="watched", what=this),
        ),
        for_all=True,
        vote_id=vote.vote_id,
    )


def _table(context: AppContext, vote: Vote, names: Mapping[str, str], *, ranked: bool) -> Table:
    films = sorted(vote.movies, key=lambda film: -len(film.voters)) if ranked else vote.movies
    catalogue = context.model.catalogue
    rows = tuple(
        (
            str(rank),
            film_cell(catalogue.by_id(film.movie_id)),
            counted(len(film.voters), "vote"),
            listed(names[person.user_id] for person in film.voters) if film.voters else "",
        )
        for rank, film in enumerate(films, start=1)
    )
    actions = tuple(
        action("vote", "Vote", in_place=True, vote_id=vote.vote_id, movie_id=film.movie_id)
        for film in films
    )
    columns = (RANK, FILM, Column("Votes", ColumnKind.VALUE), Column("Who", ColumnKind.DETAIL))
    return Table(columns, rows, actions=() if ranked else actions)
