"""A film's card: the stars a user would give it, and why."""

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.replies import Choice, Reply
from bot.services.common.arguments import MovieArgument
from bot.services.common.formatting import genres_text, predicted_text, stars_text
from bot.services.common.movie_lookup import find_movie
from bot.services.common.next_steps import star_actions
from bot.services.common.reasons import reasons_table, taste_without
from bot.text import counted

_MAIN_REASONS = 3


@command(
    CommandCategory.FIND,
    "A film's card: the stars you would give, and why.",
    examples=("predict Blade Runner",),
    aliases=("film", "card"),
    order=20,
)
async def predict(context: AppContext, request: RequestContext, film: MovieArgument) -> Reply:
    """Answer with the stars the asker would give a film and why, with ways to go on from it."""
    movie = await find_movie(context, film, "predict")
    taste, yours = await taste_without(context, request, movie)
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
    this = movie.movie_id
    not_interested = action("skip", "Not interested", in_place=True, film=this)
    return Reply(
        title=movie.title,
        url=movie.url or "",
        text=f"{' · '.join(about)}\n{said}.",
        tables=(reasons_table(reasons, "Because you rated"),) if reasons else (),
        choices=(
            Choice(
                "Rate it" if yours is None else "Rate it anew",
                star_actions(this),
                in_place=True,
            ),
        ),
        buttons=(
            *((not_interested,) if yours is None else ()),
            action("similar", "More like this", film=this),
            action("why", "Why", film=this),
        ),
    )
