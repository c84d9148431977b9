"""Films for somebody, films like a film, and one film looked at closely."""

from collections.abc import Sequence

from bot.app.context import AppContext, RequestContext
from bot.replies import Action, Choice, Column, ColumnKind, Reply, Table
from bot.services.common.formatting import (
    FILM,
    GENRES,
    RANK,
    counted,
    film_cell,
    genres_text,
    listed,
    look_closer,
    predicted_text,
    star_options,
    stars_text,
    wish_text,
)
from bot.services.common.movie_lookup import find
from bot.services.ratings import ENOUGH
from engine import Neighbour, Reason, Recommendation, Taste
from engine.data.catalogue import Movie

A_FEW, MOST = 10, 50
_COMPLETIONS = 25
_MAIN_REASONS = 3
_REASONS = 15


async def recommend(
    context: AppContext,
    request: RequestContext,
    count: int | None = None,
    genre: Sequence[str] = (),
    years: tuple[int | None, int | None] | None = None,
    gems: bool = False,
) -> Reply:
    """The films the caller should see next, with predicted stars; never one rated or skipped.

    ``count`` of them, or a few at a time to look through.
    """
    taste = await context.taste_of(request)
    apart = await context.excluded_movies(request)
    films = await context.in_engine_thread(
        lambda: taste.recommend(
            count or MOST, genres=genre, years=years, hidden_gems=gems, exclude=apart
        )
    )
    wish = wish_text(genre, years, *(["hidden gems"] if gems else []))
    if not films:
        return Reply(
            title="Nothing left",
            text=f"I know no {wish or 'films'} that you have not rated or put aside.",
            hint=f"Wider: {context.typed('recommend')}",
        )
    n = len(taste.ratings)
    if n == 0:
        title = f"The {wish} most people love" if wish else "What most people love"
        text = "You have not rated anything yet, so these are everybody’s favourites."
    else:
        title = f"For {request.name}" + (f": {wish}" if wish else "")
        text = f"From your {counted(n, 'rating')}, with the stars I expect you to give."
    return Reply(
        title=title,
        text=text,
        tables=(_films_table(films),),
        buttons=() if n else (Action("Make it yours: quiz", "quiz", main=True),),
        rows_at_once=None if count else A_FEW,
        hint=f"{counted(ENOUGH - n, 'more rating')} will sharpen this." if 0 < n < ENOUGH else "",
    )


async def predict(context: AppContext, request: RequestContext, film: str) -> Reply:
    """A film's card: the stars the caller would give and why, with ways to go on from it."""
    movie = await find(context, film, "predict")
    taste, yours = await _apart_from(context, request, movie)
    (stars,), (std,) = await context.in_engine_thread(taste.predict, [movie.movie_id])
    reasons = await context.in_engine_thread(taste.reasons, movie.movie_id, _MAIN_REASONS)
    guess = predicted_text(float(stars), float(std))
    if yours is not None:
        said = f"You gave it {stars_text(yours)}. From your other ratings I would have said {guess}"
    elif taste.ratings:
        said = f"You would give it {guess}"
    else:
        said = f"Most people would give it {guess}"
    about = [genres_text(movie)]
    if movie.mean is not None:
        about.append(f"★ {movie.mean:.1f} from {counted(movie.count, 'rating')}")
    this = f"id:{movie.movie_id}"
    not_interested = Action("Not interested", f"skip {this}", in_place=True)
    return Reply(
        title=movie.title,
        url=movie.url or "",
        text=f"{' · '.join(about)}\n{said}.",
        tables=(_reasons_table(reasons, "Because you rated"),) if reasons else (),
        choices=(
            Choice(
                "Rate it" if yours is None else "Rate it anew",
                star_options(f"rate {this} {{stars}}"),
                in_place=True,
            ),
        ),
        buttons=(
            *((not_interested,) if yours is None else ()),
            Action("More like this", f"similar {this}"),
            Action("Why", f"why {this}"),
        ),
    )


async def why(context: AppContext, request: RequestContext, film: str) -> Reply:
    """What each of the caller's ratings does to a film's place in their list."""
    movie = await find(context, film, "why")
    taste, _ = await _apart_from(context, request, movie)
    reasons = await context.in_engine_thread(taste.reasons, movie.movie_id)
    if not reasons:
        return Reply(
            title=f"Why {movie.title}",
            url=movie.url or "",
            text=_why_nothing(taste),
            buttons=(Action("Start the quiz", "quiz", main=True),) if not taste.ratings else (),
        )
    up = sum(reason.contribution > 0 for reason in reasons)
    rest = len(reasons) - _REASONS
    return Reply(
        title=f"Why {movie.title}",
        url=movie.url or "",
        text=f"{counted(up, 'rating')} of yours speak for it, {len(reasons) - up} against. "
        "The share is how much of all their weight each one has.",
        tables=(_reasons_table(reasons, "", most=_REASONS),),
        hint=f"and {rest} more with less weight." if rest > 0 else "",
    )


