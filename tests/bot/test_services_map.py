"""The map as it comes with an answer, and that nobody waits while it is drawn."""

import asyncio
import io
import threading
import time
from typing import Any

import PIL.Image
import pytest

from bot.replies import Reply, Tone
from bot.services import Services
from engine import Taste, TasteModel
from engine.title_search import TitleIndex
from tests.bot.chatting import TEN_RATINGS, Say, options


def picture_of(reply: Reply) -> PIL.Image.Image:
    assert reply.picture is not None
    picture = PIL.Image.open(io.BytesIO(reply.picture.png))
    picture.load()
    return picture


async def test_the_map_is_a_png_with_the_ratings_of_whoever_asks(say: Say) -> None:
    await say(TEN_RATINGS)
    reply = await say("map")
    assert picture_of(reply).format == "PNG"
    assert min(picture_of(reply).size) >= 600
    assert reply.picture is not None
    assert reply.picture.filename == "map.png"
    assert "10 ratings by alice" in reply.picture.description


async def test_whoever_rated_nothing_sees_the_map_and_how_to_get_on_it(say: Say) -> None:
    reply = await say("map")
    assert picture_of(reply).format == "PNG"
    assert "You are not on it yet" in reply.text
    assert reply.buttons[0].message == "quiz"


async def test_a_rating_shows_on_the_map(say: Say) -> None:
    empty = picture_of(await say("map"))
    await say("rate Alien 5")
    assert picture_of(await say("map")).tobytes() != empty.tobytes()


async def test_the_map_around_a_film_is_found_by_its_title(say: Say) -> None:
    reply = await say("map alien")
    assert reply.title == "Around Alien (1979)"
    assert picture_of(reply).format == "PNG"


async def test_the_map_asks_which_film_is_meant(say: Say) -> None:
    chosen = options(await say("map the thing"))[0]
    assert (await say(chosen.message)).title == f"Around {chosen.label}"


async def test_a_film_without_a_place_is_said_to_have_none(say: Say, services: Services) -> None:
    unrated = services.model.catalogue.at(int((services.model.rated_position < 0).argmax()))
    reply = await say(f"map id:{unrated.movie_id}")
    assert reply.picture is None
    assert "no place" in reply.text
    assert (await say(reply.buttons[0].message)).title == f"Like {unrated.title}"


async def test_the_loop_goes_on_while_maps_are_drawn_and_tastes_fitted(say: Say) -> None:
    await say(TEN_RATINGS)
    gaps: list[float] = []

    async def tick() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

    ticker = asyncio.create_task(tick())
    start = time.perf_counter()
    await asyncio.gather(*(say(message) for message in ("map", "recommend 50", "twin", "map up")))
    took = time.perf_counter() - start
    ticker.cancel()
    assert max(gaps) < took / 4


@pytest.mark.parametrize(
    ("typed", "owner", "work"),
    [
        ("rate alien 5", TitleIndex, "resolve"),
        ("recommend", TasteModel, "fit"),
        ("recommend", Taste, "recommend"),
        ("similar alien", TasteModel, "similar"),
        ("opposite alien", TasteModel, "dissimilar"),
        ("predict alien", Taste, "predict"),
        ("why alien", Taste, "reasons"),
        ("quiz", TasteModel, "next_questions"),
        ("twin", TasteModel, "twins"),
    ],
)
async def test_the_engine_never_works_on_the_thread_of_the_loop(
    say: Say, monkeypatch: pytest.MonkeyPatch, typed: str, owner: type, work: str
) -> None:
    await say(TEN_RATINGS)
    threads: list[str] = []
    done = getattr(owner, work)

    def watched(*args: Any, **kwargs: Any) -> Any:
        threads.append(threading.current_thread().name)
        return done(*args, **kwargs)

    monkeypatch.setattr(owner, work, watched)
    assert (await say(typed)).tone is Tone.NORMAL
    assert threads
    assert threading.current_thread().name not in threads
