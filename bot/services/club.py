"""A group as a whole: what it loves, what divides it, who is close to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.errors import UserError
from bot.replies import Column, ColumnKind, Picture, Reply, Table
from bot.services.common.formatting import FILM, STARS, film_cell
from bot.services.common.member_lookup import group_of
from bot.services.common.next_steps import open_actions
from bot.services.common.people import told_apart, written_in_picture
from bot.services.common.pictures import optional_picture
from bot.services.common.thresholds import DISAGREEMENT_STARS, RATINGS_FOR_CLUB
from bot.text import counted, listed
from engine import TasteModel
from engine.data.catalogue import Movie
from engine.plots.charts_group import draw_agreement_matrix
from engine.recommend.agreement import Floats, agreements
from storage import Member

MOST_PEOPLE = 12  # compared with each other: those with most ratings
_FILMS = 3
_SHRINKAGE = 2.0  # imaginary ratings at the group's mean that a film's mean is drawn to


@dataclass(frozen=True)
class _Shared:
    """A film that several members rated."""

    movie: Movie
    stars: tuple[float, ...]
    by: tuple[str, ...]

    @property
    def spread(self) -> float:
        return float(np.std(self.stars))


@command(
    CommandCategory.GROUP,
    "All of you together: favourites, what divides you, who is close to whom.",
    examples=("club",),
    group=True,
    order=70,
)
async def club(context: AppContext, request: RequestContext) -> Reply:
    """Answer with the group's best, worst and most divisive films, and who is close to whom."""
    group = group_of(request, "A club takes several people: use it in a server.")
    rated = await context.store.group_ratings(
        group, min_ratings=RATINGS_FOR_CLUB, viewer=request.user_id
    )
    if len(rated) < 2:
        raise UserError(
            f"A club takes two people with {RATINGS_FOR_CLUB} ratings each, and here "
            f"{'is one' if rated else 'is none'}. Everybody can begin: {context.typed('quiz')}"
        )
    told = await told_apart(context, group, rated, viewer=request.user_id)
    rated = {Member(p.user_id, told[p.user_id]): ratings for p, ratings in rated.items()}
    people = sorted(rated, key=lambda person: -len(rated[person]))[:MOST_PEOPLE]
    names = [person.name for person in people]
    written, legend = await written_in_picture(context, group, people, told)
    closeness = await context.in_engine_thread(
        _closeness, context.model, [rated[p] for p in people]
    )
    closest = _closest(names, closeness)
    picture = await optional_picture(
        context,
        "club.png",
        f"Heat map of how far {listed(names)} agree, in per cent of well-known films, with people "
        f"of like taste side by side. {closest}",
        draw_agreement_matrix,
        written,
        closeness,
    )
    said = f"{closest} {_hardest(context.model, rated)}{f' {legend}' if picture and legend else ''}"
    return await context.in_engine_thread(_club, context.model, rated, said, picture)


def _closeness(model: TasteModel, ratings: Sequence[Mapping[int, float]]) -> Floats:
    return agreements(model, [model.fit(mine) for mine in ratings])


def _club(
    model: TasteModel,
    rated: Mapping[Member, Mapping[int, float]],
    said: str,
    picture: Picture | None,
) -> Reply:
    shared = _shared(model, rated)
    tables = []
    if shared:
        mean = float(np.mean([stars for film in shared for stars in film.stars]))
        loved = sorted(shared, key=lambda film: -_drawn(film, mean))
        tables += [
            _films_table(loved[:_FILMS], "The club’s favourites"),
            _films_table([f for f in loved[::-1] if f not in loved[:_FILMS]][:_FILMS], "The least"),
        ]
        divisive = max(shared, key=lambda film: film.spread)
        if max(divisive.stars) - min(divisive.stars) >= DISAGREEMENT_STARS:
            tables.append(_films_table([divisive], "What divides you most", each=True))
    return Reply(
        title="The club",
        text=f"{counted(len(rated), 'person', 'people')} with {RATINGS_FOR_CLUB} or more ratings, "
        f"{counted(len(shared), 'film')} that two or more rated. {said}",
        picture=picture,
        tables=tuple(table for table in tables if table.rows),
        buttons=(action("movienight", "Movie night", main=True),),
        hint="" if shared else "Once two of you have rated the same film, I can say more.",
        for_all=True,
    )


def _shared(model: TasteModel, rated: Mapping[Member, Mapping[int, float]]) -> list[_Shared]:
    """Return the films that two or more rated."""
    by_film: dict[int, list[tuple[float, str]]] = {}
    for person, ratings in rated.items():
        for movie_id, stars in ratings.items():
            by_film.setdefault(movie_id, []).append((stars, person.name))
    return [
        _Shared(model.catalogue.by_id(movie_id), *zip(*sorted(given, reverse=True), strict=True))
        for movie_id, given in by_film.items()
        if len(given) > 1 and movie_id in model.catalogue
    ]


def _drawn(film: _Shared, mean: float) -> float:
    """Return the film's mean, drawn to the group's while few have rated it."""
    return (sum(film.stars) + _SHRINKAGE * mean) / (len(film.stars) + _SHRINKAGE)


def _films_table(films: Sequence[_Shared], heading: str, *, each: bool = False) -> Table:
    return Table(
        (FILM, STARS, Column("Who", ColumnKind.DETAIL)),
        tuple(
            (
                film_cell(film.movie),
                f"★ {np.mean(film.stars):.1f} from {len(film.stars)}",
                ", ".join(
                    f"{name} {stars:g}" for name, stars in zip(film.by, film.stars, strict=True)
                )
                if each
                else "",
            )
            for film in films
        ),
        heading,
        actions=open_actions([film.movie for film in films]),
    )


def _closest(names: Sequence[str], closeness: Floats) -> str:
    pairs = list(combinations(range(len(names)), 2))
    a, b = max(pairs, key=lambda pair: closeness[pair])
    said = f"Closest to each other: {names[a]} and {names[b]}, {closeness[a, b]:.0%}."
    if len(pairs) == 1:
        return said
    c, d = min(pairs, key=lambda pair: closeness[pair])
    return f"{said} Furthest apart: {names[c]} and {names[d]}, {closeness[c, d]:.0%}."


def _hardest(model: TasteModel, rated: Mapping[Member, Mapping[int, float]]) -> str:
    """Return the member who gives fewest stars, beside what everybody gives the same films."""
    each = [
        (generosity, person.name)
        for person, ratings in rated.items()
        if (generosity := _generosity(model, ratings)) is not None
    ]
    generosity, name = min(each, default=(0.0, ""))
    stars = round(generosity, 1)
    if stars >= 0:
        return "Nobody of you is hard to please: all give what everybody gives, or more."
    return f"Hardest to please: {name}, {-stars:.1f} stars below what everybody gives."


def _generosity(model: TasteModel, ratings: Mapping[int, float]) -> float | None:
    """Return how far stars lie above everybody's for the same films; None where none is known."""
    known = [movie_id for movie_id in ratings if movie_id in model.catalogue]
    level = [model.item_baseline[model.catalogue.row(movie_id)] for movie_id in known]
    given = [ratings[movie_id] for movie_id in known]
    return float(np.mean(np.subtract(given, level))) if known else None
