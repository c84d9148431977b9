"""What is said of a file that cannot be read at all."""

from bot.errors import UserError

_EXAMPLE = (
    "Please send the file just as you got it from Letterboxd, IMDb, Trakt, MovieLens or me, for "
    "example the zip from Letterboxd's Settings, Data, Export your data."
)


def refused(problem: str) -> UserError:
    """An error whose message is ``problem``, one sentence, and what to send instead."""
    return UserError(f"{problem} {_EXAMPLE}")
