"""The map of films as a picture."""

from bot.replies import Picture, Reply
from bot.services.base import Caller, Services
from bot.services.finding import find
from bot.services.wording import counted
from engine.map_picture import draw_map, draw_neighbourhood


async def draw(services: Services, caller: Caller, title: str = "") -> Reply:
    """The whole map with the caller's ratings and place, or the surroundings of one film."""
    if title.strip():
        return await _around(services, caller, title)
    taste = await services.taste_of(caller)
    n = len(taste.ratings)
    png = await services.paint(draw_map, services.model, taste)
    films = len(services.model.rated_rows)
    if n == 0:
        text = "Films that the same people love lie close together. You are not on it yet."
        hint = f"Get on the map: {services.typed('rate Alien 5')}"
    else:
        text = "Stars are the films you rated, from red (disliked) to green (loved)."
        hint = f"Closer up: {services.typed('map Alien (1979)')}"
    description = f"Map of {films:,} films coloured by genre" + (
        f", with {counted(n, 'rating')} by {caller.name} and the place they lead to" if n else ""
    )
    return Reply(
        title=f"On the map: {caller.name}" if n else "The map of films",
        text=text,
        picture=Picture("map.png", png, description),
        hint=hint,
    )


async def _around(services: Services, caller: Caller, title: str) -> Reply:
    movie = await find(services, title, "map")
    taste = await services.taste_of(caller)
    png = await services.paint(draw_neighbourhood, services.model, movie.movie_id, taste)
    if png is None:
        return Reply(
            title=movie.title,
            text="Nobody rated this film when the map was drawn, so it has no place there.",
            hint=f"What is like it: {services.typed(f'similar {movie.title}')}",
        )
    return Reply(
        title=f"Around {movie.title}",
        text="The films nearest to it, by who loves them and what they are.",
        picture=Picture("map.png", png, f"Map of the films around {movie.title}"),
        hint=f"As a list: {services.typed(f'similar {movie.title}')}",
    )