async def similar(context: AppContext, request: RequestContext, film: str) -> Reply:
    """The films most like one."""
    movie = await find(context, film, "similar")
    most = await context.in_engine_thread(context.model.similar, movie.movie_id, 10)
    by_content = all(neighbour.by_content for neighbour in most)
    return Reply(
        title=f"Like {movie.title}",
        url=movie.url or "",
        text=genres_text(movie)
        + (". Too few people rated it: by genre, year and series alone." if by_content else ""),
        tables=(_neighbours_table(most),),
        buttons=(Action("The opposite", f"opposite id:{movie.movie_id}", in_place=True),),
        hint=f"See it among its like: {context.typed(f'map {movie.title}')}",
    )


async def opposite(context: AppContext, request: RequestContext, film: str) -> Reply:
    """The well-known films least like one."""
    movie = await find(context, film, "opposite")
    least = await context.in_engine_thread(context.model.dissimilar, movie.movie_id, 10)
    return Reply(
        title=f"The opposite of {movie.title}",
        url=movie.url or "",
        text=f"{genres_text(movie)}. Of the films that many know, these are the least like it.",
        tables=(_neighbours_table(least),),
        buttons=(Action("Films like it", f"similar id:{movie.movie_id}", in_place=True),),
    )


async def complete(context: AppContext, typed: str) -> list[Movie]:
    """Films whose titles a half-typed one may become, best first; at most 25."""
    if not typed.strip():
        rows = context.model.well_known[:_COMPLETIONS].tolist()
    else:
        matches = await context.in_engine_thread(context.model.titles.search, typed, _COMPLETIONS)
        rows = [match.row for match in matches]
    return [context.model.catalogue.by_row(row) for row in rows]


async def _apart_from(
    context: AppContext, request: RequestContext, movie: Movie
) -> tuple[Taste, float | None]:
    """The caller's taste without a film, and their stars for it, which must not foretell itself."""
    ratings = await context.stars_of(request)
    yours = ratings.pop(movie.movie_id, None)
    return await context.in_engine_thread(context.model.fit, ratings), yours


def _films_table(films: list[Recommendation]) -> Table:
    columns = (RANK, FILM, Column("You would give", ColumnKind.VALUE), GENRES)
    rows = [
        (
            str(rank),
            film_cell(film.movie),
            predicted_text(film.stars, film.std),
            genres_text(film.movie),
        )
        for rank, film in enumerate(films, start=1)
    ]
    actions = look_closer([film.movie for film in films])
    whys = [_because(film) for film in films]
    if not any(whys):
        return Table(columns, tuple(rows), actions=actions)
    reasoned = tuple((*row, why) for row, why in zip(rows, whys, strict=True))
    return Table((*columns, Column("Why", ColumnKind.DETAIL)), reasoned, actions=actions)


def _because(film: Recommendation) -> str:
    liked = [reason.movie.name for reason in film.reasons if reason.contribution > 0][:2]
    return f"because of {listed(liked)}" if liked else ""


def _reasons_table(reasons: Sequence[Reason], heading: str, most: int | None = None) -> Table:
    """Ratings with what they did to a film: ``▲ 34 %`` up, ``▼ 5 %`` down, of all their weight."""
    weight = sum(abs(reason.contribution) for reason in reasons) or 1.0
    return Table(
        (FILM, Column("Yours", ColumnKind.VALUE), Column("Share", ColumnKind.VALUE)),
        tuple(
            (
                film_cell(reason.movie),
                stars_text(reason.stars),
                f"{'▲' if reason.contribution > 0 else '▼'} "
                f"{abs(reason.contribution) / weight:.0%}",
            )
            for reason in reasons[:most]
        ),
        heading,
    )


def _why_nothing(taste: Taste) -> str:
    if taste.ratings:
        return (
            "Too few people have rated this film for me to know who likes it. I go by its genres, "
            "its age and what everybody gives."
        )
    return "You have not rated anything yet, so I only know what everybody thinks of it."


def _neighbours_table(neighbours: list[Neighbour]) -> Table:
    columns = (RANK, FILM, Column("Alike", ColumnKind.VALUE), GENRES)
    rows = tuple(
        (
            str(rank),
            film_cell(neighbour.movie),
            f"{neighbour.similarity:.0%}",
            genres_text(neighbour.movie),
        )
        for rank, neighbour in enumerate(neighbours, start=1)
    )
    return Table(columns, rows, actions=look_closer([n.movie for n in neighbours]))
