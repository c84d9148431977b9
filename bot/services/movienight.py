"""A film for several people: a shortlist that is fair to all of them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.commands.filter_parameters import Filters
from bot.commands.parameters import Flag, Keyword, KeywordNumber, People
from bot.errors import UserError
from bot.replies import Action, Choice, Column, ColumnKind, Reply, Table
from bot.services.common.arguments import GenreArgument, YearsArgument
from bot.services.common.formatting import FILM, GENRES, RANK, film_cell, genres_text
from bot.services.common.member_lookup import find_members, group_of, mention_of
from bot.services.common.next_steps import open_actions
from bot.services.common.people import told_apart
from bot.services.common.thresholds import DISLIKED_STARS, RATINGS_FOR_MOVIENIGHT
from bot.services.vote import DURATIONS, NewVote
from bot.text import listed
from engine import TasteModel
from engine.data.ratings import LOVED
from engine.recommend.groups import GroupPick
from storage import Member

WAYS = ("fair", "average", "misery")
MOST_PEOPLE = 12
SHORTLIST = 5
ROUNDS = 10  # shortlists to leaf through
_CARRIED = 90  # characters of a button's message


@command(
    CommandCategory.GROUP,
    "Films for several of you that nobody has seen, fair to all, and a vote on them.",
    examples=("movienight", "movienight @friend", "movienight @friend comedy since 2000"),
    group=True,
    order=40,
)
async def movienight(
    context: AppContext,
    request: RequestContext,
    genre: GenreArgument = (),
    years: YearsArgument = None,
    way: Annotated[
        str, Keyword(description="How it is weighed; fair if left out", options=WAYS)
    ] = WAYS[0],
    number: Annotated[
        int,
        KeywordNumber(
            description="Which shortlist", word="round", minimum=1, maximum=ROUNDS, hidden=True
        ),
    ] = 1,
    just: Annotated[
        bool, Flag(description="Only those named", words=("just",), hidden=True)
    ] = False,
    members: Annotated[
        Sequence[str], People(description="Who watches; all of the channel if left out")
    ] = (),
) -> Reply:
    """Answer with films that none of the members has rated or put aside, ranked for them all.

    It is the shortlist of that ``number``. ``just``: the asker comes only if named.
    """
    said = {"genre": genre, "years": years, "way": None if way == WAYS[0] else way, "just": just}
    people = await _people(
        context, request, members, **said, number=None if number == 1 else number
    )
    told = await told_apart(context, group_of(request), people, viewer=request.user_id)
    people = [Member(person.user_id, told[person.user_id]) for person in people]
    # Asked for all at once, as the store is busy with others between one answer and the next.
    stars = await asyncio.gather(*(context.stars_of(person) for person in people))
    unwanted = await asyncio.gather(*(context.excluded_movies(person) for person in people))
    ratings = {person.user_id: mine for person, mine in zip(people, stars, strict=True)}
    filters = Filters(genre, years, exclude=frozenset().union(*unwanted))
    picks = await context.in_engine_thread(
        _picks, context.model, [*ratings.values()], SHORTLIST * number, way, filters
    )
    shown = picks[SHORTLIST * (number - 1) :]
    wish = filters.words
    if not shown:
        raise UserError(
            f"I know no {'more ' if number > 1 else ''}{filters.films} that none of you has rated "
            f"or put aside. Wider: {context.typed('movienight')}"
        )
    strangers = [person.name for person in people if not ratings[person.user_id]]
    same = [mention_of(person) for person in people] if members else []
    others = _other_rounds(number, members=tuple(same), **said | {"just": bool(same)})
    hints = []
    if strangers:
        hints.append(f"{listed(strangers)} rated nothing yet, so I guess. A few taps help: ")
        hints[-1] += context.typed("quiz")
    if not others:
        hints.append(f"Other films: the same again with “round:{number + 1}” behind it.")
    return Reply(
        title=f"Movie night: {listed(person.name for person in people)}",
        text=f"{_how(way)}{f' Only {wish}.' if wish else ''}",
        tables=(_shortlist(shown, people, first=SHORTLIST * (number - 1) + 1),),
        choices=(_start_a_vote(shown),),
        buttons=others,
        hint=" ".join(hints),
        for_all=True,
    )


def _picks(
    model: TasteModel,
    ratings: Sequence[Mapping[int, float]],
    n: int,
    way: str,
    filters: Filters,
) -> list[GroupPick]:
    """Return the ``n`` best films for people with these ratings, all in one go off the loop."""
    return model.recommend_together(
        [model.fit(mine) for mine in ratings],
        n,
        aggregation=way,
        genres=filters.genres,
        years=filters.years,
        exclude=filters.exclude,
    )


async def _people(
    context: AppContext, request: RequestContext, members: Sequence[str], **said: Any
) -> list[Member]:
    """Return those named, or all of the channel who have rated enough, and the asker.

    The latter not where it is ``just`` for those named. Raises UserError where that is one alone,
    or too many. ``said`` is what else was said, for the question who is meant.
    """
    if members:
        others = await find_members(context, request, members, "movienight", **said)
    else:
        group = group_of(
            request,
            "A movie night takes several people. In a server, name them: "
            + context.typed("movienight @ann @bob"),
        )
        rated = await context.store.group_ratings(
            group,
            min_ratings=RATINGS_FOR_MOVIENIGHT,
            channel_id=request.channel_id,
            viewer=request.user_id,
        )
        others = list(rated)
    you = () if said["just"] and members else (Member(request.user_id, request.name),)
    people = {person.user_id: person for person in (*you, *others)}
    if len(people) == 1:
        raise UserError(_alone(context, request, others if members else ()))
    if len(people) > MOST_PEOPLE:
        raise UserError(
            f"That would be {len(people)} people, and {MOST_PEOPLE} is the most. Name them, for "
            f"example: {context.typed('movienight @ann @bob')}"
        )
    return list(people.values())


def _alone(context: AppContext, request: RequestContext, named: Sequence[Member]) -> str:
    """Return why a single person is no movie night, and what to say instead."""
    if not named:
        return (
            f"Nobody else in this channel has rated {RATINGS_FOR_MOVIENIGHT} films yet. Name your "
            f"company, for example {context.typed('movienight @friend')}, or let them begin: "
            f"{context.typed('quiz')}"
        )
    one = named[0]
    if one.user_id == request.user_id:
        return (
            "A movie night needs somebody besides you, for example: "
            f"{context.typed('movienight @friend')}. For you alone: {context.typed('recommend')}"
        )
    return (
        f"A movie night needs somebody besides {one.name}, and “just” leaves you out. With you: "
        f"{context.typed(f'movienight @{one.name}')}"
    )


def _how(way: str) -> str:
    return {
        "fair": "Over the whole list everybody gets their share.",
        "average": "By what pleases you most on average.",
        "misery": "By whoever would like a film least.",
    }[way]


def _shortlist(picks: Sequence[GroupPick], people: Sequence[Member], first: int) -> Table:
    rows = tuple(
        (
            str(rank),
            film_cell(pick.movie),
            f"★ {sum(pick.stars) / len(pick.stars):.1f}",
            genres_text(pick.movie),
            " · ".join(
                f"{person.name} {stars:.1f}"
                for person, stars in zip(people, pick.stars, strict=True)
            ),
            _verdict(pick, people),
        )
        for rank, pick in enumerate(picks, start=first)
    )
    columns = (
        RANK,
        FILM,
        Column("On average", ColumnKind.VALUE),
        GENRES,
        Column("Each", ColumnKind.DETAIL),
        Column("", ColumnKind.DETAIL),
    )
    return Table(columns, rows, actions=open_actions([pick.movie for pick in picks]))


def _verdict(pick: GroupPick, people: Sequence[Member]) -> str:
    """Return who would love it, and who would object."""
    expected = list(zip(people, pick.stars, strict=True))
    loves = [person.name for person, stars in expected if stars >= LOVED]
    objects = [person.name for person, stars in expected if stars < DISLIKED_STARS]
    said = []
    if loves:
        everybody = len(loves) == len(people)
        said.append(f"♥ {'all of you' if everybody else listed(loves)}")
    if objects:
        said.append(f"✗ {listed(objects)}")
    return " ".join(said)


def _start_a_vote(picks: Sequence[GroupPick]) -> Choice:
    movie_ids = tuple(pick.movie.movie_id for pick in picks)
    return Choice(
        "Start a vote …",
        tuple(
            action("vote", f"Vote: {words}", start=NewVote(minutes, movie_ids))
            for minutes, words in DURATIONS.items()
        ),
        in_place=True,
    )


def _other_rounds(number: int, **same: Any) -> tuple[Action, ...]:
    """Return ways to leaf through further shortlists for the same people and wish.

    None where so many are named that a button cannot carry them.
    """
    turns = (("← Back", number - 1), ("Others →", number + 1))
    ways = tuple(
        action("movienight", label, in_place=True, **same, number=other)
        for label, other in turns
        if 1 <= other <= ROUNDS
    )
    return ways if max(len(way.message) for way in ways) <= _CARRIED else ()
