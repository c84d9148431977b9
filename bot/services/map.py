"""The map of films as a picture."""

from bot.replies import Option, Picture, Reply
from bot.services.base import Caller, Services
from bot.services.finding import find
from bot.services.wording import counted
from engine.map_picture import draw_map, draw_neighbourhood


async def draw(services: Services, caller: Caller, film: str = "") -> Reply:
    """The whole map with the caller's ratings and place, or the surroundings of one film."""
    if film.strip():
        return await _around(services, caller, film)
    taste = await services.taste_of(caller)
    n = len(taste.ratings)
    png = await services.paint(draw_map, services.model, taste)
    films = len(services.model.rated_rows)
    buttons: tuple[Option, ...]
    if n == 0:
        text = "Films that the same people love lie close together. You are not on it yet."
        buttons, hint = (Option("Get on it: quiz", "quiz", main=True),), ""
    else:
        text = "Stars are the films you rated, from red (disliked) to green (loved)."
        buttons, hint = (), f"Closer up: {services.typed('map Alien (1979)')}"
    description = f"Map of {films:,} films coloured by genre" + (
        f", with {counted(n, 'rating')} by {caller.name} and the place they lead to" if n else ""
    )
    return Reply(
        title=f"On the map: {caller.name}" if n else "The map of films",
        text=text,
        picture=Picture("map.png", png, description),
        buttons=buttons,
        hint=hint,
    )


async def _around(services: Services, caller: Caller, film: str) -> Reply:
    movie = await find(services, film, "map")
    taste = await services.taste_of(caller)
    png = await services.paint(draw_neighbourhood, services.model, movie.movie_id, taste)
    if png is None:
        return Reply(
            title=movie.title,
            text="Nobody rated this film when the map was drawn, so it has no place there.",
            buttons=(Option("What is like it", f"similar id:{movie.movie_id}"),),
        )
    return Reply(
        title=f"Around {movie.title}",
        url=movie.url or "",
        text="The films nearest to it, by who loves them and what they are.",
        picture=Picture("map.png", png, f"Map of the films around {movie.title}"),
        buttons=(Option("As a list", f"similar id:{movie.movie_id}"),),
    )
