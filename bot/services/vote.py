"""A vote on films: everybody may approve of several and change their mind until it closes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action, message
from bot.commands.button_parameters import ButtonNumbers
from bot.commands.command import CommandCategory, command
from bot.commands.parameters import Flag, MovieTitle, Parameter
from bot.errors import AmbiguousError, UserError
from bot.replies import Choice, Reply
from bot.services.common.member_lookup import group_of
from bot.services.common.vote_lookup import (
    closable_vote,
    film_on_a_list,
    films_of,
    movie_ids_of,
    open_votes_here,
    vote_of_group,
)
from bot.services.common.vote_replies import how_one_begins, vote_reply
from storage import Ballot, Vote

DURATIONS = {15: "15 minutes", 60: "an hour", 24 * 60: "a day", 7 * 24 * 60: "a week"}
MOST_OPEN = 10  # votes of a group
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
    "The vote on a shortlist: how it stands, your vote for a film of it, its end.",
    examples=("vote", "vote close", "vote Alien"),
    group=True,
    order=50,
)
async def vote(
    context: AppContext,
    request: RequestContext,
    film: Annotated[str, MovieTitle(description="A film of the list, to vote for")] = "",
    close: Annotated[bool, Flag(description="End it now", words=("close",), alone=True)] = False,
    start: Annotated[NewVote | None, VoteStart()] = None,
    closing: Annotated[tuple[int, ...], ButtonNumbers(template="close {}")] = (),
    ballot: Annotated[tuple[int, ...], ButtonNumbers(template="{} id:{}")] = (),
    approved: Annotated[tuple[int, ...], ButtonNumbers(template="for {} id:{}")] = (),
) -> Reply:
    """Answer with the latest vote of the group, vote for a ``film``, or ``close`` the open vote.

    Buttons say which vote they mean: ``start`` begins one, ``closing`` ends it, ``ballot`` approves
    of one of its films or takes that back, ``approved`` approves of it in any case.
    """
    group = group_of(request, "A vote takes several people: start one in a server.")
    if start is not None:
        return await _start(context, request, group, start)
    if closing:
        current = await vote_of_group(context, request, *closing)
        return await _close(context, closable_vote(context, request, [current]))
    if ballot:
        number, movie_id = ballot
        current = await vote_of_group(context, request, number)
        if current.open:
            await context.store.vote(current.vote_id, request.user_id, movie_id)
        return await vote_reply(context, current.vote_id)
    if approved:
        number, movie_id = approved
        current = await vote_of_group(context, request, number)
        return await _approve(context, request, current, movie_id)
    if film and close:
        raise UserError(
            "Either vote for a film or close the vote, for example: "
            + context.typed(message("vote", film="Alien"))
        )
    if film or close:
        votes = await open_votes_here(context, request, group)
        if close:
            return await _close(context, closable_vote(context, request, votes))
        return await _vote_for(context, request, votes, film)
    latest = await context.store.latest_vote(group)
    if latest is None:
        raise UserError(f"There was no vote here yet. {how_one_begins(context)}")
    return await vote_reply(context, latest.vote_id)


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


async def _vote_for(
    context: AppContext, request: RequestContext, votes: Sequence[Vote], film: str
) -> Reply:
    """Approve of the film of one of the lists that a text names."""
    movie = await film_on_a_list(context, votes, film)
    with_it = [vote for vote in votes if movie.movie_id in movie_ids_of(vote)]
    if len(with_it) > 1:
        options = tuple(
            action("vote", films_of(context, vote), approved=(vote.vote_id, movie.movie_id))
            for vote in with_it
        )
        raise AmbiguousError(Choice(f"{movie.title} is on several lists …", options, in_place=True))
    return await _approve(context, request, with_it[0], movie.movie_id)


async def _approve(
    context: AppContext, request: RequestContext, vote: Vote, movie_id: int
) -> Reply:
    """Give a vote that is only taken back by pressing the film's button."""
    if movie_id not in movie_ids_of(vote):
        raise UserError(f"That film is not on the list of this vote: {films_of(context, vote)}.")
    ballot = await context.store.vote(vote.vote_id, request.user_id, movie_id, take_back=False)
    title = context.model.catalogue.by_id(movie_id).title
    said = {
        Ballot.GIVEN: f"Your vote for {title} counts.",
        Ballot.KEPT: f"{title} has your vote already; choosing it in the list takes that back.",
    }
    reply = await vote_reply(context, vote.vote_id)
    return replace(reply, text=f"{said.get(ballot, 'That was too late.')} {reply.text}")


async def _close(context: AppContext, vote: Vote) -> Reply:
    await context.store.close_vote(vote.vote_id)
    return await vote_reply(context, vote.vote_id)
