"""What the bot can do: plain async functions over engine and storage that return replies.

Each takes the :class:`AppContext` it stands on, the :class:`RequestContext` who asks, and typed
arguments.
"""

from bot.services.club import club
from bot.services.compare import compare
from bot.services.films import complete, opposite, predict, recommend, similar, why
from bot.services.imports import export, import_ratings
from bot.services.map import draw
from bot.services.model import bias, dimension, model_card
from bot.services.movienight import movienight
from bot.services.privacy import forget, privacy, private
from bot.services.quiz import quiz
from bot.services.ratings import rate, ratings, seen, skip, undo, unrate
from bot.services.taste import fit, taste
from bot.services.twins import twin
from bot.services.vote import vote
from bot.services.watchlist import watchlist

__all__ = [
    "bias",
    "club",
    "compare",
    "complete",
    "dimension",
    "draw",
    "export",
    "fit",
    "forget",
    "import_ratings",
    "model_card",
    "movienight",
    "opposite",
    "predict",
    "privacy",
    "private",
    "quiz",
    "rate",
    "ratings",
    "recommend",
    "seen",
    "similar",
    "skip",
    "taste",
    "twin",
    "undo",
    "unrate",
    "vote",
    "watchlist",
    "why",
]
