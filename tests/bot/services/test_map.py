"""The map as it comes with an answer, and that nobody waits while it is drawn."""

import asyncio
import io
import threading
import time
from typing import Any

import PIL.Image
import pytest

from bot.app.context import AppContext
from bot.replies import Reply, Severity
from engine import Taste, TasteModel
from engine.titles.search import TitleIndex
from tests.bot.chat_helpers import TEN_RATINGS, Say, leads, options


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


async def test_the_description_says_where_you_stand_and_what_to_see_next(
    say: Say, context: AppContext
) -> None:
    await say(TEN_RATINGS)
    reply = await say("map")
    assert reply.picture is not None
    described = reply.picture.description
    assert any(region.name in described for region in context.model.regions)
    assert any(region.name in reply.text for region in context.model.regions)
    next_up = leads((await say("recommend")).tables[0])
    for title in next_up[:5]:
        assert title in described
    assert next_up[5] not in described
    assert len(described) < 1000


async def test_what_is_put_aside_is_not_marked_as_next(say: Say) -> None:
    await say(TEN_RATINGS)
    first = leads((await say("recommend")).tables[0])[0]
    await say(f"skip {first}")
    reply = await say("map")
    assert reply.picture is not None
    assert first not in reply.picture.description


async def test_the_world_map_is_described_by_its_regions(say: Say, context: AppContext) -> None:
    reply = await say("map")
    assert reply.picture is not None
    named = [r.name for r in context.model.regions if r.name in reply.picture.description]
    assert len(named) >= 8
    assert len(reply.picture.description) < 1000


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


async def test_the_close_up_is_described_by_what_is_there(say: Say) -> None:
    reply = await say("map alien")
    assert reply.picture is not None
    assert "around Alien (1979)" in reply.picture.description
    assert "Aliens (1986)" in reply.picture.description


async def test_the_map_comes_as_a_page_to_explore(say: Say) -> None:
    await say(TEN_RATINGS)
    reply = await say("map html")
    assert reply.document is not None
    assert reply.document.filename == "map.html"
    assert len(reply.document.data) < 6_000_000
    page = reply.document.data.decode()
    assert page.lstrip().casefold().startswith("<!doctype html>")
    other = await say("map html", "bob")
    assert other.document is not None
    assert other.document.data != reply.document.data
    refused = await say("map alien html")
    assert refused.severity is Severity.PROBLEM
    assert "map html" in refused.text


# Several people.


async def together(say: Say, message: str, name: str = "alice") -> Reply:
    return await say(message, name, "films")


async def two_rate(say: Say) -> None:
    await together(say, TEN_RATINGS)
    await together(say, "rate\nThe Notebook 5\nTitanic (1997) 5\nAmelie (2001) 4.5", "bob")


async def test_members_are_on_one_map_with_whoever_asks_about_one(say: Say) -> None:
    await two_rate(say)
    reply = await together(say, "map @bob")
    assert picture_of(reply).format == "PNG"
    assert reply.title == "On the map: alice and bob"
    assert reply.picture is not None
    assert "the places of alice and bob" in reply.picture.description
    assert "alice stands amid “" in reply.text
    assert "bob stands amid “" in reply.text


async def test_of_two_who_are_named_the_asker_is_none(say: Say) -> None:
    await two_rate(say)
    reply = await together(say, "map @alice and @bob", "carol")
    assert reply.title == "On the map: alice and bob"
    assert not reply.hint


async def test_a_member_without_ratings_is_said_to_have_no_place(say: Say) -> None:
    await two_rate(say)
    await together(say, "help", "carol")
    reply = await together(say, "map @carol @bob")
    assert reply.title == "On the map: bob"
    assert "carol rated nothing yet" in reply.hint
    nobody = await together(say, "map @carol", "dave")
    assert nobody.picture is None
    assert "dave and carol rated nothing yet" in nobody.text


async def test_with_oneself_alone_one_sees_the_own_map(say: Say) -> None:
    await two_rate(say)
    assert (await together(say, "map @alice")).picture == (await together(say, "map")).picture


async def test_private_members_strangers_and_other_places_are_refused_in_words(say: Say) -> None:
    await two_rate(say)
    await together(say, "private on", "bob")
    assert "to themselves" in (await together(say, "map @bob")).text
    for message in ("map <@123>", "map @nobody"):
        reply = await together(say, message)
        assert reply.severity is Severity.PROBLEM
        assert reply.picture is None
        assert "has not talked to me here yet" in reply.text
    assert "works in a server" in (await say("map @bob")).text


async def test_a_film_and_people_at_once_are_too_much(say: Say) -> None:
    await two_rate(say)
    reply = await together(say, "map alien @bob")
    assert reply.severity is Severity.PROBLEM
    assert "not both at once" in reply.text


async def test_there_is_room_for_eight(say: Say) -> None:
    names = [f"member{i}" for i in range(9)]
    for name in names:
        await together(say, "rate Alien 5", name)
    said = " ".join(f"@{name}" for name in names)
    assert "room for 8 people, and you named 9" in (await together(say, f"map {said}")).text
    reply = await together(say, f"map {said.rpartition(' ')[0]}")
    assert picture_of(reply).format == "PNG"


async def test_the_map_asks_which_film_is_meant(say: Say) -> None:
    chosen = options(await say("map the thing"))[0]
    assert (await say(chosen.message)).title == f"Around {chosen.label}"


async def test_a_film_without_a_place_is_said_to_have_none(say: Say, context: AppContext) -> None:
    unrated = context.model.catalogue.by_row(int((context.model.rated_position < 0).argmax()))
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
    assert (await say(typed)).severity is Severity.NORMAL
    assert threads
    assert threading.current_thread().name not in threads
