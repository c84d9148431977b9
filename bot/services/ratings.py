"""Rating films: give, take back, list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.errors import UserError
from bot.parsing import RatingLine
from bot.replies import Choice, Column, Option, Reply, Role, Table, Tone
from bot.services.base import Caller, Services
from bot.services.finding import (
    ADVICE,
    film_options,
    find,
    movies,
    resolve,
    unknown,
)
from bot.services.wording import FILM, clipped, counted, film_cell, stars_text
from engine.catalogue import Movie

PER_PAGE = 20
ENOUGH = 5  # ratings from which on recommendations are about you
# Where the options are numbered, number 4 is four stars.
_ALL_STARS = (1.0, 2.0, 3.0, 4.0, 5.0, 0.5, 1.5, 2.5, 3.5, 4.5)
_EXACT = 100.0  # the score of a title that is just what was typed
_STARS = Column("Stars", Role.VALUE)


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


async def rate(services: Services, caller: Caller, lines: Sequence[RatingLine]) -> Reply:
    """Keep the ratings that are certain, ask about those that are not."""
    verdicts = [await services.compute(_judge, services, line) for line in lines]
    rated = {v.movie.movie_id: v for v in verdicts if v.movie is not None}
    before: Mapping[int, float | None] = {}
    if rated:
        stars = {movie_id: verdict.stars for movie_id, verdict in rated.items()}
        before = await services.store.rate(caller.user_id, stars)
    choices = tuple(v.choice for v in verdicts if v.choice is not None)
    problems = [v.problem for v in verdicts if v.problem]
    advice = dict.fromkeys(v.advice for v in verdicts if v.advice)
    if rated:
        title = "Rated"
        hint = await _next_step(services, caller)
    else:
        title = "Please choose" if choices else "Not rated"
        hint = ""
    return Reply(
        title=title,
        text="\n".join([*problems, *advice]),
        tables=(_confirmation(list(rated.values()), before),) if rated else (),
        choices=choices,
        hint=hint,
        tone=Tone.PROBLEM if problems else Tone.QUESTION if choices else Tone.NORMAL,
    )


async def unrate(services: Services, caller: Caller, title: str) -> Reply:
    """Take a rating back. Among several films of that name, the one that was rated is meant."""
    mine = await services.stars_of(caller)
    movie = await find(services, title, "unrate", among=mine)
    stars = await services.store.unrate(caller.user_id, movie.movie_id)
    if stars is None:
        raise UserError(
            f"You have not rated {movie.title}, so there is nothing to take back. "
            f"Your ratings: {services.typed('ratings')}"
        )
    return Reply(
        title="Taken back",
        text=f"{movie.title} had {stars_text(stars)} from you.",
        hint=f"Changed your mind? {services.typed(f'rate {movie.title} {stars:g}')}",
    )


async def ratings(services: Services, caller: Caller, page: int = 1) -> Reply:
    """The caller's ratings, latest first, a page at a time."""
    mine = await services.store.ratings(caller.user_id)
    if not mine:
        return nothing_rated(services)
    pages = -(-len(mine) // PER_PAGE)
    if page > pages:
        raise UserError(
            f"There is no page {page}: your ratings fill {counted(pages, 'page')}. "
            f"For example: {services.typed(f'ratings {pages}')}"
        )
    rows = tuple(
        (film_cell(services.model.catalogue.movie(r.movie_id)), stars_text(r.stars))
        for r in mine[(page - 1) * PER_PAGE : page * PER_PAGE]
        if r.movie_id in services.model.catalogue
    )
    turns = (("Newer", page - 1), ("Older", page + 1))
    turn = [Option(f"{way}: page {p}", f"ratings {p}") for way, p in turns if 1 <= p <= pages]
    return Reply(
        title="Your ratings",
        text=f"{counted(len(mine), 'film')}, the latest first"
        + (f": page {page} of {pages}." if pages > 1 else "."),
        tables=(Table((FILM, _STARS), rows),),
        choices=(Choice("More pages", tuple(turn)),) if turn else (),
    )


def nothing_rated(services: Services) -> Reply:
    """What somebody without ratings is told to do."""
    return Reply(
        title="You have not rated anything yet",
        text="Tell me about a few films you love and a few you cannot stand, half stars from 0.5 "
        "to 5, one or many lines at once:\n"
        + services.typed("rate Alien 5\nToy Story (1995) 4.5\nThe Notebook 2"),
        hint=f"{ENOUGH} ratings make a first list, 20 a good one.",
    )


def _judge(services: Services, line: RatingLine) -> _Verdict:
    """Look up every way in which a line can be read, and take the one whose film is certain."""
    found = [(reading.stars, _look_up(services, reading.title)) for reading in line.readings]
    starred = [(stars, f) for stars, f in found if stars is not None and f.movies]
    certain = sorted((pair for pair in starred if pair[1].certain), key=lambda p: -p[1].score)
    whole = next((f for stars, f in found if stars is None), _Found([], 0.0, certain=False))
    exact = whole.movies[0] if whole.certain and whole.score == _EXACT else None
    said = f"“{clipped(line.text)}”"

    if exact and certain and certain[0][1].movies[0] != exact:
        # "Toy Story 3": three stars for Toy Story, or Toy Story 3 without stars?
        later = Option(f"{exact.title}: choose stars next", f"rate id:{exact.movie_id}")
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


def _look_up(services: Services, title: str) -> _Found:
    found = resolve(services, title)
    if isinstance(found, Movie):
        return _Found([found], _EXACT, certain=True)
    score = found.matches[0].score if found.matches else 0.0
    return _Found(movies(services, found), score, found.certain)


def _option(stars: float, found: _Found) -> Option:
    movie = found.movies[0]
    return Option(f"{movie.title} {stars_text(stars)}", f"rate id:{movie.movie_id} {stars:g}")


def _stars_choice(movie: Movie) -> Choice:
    options = tuple(
        Option(stars_text(stars), f"rate id:{movie.movie_id} {stars:g}") for stars in _ALL_STARS
    )
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
        return Table((FILM, _STARS), tuple((film, stars) for film, stars, _ in rows))
    return Table((FILM, _STARS, Column("Before", Role.VALUE)), tuple(rows))


async def _next_step(services: Services, caller: Caller) -> str:
    n = len(await services.store.ratings(caller.user_id))
    if n < ENOUGH:
        return f"{counted(n, 'film')} rated. A first list of your own takes {ENOUGH}."
    return f"{counted(n, 'film')} rated. What next: {services.typed('recommend')}"
