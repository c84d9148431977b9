"""The quiz: ten films that teach most about somebody, rated by a tap."""

import re

from bot.app.context import AppContext, RequestContext
from bot.errors import UserError
from bot.replies import Action, Reply
from bot.services.common.formatting import counted, genres_text, stars_text
from engine.data.catalogue import Movie
from storage import Quiz

LENGTH = 10
_ANSWER = re.compile(r"id:(?P<movie>[0-9]{1,9})\s+(?:(?P<stars>[1-5])|(?P<unseen>unseen))")
_STOP = "stop"


async def quiz(context: AppContext, request: RequestContext, answer: str = "") -> Reply:
    """Begin, go on where it was left, or take an answer: "id:1214 5", "id:1214 unseen", "stop"."""
    store, user = context.store, request.user_id
    current = await store.quiz(user)
    if answer == _STOP:
        await store.end_quiz(user)
        return await _end(context, request, current.asked if current else 0)
    given = _ANSWER.fullmatch(answer)
    if answer and given is None:
        raise UserError(
            f"The quiz is answered by its buttons. To begin it or go on: {context.typed('quiz')}"
        )
    # A button of an earlier question, or of one answered twice, changes nothing.
    if given and current and int(given["movie"]) == current.movie_id:
        return await _answered(context, request, current, given)
    if current is None:
        return await _ask(context, request, 0)
    if current.movie_id in await context.stars_of(request):  # typed, with a half star perhaps
        return await _ask(context, request, current.asked + 1)
    return _question(context, current, note="Where we left off." if not answer else "")


async def _answered(
    context: AppContext, request: RequestContext, current: Quiz, given: re.Match[str]
) -> Reply:
    movie = context.model.catalogue.by_id(current.movie_id)
    if given["unseen"]:
        await context.store.mark_unseen(request.user_id, movie.movie_id)
        return await _ask(context, request, current.asked, f"{movie.title}: not seen.")
    stars = float(given["stars"])
    await context.store.rate(request.user_id, {movie.movie_id: stars})
    return await _ask(
        context, request, current.asked + 1, f"{movie.title} gets {stars_text(stars)} from you."
    )


async def _ask(context: AppContext, request: RequestContext, asked: int, note: str = "") -> Reply:
    """Put the next question, or end where there were enough, or none is left."""
    questions = []
    if asked < LENGTH:
        taste = await context.taste_of(request)
        passed = await context.store.unseen(request.user_id)
        passed |= await context.store.skipped(request.user_id)
        questions = await context.in_engine_thread(context.model.next_questions, taste, 1, passed)
    if not questions:
        await context.store.end_quiz(request.user_id)
        return await _end(context, request, asked)
    following = Quiz(asked, questions[0].movie.movie_id)
    await context.store.save_quiz(request.user_id, following)
    return _question(context, following, note)


def _question(context: AppContext, quiz: Quiz, note: str) -> Reply:
    movie = context.model.catalogue.by_id(quiz.movie_id)
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
        hint=f"Half stars: {context.typed(f'rate {movie.title} 3.5')}",
    )


def _buttons(movie: Movie) -> tuple[Action, ...]:
    this = f"quiz id:{movie.movie_id}"
    stars = [Action(f"{n}★", f"{this} {n}", in_place=True, key=str(n)) for n in range(1, 6)]
    return (
        *stars,
        Action("Not seen", f"{this} unseen", in_place=True),
        Action("Stop", f"quiz {_STOP}", in_place=True),
    )


def _progress(asked: int) -> str:
    return "●" * asked + "○" * (LENGTH - asked) + f"  {asked} of {LENGTH}"


async def _end(context: AppContext, request: RequestContext, asked: int) -> Reply:
    n = len(await context.store.ratings(request.user_id))
    return Reply(
        title="That was the quiz" if asked else "No quiz is running",
        text=f"{counted(asked, 'film')} rated in it, {counted(n, 'film')} in all.",
        buttons=(
            Action("Recommend", "recommend", main=True),
            Action("My taste", "taste"),
            Action("Another round", "quiz", in_place=True),
        ),
    )
