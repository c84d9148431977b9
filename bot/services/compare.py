"""Two members of a group side by side."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.replies import Column, ColumnKind, Picture, Reply, Table
from bot.services.common.arguments import MemberArgument
from bot.services.common.formatting import (
    FILM,
    film_cell,
    predicted_text,
    stars_text,
)
from bot.services.common.member_lookup import find_member, group_of
from bot.services.common.next_steps import nothing_rated
from bot.services.common.people import told_apart, written_in_picture
from bot.services.common.pictures import optional_picture
from bot.services.common.thresholds import DISAGREEMENT_STARS, RATINGS_FOR_OWN_LIST
from bot.text import counted, listed
from engine import Taste, TasteModel
from engine.data.ratings import LOVED
from engine.plots.charts_stars import CommonRating, draw_agreement
from engine.recommend.agreement import Agreement, agreement
from storage import Member

_WORTH_SHOWING = 4.5  # stars from which on one should show a film to the other
_FILMS = 5
_NAMED = 3  # films in the description of the picture


@dataclass(frozen=True)
class _Person:
    name: str
    taste: Taste
    skipped: Collection[int]


@command(
    CommandCategory.GROUP,
    "How far you and somebody here agree, and on what you do not.",
    examples=("compare @friend",),
    group=True,
    order=20,
)
async def compare(context: AppContext, request: RequestContext, member: MemberArgument) -> Reply:
    """Answer with how far the asker and another member agree, and what to show each other."""
    other = await find_member(context, request, member, "compare")
    if other.user_id == request.user_id:
        return Reply(
            text="With yourself you agree on everything. Name somebody else here, for example: "
            + context.typed("compare @friend")
        )
    group, pair = group_of(request), [Member(request.user_id, request.name), other]
    names = await told_apart(context, group, pair, viewer=request.user_id)
    you = await _person(context, request, names)
    if not you.taste.ratings:
        return nothing_rated(context)
    they = await _person(context, other, names)
    if not they.taste.ratings:
        return Reply(
            text=f"{they.name} has not rated anything yet, so there is nothing to compare. "
            f"A few films are enough: {context.typed('quiz')}"
        )
    found = await context.in_engine_thread(agreement, context.model, you.taste, they.taste)
    shared = await context.in_engine_thread(_shared, context.model, you, they, found)
    written, legend = await written_in_picture(context, group, pair, names)
    picture = await _picture(context, you, they, found, shared, written) if shared else None
    reply = await context.in_engine_thread(
        _compared, context.model, you, they, found, shared, picture
    )
    return replace(reply, text=f"{reply.text} {legend}") if picture and legend else reply


async def _person(
    context: AppContext, who: RequestContext | Member, names: Mapping[str, str]
) -> _Person:
    skipped = await context.store.skipped(who.user_id)
    return _Person(names[who.user_id], await context.taste_of(who), skipped)


def _shared(
    model: TasteModel, you: _Person, they: _Person, found: Agreement
) -> tuple[CommonRating, ...]:
    return tuple(
        CommonRating(
            model.catalogue.by_id(movie), you.taste.ratings[movie], they.taste.ratings[movie]
        )
        for movie in found.shared
    )


async def _picture(
    context: AppContext,
    you: _Person,
    they: _Person,
    found: Agreement,
    shared: Sequence[CommonRating],
    written: Sequence[str],
) -> Picture | None:
    apart = [
        f"{film.movie.title} ({film.yours:g} and {film.theirs:g})"
        for film in sorted(shared, key=lambda film: -film.apart)[:_NAMED]
        if film.apart >= DISAGREEMENT_STARS
    ]
    return await optional_picture(
        context,
        "compare.png",
        f"Chart of {counted(len(shared), 'film')}, the stars of {you.name} across and of "
        f"{they.name} up: {found.close} within one star of each other. "
        + (f"Furthest apart: {listed(apart)}. " if apart else "")
        + f"A bar shows the expected agreement, {found.expected:.0%}, and any two people’s, "
        f"{found.base_rate:.0%}",
        draw_agreement,
        written[0],
        written[1],
        shared,
        found,
    )


def _compared(
    model: TasteModel,
    you: _Person,
    they: _Person,
    found: Agreement,
    shared: Sequence[CommonRating],
    picture: Picture | None,
) -> Reply:
    love = [film for film in shared if min(film.yours, film.theirs) >= LOVED]
    apart = [film for film in shared if film.apart >= DISAGREEMENT_STARS]
    love.sort(key=lambda film: -film.yours - film.theirs)
    apart.sort(key=lambda film: -film.apart)
    tables = (
        _shared_table(love[:_FILMS], they.name, "You both love"),
        _shared_table(apart[:_FILMS], they.name, "You disagree most on"),
        _to_show(model, they, you, f"{they.name} should show you, and what you would give"),
        _to_show(model, you, they, f"You should show {they.name}, and what they would give"),
    )
    fewest = min(len(you.taste.ratings), len(they.taste.ratings))
    return Reply(
        title=f"{you.name} and {they.name} agree on {found.expected:.0%}",
        text=f"{_expected_text(found)} {_shared_text(found)}",
        picture=picture,
        tables=tuple(table for table in tables if table.rows),
        buttons=(action("quiz", "Rate more: quiz"),)
        if len(you.taste.ratings) < RATINGS_FOR_OWN_LIST
        else (),
        hint=f"One of you has only {counted(fewest, 'rating')}: more would make this surer."
        if fewest < 2 * RATINGS_FOR_OWN_LIST
        else "",
    )


def _expected_text(found: Agreement) -> str:
    """Return what the figure means, and what is usual."""
    return (
        f"On {found.expected:.0%} of the films that many know, I expect your stars to be within "
        f"one of each other. For any two people it is {found.base_rate:.0%}."
    )


def _shared_text(found: Agreement) -> str:
    n = len(found.shared)
    if not n:
        return "There is no film that both of you rated yet."
    if n == 1:
        return "You both rated 1 film, and " + ("agree." if found.close else "do not agree on it.")
    return f"You both rated {counted(n, 'film')}, and agree like that on {found.close} of them."


def _shared_table(films: Sequence[CommonRating], name: str, heading: str) -> Table:
    return Table(
        (FILM, Column("You", ColumnKind.DETAIL), Column(name, ColumnKind.DETAIL)),
        tuple(
            (
                film_cell(film.movie),
                f"you {stars_text(film.yours)}",
                f"{name} {stars_text(film.theirs)}",
            )
            for film in films
        ),
        heading,
    )


def _to_show(model: TasteModel, fan: _Person, to: _Person, heading: str) -> Table:
    """Return what one loves and the other does not know, as the other would love it."""
    loved = [
        movie
        for movie, stars in fan.taste.ratings.items()
        if stars >= _WORTH_SHOWING and movie not in to.taste.ratings and movie not in to.skipped
    ]
    expected, std = to.taste.predict(loved)
    order = (-expected).argsort(kind="stable")[:_FILMS].tolist()
    return Table(
        (FILM, Column("Expected", ColumnKind.VALUE)),
        tuple(
            (
                film_cell(model.catalogue.by_id(loved[i])),
                predicted_text(float(expected[i]), float(std[i])),
            )
            for i in order
        ),
        heading,
    )
