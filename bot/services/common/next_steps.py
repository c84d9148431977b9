"""Ways to go on that several commands offer."""

from collections.abc import Sequence

from bot.app.context import AppContext
from bot.commands.actions import action
from bot.commands.rating_lines import RatingLine
from bot.replies import Action, Reply
from bot.services.common.formatting import STAR_CHOICES, stars_text
from bot.services.common.thresholds import RATINGS_FOR_OWN_LIST
from engine.data.catalogue import Movie


def undo_action() -> Action:
    return action("undo", "Undo", in_place=True)


def open_actions(movies: Sequence[Movie]) -> tuple[Action, ...]:
    """Return for each film of a list the way to its card."""
    return tuple(
        action("predict", "Open", detail=movie.title, film=movie.movie_id) for movie in movies
    )


def star_actions(movie_id: int, *, in_place: bool = False) -> tuple[Action, ...]:
    """Return one way to rate a movie for each half star, most first."""
    return tuple(
        action(
            "rate",
            f"{stars_text(stars)} {stars:g}",
            in_place=in_place,
            key=f"{stars:g}",
            ratings=[RatingLine.of_movie(movie_id, stars)],
        )
        for stars in STAR_CHOICES
    )


def nothing_rated(context: AppContext) -> Reply:
    """Return what a user without ratings is told to do."""
    return Reply(
        title="You have not rated anything yet",
        text="Tell me about a few films you love and a few you cannot stand, half stars from 0.5 "
        "to 5, one or many lines at once:\n"
        + context.typed("rate Alien 5\nToy Story (1995) 4.5\nThe Notebook 2"),
        buttons=(action("quiz", "Start the quiz", main=True),),
        hint=f"{RATINGS_FOR_OWN_LIST} ratings make a first list, 20 a good one.",
    )
