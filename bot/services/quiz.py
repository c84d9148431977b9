"""The quiz: ten films that teach most about somebody, rated by a tap."""

import re

from bot.app.context import Caller, Services
from bot.errors import UserError
from bot.replies import Option, Reply
from bot.services.common.formatting import counted, genres_text, stars_text
from engine.data.catalogue import Movie
from storage import Quiz

LENGTH = 10
_ANSWER = re.compile(r"id:(?P<movie>[0-9]{1,9})\s+(?:(?P<stars>[1-5])|(?P<unseen>unseen))")
_STOP = "stop"


async def quiz(services: Services, caller: Caller, answer: str = "") -> Reply:
    """Begin, go on where it was left, or take an answer: "id:1214 5", "id:1214 unseen", "stop"."""
    store, user = services.store, caller.user_id
    current = await store.quiz(user)
    if answer == _STOP:
        await store.end_quiz(user)
        return await _end(services, caller, current.asked if current else 0)
    given = _ANSWER.fullmatch(answer)
    if answer and given is None:
        raise UserError(
            f"The quiz is answered by its buttons. To begin it or go on: {services.typed('quiz')}"
        )
    # A button of an earlier question, or of one answered twice, changes nothing.
    if given and current and int(given["movie"]) == current.movie_id:
        return await _answered(services, caller, current, given)
    if current is None:
        return await _ask(services, caller, 0)
    if current.movie_id in await services.stars_of(caller):  # typed, with a half star perhaps
        return await _ask(services, caller, current.asked + 1)
    return _question(services, current, note="Where we left off." if not answer else "")


async def _answered(
    services: Services, caller: Caller, current: Quiz, given: re.Match[str]
) -> Reply:
    movie = services.model.catalogue.movie(current.movie_id)
    if given["unseen"]:
        await services.store.mark_unseen(caller.user_id, movie.movie_id)
        return await _ask(services, caller, current.asked, f"{movie.title}: not seen.")
    stars = float(given["stars"])
    await services.store.rate(caller.user_id, {movie.movie_id: stars})
    return await _ask(
        services, caller, current.asked + 1, f"{movie.title} gets {stars_text(stars)} from you."
    )


async def _ask(services: Services, caller: Caller, asked: int, note: str = "") -> Reply:
    """Put the next question, or end where there were enough, or none is left."""
    questions = []
    if asked < LENGTH:
        taste = await services.taste_of(caller)
        passed = await services.store.unseen(caller.user_id)
        passed |= await services.store.skipped(caller.user_id)
        questions = await services.compute(services.model.next_questions, taste, 1, passed)
    if not questions:
        await services.store.end_quiz(caller.user_id)
        return await _end(services, caller, asked)
    following = Quiz(asked, questions[0].movie.movie_id)
    await services.store.save_quiz(caller.user_id, following)
    return _question(services, following, note)


def _question(services: Services, quiz: Quiz, note: str) -> Reply:
    movie = services.model.catalogue.movie(quiz.movie_id)
    return Reply(
        title=f"{quiz.asked + 1}. {movie.title}",
        url=movie.url or "",
        text="\n".join(
            line
            for line in (
                _progress(quiz.asked),
                note,
                f"{genres_text(movie)}. How many stars?",
            )
            if line
        ),
        buttons=_buttons(movie),
        hint=f"Half stars: {services.typed(f'rate {movie.title} 3.5')}",
    )


def _buttons(movie: Movie) -> tuple[Option, ...]:
    this = f"quiz id:{movie.movie_id}"
    stars = [Option(f"{n}★", f"{this} {n}", in_place=True, key=str(n)) for n in range(1, 6)]
    return (
        *stars,
        Option("Not seen", f"{this} unseen", in_place=True),
        Option("Stop", f"quiz {_STOP}", in_place=True),
    )


def _progress(asked: int) -> str:
    return "●" * asked + "○" * (LENGTH - asked) + f"  {asked} of {LENGTH}"


async def _end(services: Services, caller: Caller, asked: int) -> Reply:
    n = len(await services.store.ratings(caller.user_id))
    return Reply(
        title="That was the quiz" if asked else "No quiz is running",
        text=f"{counted(asked, 'film')} rated in it, {counted(n, 'film')} in all.",
        buttons=(
            Option("Recommend", "recommend", main=True),
            Option("My taste", "taste"),
            Option("Another round", "quiz", in_place=True),
        ),
    )
