"""Rating films: what is certain is kept, what is not is asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.commands.parameters import Ratings
from bot.commands.rating_lines import RatingLine
from bot.replies import Action, Choice, Column, ColumnKind, Reply, Severity, Table
from bot.services.common.formatting import FILM, STARS, film_cell, stars_text
from bot.services.common.movie_lookup import (
    ADVICE,
    movie_options,
    movies,
    resolve,
    unknown_movie,
)
from bot.services.common.next_steps import star_actions, undo_action
from bot.services.common.thresholds import RATINGS_FOR_OWN_LIST
from bot.text import counted, shortened
from engine.data.catalogue import Movie

_EXACT = 100.0  # the score of a title that is just what was typed


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


@command(
    CommandCategory.RATE,
    "Rate a film, or many, one per line. Rating again replaces.",
    examples=("rate Alien 5", "rate 4.5 the matrix", "rate Amelie (2001) 4"),
    aliases=("r",),
    order=10,
)
async def rate(
    context: AppContext,
    request: RequestContext,
    ratings: Annotated[Sequence[RatingLine], Ratings()],
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
        return Reply(title=title, text=text, choices=_alone(choices, problems), severity=tone)
    n = len(await context.store.ratings(request.user_id))
    return Reply(
        title="Rated",
        text=text,
        tables=(_confirmation(list(rated.values()), before),),
        choices=choices,
        buttons=(undo_action(), _next_step(n)),
        hint=f"{counted(n, 'film')} rated."
        + (
            f" A first list of your own takes {RATINGS_FOR_OWN_LIST}."
            if n < RATINGS_FOR_OWN_LIST
            else ""
        ),
        severity=tone,
    )


def _alone(choices: tuple[Choice, ...], problems: Sequence[str]) -> tuple[Choice, ...]:
    """Return the choices, a single one in place of its question; of several each stays."""
    if len(choices) == 1 and not problems:
        return (replace(choices[0], in_place=True),)
    return choices


def _judge(context: AppContext, line: RatingLine) -> _Verdict:
    """Look up every way in which a line can be read, and take the one whose film is certain."""
    found = [(reading.stars, _look_up(context, reading.title)) for reading in line.interpretations]
    starred = [(stars, f) for stars, f in found if stars is not None and f.movies]
    certain = sorted((pair for pair in starred if pair[1].certain), key=lambda p: -p[1].score)
    whole = next((f for stars, f in found if stars is None), _Found([], 0.0, certain=False))
    exact = whole.movies[0] if whole.certain and whole.score == _EXACT else None
    said = f"“{shortened(line.text)}”"

    if exact and certain and certain[0][1].movies[0] != exact:
        # "Toy Story 3": three stars for Toy Story, or Toy Story 3 without stars?
        label = f"{exact.title}: choose stars next"
        later = action("rate", label, ratings=[RatingLine.of_movie(exact.movie_id)])
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
        options = _rate_options(near.movies, stars)
        return _Verdict(choice=Choice(f"Which film gets {stars_text(stars)} in {said}?", options))
    if line.problem:
        return _Verdict(problem=f"{said}: {line.problem}")
    if whole.movies and len(found) == 1:
        options = _rate_options(whole.movies)
        return _Verdict(choice=Choice(f"{said} is …", options))
    return _Verdict(problem=unknown_movie(line.interpretations[0].title), advice=ADVICE)


def _look_up(context: AppContext, title: str) -> _Found:
    found = resolve(context, title)
    if isinstance(found, Movie):
        return _Found([found], _EXACT, certain=True)
    score = found.matches[0].score if found.matches else 0.0
    return _Found(movies(context, found), score, found.certain)


def _option(stars: float, found: _Found) -> Action:
    movie = found.movies[0]
    label = f"{movie.title} {stars_text(stars)}"
    return action("rate", label, ratings=[RatingLine.of_movie(movie.movie_id, stars)])


def _rate_options(candidates: Sequence[Movie], stars: float | None = None) -> tuple[Action, ...]:
    """Return one way to rate each film with these stars, or to be asked for them."""
    return movie_options(
        candidates,
        "rate",
        lambda movie: {"ratings": [RatingLine.of_movie(movie.movie_id, stars)]},
    )


def _stars_choice(movie: Movie) -> Choice:
    return Choice(f"How many stars for {movie.title}?", star_actions(movie.movie_id))


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
    """Return where to go on with ``n`` ratings."""
    if n < RATINGS_FOR_OWN_LIST:
        return action("quiz", "Rate more: quiz", main=True)
    return action("recommend", "Recommend", main=True)
