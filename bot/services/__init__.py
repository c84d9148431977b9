"""What the bot can do: plain async functions over engine and storage that return replies.

Each takes the :class:`Services` it stands on, the :class:`Caller` who asks, and typed arguments.
"""

from bot.services.base import Caller, Services
from bot.services.films import complete, recommend, similar
from bot.services.map import draw
from bot.services.ratings import rate, ratings, unrate
from bot.services.twins import twin

__all__ = [
    "Caller",
    "Services",
    "complete",
    "draw",
    "rate",
    "ratings",
    "recommend",
    "similar",
    "twin",
    "unrate",
]
