"""How a vote is shown: as it stands while it is open, and how it ended."""

from collections.abc import Mapping

from bot.app.context import AppContext
from bot.commands.actions import action
from bot.errors import UserError
from bot.replies import Column, ColumnKind, Reply, Table
from bot.services.common.formatting import FILM, RANK, film_cell
from bot.services.common.people import told_apart
from bot.text import counted, listed
from storage import Vote


async def vote_reply(context: AppContext, vote_id: int) -> Reply:
    """Return how a vote stands; one whose time is over is closed."""
    found = await existing_vote(context, vote_id)
    if found.open and found.over:
        found = await context.store.close_vote(vote_id)
    voters = [person for film in found.movies for person in film.voters]
    names = await told_apart(context, found.guild_id, voters)
    return (_running if found.open else _ended)(context, found, names)


async def existing_vote(context: AppContext, vote_id: int) -> Vote:
    """Return a vote; raises UserError where there is none of that number."""
    found = await context.store.get_vote(vote_id)
    if found is None:
        raise UserError(f"There is no such vote. {how_one_begins(context)}")
    return found


def how_one_begins(context: AppContext) -> str:
    """Return what to do for a vote, in a sentence."""
    return f"A new one begins with a shortlist: {context.typed('movienight')}"


def _running(context: AppContext, vote: Vote, names: Mapping[str, str]) -> Reply:
    voters = {person.user_id for film in vote.movies for person in film.voters}
    return Reply(
        title="What shall we watch?",
        text="Approve of as many as you like, and change your mind by pressing again. "
        f"{counted(len(voters), 'voter')} so far.",
        tables=(_table(context, vote, names, ranked=False),),
        buttons=(action("vote", "Close the vote", in_place=True, closing=(vote.vote_id,)),),
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
        action("vote", "Vote", in_place=True, ballot=(vote.vote_id, film.movie_id))
        for film in films
    )
    columns = (RANK, FILM, Column("Votes", ColumnKind.VALUE), Column("Who", ColumnKind.DETAIL))
    return Table(columns, rows, actions=() if ranked else actions)
