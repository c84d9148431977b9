"""Rating films: give, take back, list, put aside, undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.app.context import AppContext, RequestContext
from bot.commands.rating_lines import RatingLine
from bot.errors import UserError
from bot.replies import Action, Choice, Column, ColumnKind, Reply, Severity, Table
from bot.services.common.formatting import (
    FILM,
    RANK,
    STARS,
    counted,
    film_cell,
    listed,
    look_closer,
    star_options,
    stars_text,
)
from bot.services.common.member_lookup import find_member, group_of
from bot.services.common.movie_lookup import (
    ADVICE,
    film_options,
    find,
    movies,
    resolve,
    unknown,
)
from bot.text import shortened
from engine.data.catalogue import Movie
from storage import MovieState, Rating

ENOUGH = 5  # ratings from which on recommendations are about you
SORTS = ("date", "stars", "title")
_EXACT = 100.0  # the score of a title that is just what was typed
_SORTED = {"date": "the latest first", "stars": "the best first", "title": "from A to Z"}
UNDO = Action("Undo", "undo", in_place=True)


@dataclass(frozen=True)
class _Found:
    """The films a title may mean, best first, and how well the first fits (0..100)."""

    movies: list[Movie]
    score: float
    certain: bool


@dataclass(frozen=True)
class _Verdict:
    """What one line came to: a film with stars, or a question, or a sentence on what is wrong."""

    movie: Movie | None = None
    stars: float = 0.0
    choice: Choice | None = None
    problem: str = ""
    advice: str = ""


async def rate(
    context: AppContext, request: RequestContext, ratings: Sequence[RatingLine]
) -> Reply:
    """Keep the ratings that are certain, ask about those that are not.

    What an earlier wording of the same message rated is taken back.
    """
    verdicts = [await context.in_engine_thread(_judge, context, line) for line in ratings]
    rated = {v.movie.movie_id: v for v in verdicts if v.movie is not None}
    before: Mapping[int, float | None] = {}
    if rated:
        stars = {movie_id: verdict.stars for movie_id, verdict in rated.items()}
        before = await context.store.rate(request.user_id, stars, request.source)
    choices = tuple(v.choice for v in verdicts if v.choice is not None)
    problems = [v.problem for v in verdicts if v.problem]
    advice = dict.fromkeys(v.advice for v in verdicts if v.advice)
    tone = Severity.PROBLEM if problems else Severity.QUESTION if choices else Severity.NORMAL
    text = "\n".join([*problems, *advice])
    if not rated:
        title = "Please choose" if choices else "Not rated"
        return Reply(title=title, text=text, choices=_alone(choices, problems), tone=tone)
    n = len(await context.store.ratings(request.user_id))
    return Reply(
        title="Rated",
        text=text,
        tables=(_confirmation(list(rated.values()), before),),
        choices=choices,
        buttons=(UNDO, _next_step(n)),
        hint=f"{counted(n, 'film')} rated."
        + (f" A first list of your own takes {ENOUGH}." if n < ENOUGH else ""),
        tone=tone,
    )


async def unrate(context: AppContext, request: RequestContext, film: str) -> Reply:
    """Take a rating back. Among several films of that name, the one that was rated is meant."""
    mine = await context.stars_of(request)
    movie = await find(context, film, "unrate", among=mine)
    stars = await context.store.unrate(request.user_id, movie.movie_id)
    if stars is None:
        raise UserError(
            f"You have not rated {movie.title}, so there is nothing to take back. "
            f"Your ratings: {context.typed('ratings')}"
        )
    return Reply(
        title="Taken back",
        text=f"{movie.title} had {stars_text(stars)} from you.",
        buttons=(UNDO,),
        hint=f"Changed your mind? {context.typed(f'rate {movie.title} {stars:g}')}",
    )


async def skip(context: AppContext, request: RequestContext, film: str) -> Reply:
    """Never recommend a film to the caller again."""
    movie = await find(context, film, "skip")
    before = await context.store.skip(request.user_id, movie.movie_id)
    if before.stars is not None:
        raise UserError(
            f"You rated {movie.title} {stars_text(before.stars)}, and I never recommend what you "
            f"rated. To take the rating back: {context.typed(f'unrate {movie.title}')}"
        )
    already = "was on your list already: I" if before.skipped else "is off your lists: I will"
    return Reply(
        title="Not interested",
        text=f"{movie.title} {already} never recommend it to you.",
        buttons=() if before.skipped else (UNDO,),
        hint=f"Seen it after all? {context.typed(f'rate {movie.title} 4')}",
    )


async def undo(context: AppContext, request: RequestContext) -> Reply:
    """Put back what the caller's latest rate, unrate or skip changed."""
    undone = await context.store.undo(request.user_id)
    if not undone:
        raise UserError(
            "There is nothing left to undo. What you have rated: " + context.typed("ratings")
        )
    catalogue = context.model.catalogue
    rows = tuple(
        (
            film_cell(catalogue.by_id(one.movie_id)),
            f"{_state_text(one.before)} → {_state_text(one.after)}",
        )
        for one in undone
        if one.movie_id in catalogue
    )
    return Reply(
        title="Undone",
        tables=(Table((FILM, Column("Before and now", ColumnKind.VALUE)), rows),),
        hint=f"One step further back: {context.typed('undo')}",
    )


