"""The quiz: ten films that teach most about a user, rated by a tap."""

from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.button_parameters import ButtonNumber, ButtonWords
from bot.commands.command import CommandCategory, command
from bot.errors import UserError
from bot.replies import Action, Reply
from bot.services.common.arguments import UnreadArgument
from bot.services.common.formatting import genres_text, stars_text
from bot.text import counted
from engine.data.catalogue import Movie
from storage import Quiz

LENGTH = 10
_STARS = range(1, 6)


@command(
    CommandCategory.START,
    "Ten films to rate by a tap, chosen to learn most about you.",
    examples=("quiz",),
    order=10,
)
async def quiz(
    context: AppContext,
    request: RequestContext,
    movie_id: Annotated[int | None, ButtonNumber(template="id:{}")] = None,
    stars: Annotated[int | None, ButtonNumber(template="{}")] = None,
    unseen: Annotated[bool, ButtonWords(words="unseen")] = False,
    stop: Annotated[bool, ButtonWords(words="stop")] = False,
    rest: UnreadArgument = "",
) -> Reply:
    """Begin, go on where it was left, or take an answer: whole stars for a film, or not seen."""
    store, user = context.store, request.user_id
    current = await store.quiz(user)
    if stop:
        await store.end_quiz(user)
        return await _end(context, request, current.asked if current else None)
    said = movie_id is not None or stars is not None or unseen or bool(rest)
    answered = movie_id is not None and (unseen or stars in _STARS) and not rest
    if said and not answered:
        raise UserError(
            f"The quiz is answered by its buttons. To begin it or go on: {context.typed('quiz')}"
        )
    # A button of an earlier question, or of one answered twice, changes nothing.
    if answered and current and movie_id == current.movie_id:
        return await _take_answer(context, request, current, None if unseen else stars)
    if current is None:
        return await _ask(context, request, 0)
    if current.movie_id in await context.stars_of(request):  # typed, with a half star perhaps
        return await _ask(context, request, current.asked + 1)
    return _question(context, current, note="" if said else "Where we left off.")


async def _take_answer(
    context: AppContext, request: RequestContext, current: Quiz, stars: int | None
) -> Reply:
    """Keep the stars for the film of the question, None of one not seen, and ask the next."""
    movie = context.model.catalogue.by_id(current.movie_id)
    if stars is None:
        await context.store.mark_unseen(request.user_id, movie.movie_id)
        return await _ask(context, request, current.asked, f"{movie.title}: not seen.")
    await context.store.rate(request.user_id, {movie.movie_id: float(stars)})
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
    this = movie.movie_id
    return (
        *(
            action("quiz", f"{n}★", in_place=True, key=str(n), movie_id=this, stars=n)
            for n in _STARS
        ),
        action("quiz", "Not seen", in_place=True, movie_id=this, unseen=True),
        action("quiz", "Stop", in_place=True, stop=True),
    )


def _progress(asked: int) -> str:
    return "●" * asked + "○" * (LENGTH - asked) + f"  {asked} of {LENGTH}"


async def _end(context: AppContext, request: RequestContext, asked: int | None) -> Reply:
    """Tell of a quiz in which so many films were rated; None where none was running."""
    n = len(await context.store.ratings(request.user_id))
    return Reply(
        title="No quiz is running" if asked is None else "That was the quiz",
        text=("" if asked is None else f"{counted(asked, 'film')} rated in it, ")
        + f"{counted(n, 'film')} in all.",
        buttons=(
            action("recommend", "Recommend", main=True),
            action("taste", "My taste"),
            action("quiz", "Another round", in_place=True),
        ),
    )
