"""Which vote is meant, and which film of it, by what a member says."""

import re
from collections.abc import Sequence

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action, message
from bot.errors import AmbiguousError, UserError
from bot.replies import Choice
from bot.services.common.movie_lookup import movie_options, movies, resolve, unknown_movie
from bot.services.common.vote_replies import existing_vote, how_one_begins
from bot.text import listed, shortened
from engine.data.catalogue import Movie
from engine.titles.parse import fold
from storage import Vote


async def vote_of_group(context: AppContext, request: RequestContext, vote_id: int) -> Vote:
    """Return a vote of the asker's group; raises UserError for any other."""
    found = await existing_vote(context, vote_id)
    if found.guild_id != request.guild_id:
        raise UserError(f"That vote is not of this server. {how_one_begins(context)}")
    return found


async def open_votes_here(context: AppContext, request: RequestContext, group: str) -> list[Vote]:
    """Return the open votes of the channel, else of the group; raises UserError for none."""
    votes = [vote for vote in await context.store.open_votes(group) if not vote.over]
    if not votes:
        raise UserError(f"No vote is open here. {how_one_begins(context)}")
    here = [vote for vote in votes if vote.channel_id == (request.channel_id or "")]
    return here or votes


async def film_on_a_list(context: AppContext, votes: Sequence[Vote], film: str) -> Movie:
    """Return the film of some votes that a text names.

    Raises
    ------
    AmbiguousError
        It may be several of them, or one by a guess alone.
    UserError
        It is none of them.
    """
    for text in (film, re.sub(r"^for\s+", "", film, flags=re.IGNORECASE)):  # or is it of the title?
        found = await context.in_engine_thread(resolve, context, text)
        certain = isinstance(found, Movie) or found.certain
        if certain:
            break
    candidates = [found] if isinstance(found, Movie) else movies(context, found)
    catalogue = context.model.catalogue
    films = dict.fromkeys(movie_id for vote in votes for movie_id in movie_ids_of(vote))
    meant = [movie for movie in candidates[: 1 if certain else None] if movie.movie_id in films]
    if len(meant) == 1 and (certain or _has_all_words(meant[0].title, text)):
        return meant[0]
    if meant:
        options = movie_options(meant, "vote", lambda movie: {"film": movie.movie_id})
        raise AmbiguousError(Choice(f"“{shortened(film)}” is …", options, in_place=True))
    name = candidates[0].title if certain else f"“{shortened(film)}”"
    titles = [catalogue.by_id(movie_id).title for movie_id in films]
    raise UserError(
        (f"{name} is not on the list. " if candidates else f"{unknown_movie(film)} ")
        + f"The list: {listed(titles)}. For example: "
        + context.typed(message("vote", film=titles[0]))
    )


def _has_all_words(title: str, text: str) -> bool:
    return set(fold(text).split()) <= set(fold(title).split())


def closable_vote(context: AppContext, request: RequestContext, votes: Sequence[Vote]) -> Vote:
    """Return the one of some votes that the asker may close.

    Raises
    ------
    AmbiguousError
        There are several.
    UserError
        There is none.
    """
    theirs = [vote for vote in votes if _may_close(request, vote)]
    if not theirs:
        raise UserError(
            "Only whoever started the vote can close it before its time, or a moderator of its "
            "channel (“Manage Messages”)."
        )
    if len(theirs) > 1:
        options = tuple(
            action("vote", films_of(context, vote), closing=(vote.vote_id,)) for vote in theirs
        )
        raise AmbiguousError(Choice("The vote to close is on …", options, in_place=True))
    return theirs[0]


def _may_close(request: RequestContext, vote: Vote) -> bool:
    moderates = request.moderates and vote.channel_id == request.channel_id
    return moderates or vote.starter in (None, request.user_id)


def movie_ids_of(vote: Vote) -> list[int]:
    """Return the films of a vote, in the order of its list."""
    return [film.movie_id for film in vote.movies]


def films_of(context: AppContext, vote: Vote) -> str:
    """Return the films of a vote in words, which tell it from others."""
    return listed(context.model.catalogue.by_id(movie_id).title for movie_id in movie_ids_of(vote))