async def ratings(
    context: AppContext, request: RequestContext, member: str | None = None, sort: str = SORTS[0]
) -> Reply:
    """What the caller, or another member of the group, rated."""
    whose = await find_member(context, request, member, "ratings") if member else None
    rated = await context.store.ratings(whose.user_id if whose else request.user_id)
    if not rated:
        if whose is None or whose.user_id == request.user_id:
            return nothing_rated(context)
        return Reply(text=f"{whose.name} has not rated anything yet.")
    catalogue = context.model.catalogue
    known = [(catalogue.by_id(r.movie_id), r) for r in rated if r.movie_id in catalogue]
    if sort == "stars":
        known.sort(key=lambda pair: -pair[1].stars)
    elif sort == "title":
        known.sort(key=lambda pair: pair[0].title.casefold())
    mean = sum(r.stars for r in rated) / len(rated)
    films = [movie for movie, _ in known]
    others = [context.typed(f"ratings by {other}") for other in SORTS if other != sort]
    return Reply(
        title=f"Ratings of {whose.name}" if whose else "Your ratings",
        text=f"{counted(len(rated), 'film')}, ★ {mean:.1f} on average, {_SORTED[sort]}.",
        tables=(
            Table(
                (RANK, FILM, STARS),
                tuple(
                    (str(rank), film_cell(movie), stars_text(rating.stars))
                    for rank, (movie, rating) in enumerate(known, start=1)
                ),
                actions=look_closer(films),
            ),
        ),
        hint="" if whose else f"In another order: {listed(others)}",
    )


async def seen(context: AppContext, request: RequestContext, film: str) -> Reply:
    """Who in the caller's group rated a film, and how."""
    group = group_of(request)
    movie = await find(context, film, "seen")
    raters = await context.store.raters(group, movie.movie_id, viewer=request.user_id)
    rate_it = Choice("Your stars for it", star_options(f"rate id:{movie.movie_id} {{stars}}"))
    mine = any(member.user_id == request.user_id for member, _ in raters)
    return Reply(
        title=movie.title,
        url=movie.url or "",
        text=_raters_text(raters) if raters else "Nobody here has rated it yet.",
        tables=(
            (
                Table(
                    (Column("Who", ColumnKind.LEAD), STARS),
                    tuple((member.name, stars_text(r.stars)) for member, r in raters),
                ),
            )
            if raters
            else ()
        ),
        choices=() if mine else (rate_it,),
    )


def nothing_rated(context: AppContext) -> Reply:
    """What somebody without ratings is told to do."""
    return Reply(
        title="You have not rated anything yet",
        text="Tell me about a few films you love and a few you cannot stand, half stars from 0.5 "
        "to 5, one or many lines at once:\n"
        + context.typed("rate Alien 5\nToy Story (1995) 4.5\nThe Notebook 2"),
        buttons=(Action("Start the quiz", "quiz", main=True),),
        hint=f"{ENOUGH} ratings make a first list, 20 a good one.",
    )


def _raters_text(raters: Sequence[tuple[object, Rating]]) -> str:
    mean = sum(rating.stars for _, rating in raters) / len(raters)
    people = "1 person" if len(raters) == 1 else f"{len(raters)} people"
    return f"Rated by {people} here: ★ {mean:.1f} on average."


def _state_text(state: MovieState) -> str:
    if state.stars is not None:
        return stars_text(state.stars)
    return "not interested" if state.skipped else "seen" if state.seen else "not rated"


def _alone(choices: tuple[Choice, ...], problems: Sequence[str]) -> tuple[Choice, ...]:
    """A single question is answered in its own place; with others it would take theirs."""
    if len(choices) == 1 and not problems:
        return (replace(choices[0], in_place=True),)
    return choices


def _judge(context: AppContext, line: RatingLine) -> _Verdict:
    """Look up every way in which a line can be read, and take the one whose film is certain."""
    found = [(reading.stars, _look_up(context, reading.title)) for reading in line.readings]
    starred = [(stars, f) for stars, f in found if stars is not None and f.movies]
    certain = sorted((pair for pair in starred if pair[1].certain), key=lambda p: -p[1].score)
    whole = next((f for stars, f in found if stars is None), _Found([], 0.0, certain=False))
    exact = whole.movies[0] if whole.certain and whole.score == _EXACT else None
    said = f"“{shortened(line.text)}”"

    if exact and certain and certain[0][1].movies[0] != exact:
        # "Toy Story 3": three stars for Toy Story, or Toy Story 3 without stars?
        later = Action(f"{exact.title}: choose stars next", f"rate id:{exact.movie_id}")
        return _Verdict(choice=Choice(f"{said} is …", (_option(*certain[0]), later)))
    if exact and not certain:
        return _Verdict(choice=_stars_choice(exact))
    if len(certain) > 1 and certain[0][1].score == certain[1][1].score:
        options = tuple(_option(stars, f) for stars, f in certain)
        return _Verdict(choice=Choice(f"{said} is …", options))
    if certain:
        stars, best = certain[0]
        return _Verdict(best.movies[0], stars)
    if starred:
        stars, near = starred[0]
        options = film_options(near.movies, f"rate id:{{id}} {stars:g}")
        return _Verdict(choice=Choice(f"Which film gets {stars_text(stars)} in {said}?", options))
    if line.problem:
        return _Verdict(problem=f"{said}: {line.problem}")
    if whole.movies and len(found) == 1:
        options = film_options(whole.movies, "rate id:{id}")
        return _Verdict(choice=Choice(f"{said} is …", options))
    return _Verdict(problem=unknown(line.readings[0].title), advice=ADVICE)


def _look_up(context: AppContext, title: str) -> _Found:
    found = resolve(context, title)
    if isinstance(found, Movie):
        return _Found([found], _EXACT, certain=True)
    score = found.matches[0].score if found.matches else 0.0
    return _Found(movies(context, found), score, found.certain)


def _option(stars: float, found: _Found) -> Action:
    movie = found.movies[0]
    return Action(f"{movie.title} {stars_text(stars)}", f"rate id:{movie.movie_id} {stars:g}")


def _stars_choice(movie: Movie) -> Choice:
    options = star_options(f"rate id:{movie.movie_id} {{stars}}")
    return Choice(f"How many stars for {movie.title}?", options)


def _confirmation(verdicts: Sequence[_Verdict], before: Mapping[int, float | None]) -> Table:
    rows = []
    for verdict in verdicts:
        if verdict.movie is None:
            continue
        old = before[verdict.movie.movie_id]
        was = (
            "" if old is None else "as before" if old == verdict.stars else f"was {stars_text(old)}"
        )
        rows.append((film_cell(verdict.movie), stars_text(verdict.stars), was))
    if not any(was for _, _, was in rows):
        return Table((FILM, STARS), tuple((film, stars) for film, stars, _ in rows))
    return Table((FILM, STARS, Column("Before", ColumnKind.VALUE)), tuple(rows))


def _next_step(n: int) -> Action:
    """Where to go with ``n`` ratings."""
    if n < ENOUGH:
        return Action("Rate more: quiz", "quiz", main=True)
    return Action("Recommend", "recommend", main=True)
