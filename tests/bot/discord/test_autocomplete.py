"""Titles are proposed while one is typed into a slash command."""

import asyncio
import re
from typing import Any

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import by_slash, stars_of
from tests.discord_server import ANN, BOB, Driver

LONG = "Kino-pravda no. 18 - A Movie Camera Race"


async def test_the_best_title_comes_first_with_its_year(bot: ReeltwinBot, chat: Driver) -> None:
    choices = await chat.autocomplete("similar", "film", "toy sto")
    assert choices[0] == {"name": "Toy Story (1995)", "value": "Toy Story (1995)"}
    assert all(re.search(r"\(\d{4}\)$", choice["name"]) for choice in choices[:5])


async def test_a_slip_in_the_title_does_no_harm(bot: ReeltwinBot, chat: Driver) -> None:
    choices = await chat.autocomplete("rate", "film", "teh shawshank redemtion")
    assert choices[0]["name"] == "The Shawshank Redemption (1994)"


@pytest.mark.parametrize("nothing", ["", "   "])
async def test_the_films_that_most_know_are_proposed_before_anything_is_typed(
    bot: ReeltwinBot, chat: Driver, nothing: str
) -> None:
    choices = await chat.autocomplete("rate", "film", nothing)
    assert len(choices) == 25
    assert any("Matrix" in choice["name"] for choice in choices)


async def test_what_is_like_no_title_proposes_nothing_wrong(bot: ReeltwinBot, chat: Driver) -> None:
    assert len(await chat.autocomplete("rate", "film", "@#%&" * 25)) <= 25


async def test_free_text_serves_where_titles_are_proposed(bot: ReeltwinBot, chat: Driver) -> None:
    assert "Like Toy Story" in (await by_slash(chat, "similar", film="toy stroy 1995")).text


async def test_a_title_that_is_too_long_goes_by_its_id(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    first, *_ = await chat.autocomplete("rate", "film", LONG)
    assert len(first["name"]) == 100
    assert first["name"].startswith(LONG)
    assert first["name"].endswith("…")
    assert re.fullmatch(r"id:\d+", first["value"])
    await by_slash(chat, "rate", film=first["value"], stars=3.5)
    ((title, stars),) = (await stars_of(context)).items()
    assert title.startswith(LONG)
    assert stars == 3.5


async def test_only_some_looks_of_one_person_are_under_way_at_a_time(
    bot: ReeltwinBot, chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_engine_thread, begun, may_go = (
        context.in_engine_thread,
        asyncio.Semaphore(0),
        asyncio.Event(),
    )

    async def later(*work: Any) -> Any:
        begun.release()
        await may_go.wait()
        return await in_engine_thread(*work)

    monkeypatch.setattr(context, "in_engine_thread", later)
    waiting = [
        asyncio.create_task(chat.autocomplete("rate", "film", "toy story", user=ANN))
        for _ in range(5)
    ]
    for _ in waiting:
        await asyncio.wait_for(begun.acquire(), 10)
    assert await chat.autocomplete("rate", "film", "toy story", user=ANN) == []
    his = asyncio.create_task(chat.autocomplete("rate", "film", "toy story", user=BOB))
    await asyncio.wait_for(begun.acquire(), 10)
    may_go.set()
    for found in await asyncio.gather(*waiting, his):
        assert found[0]["value"] == "Toy Story (1995)"


async def test_a_failure_proposes_nothing_and_the_next_letter_works(
    bot: ReeltwinBot,
    chat: Driver,
    context: AppContext,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    failed = asyncio.Event()

    async def fail(*work: object) -> None:
        failed.set()
        raise ZeroDivisionError("inner secret")

    with monkeypatch.context() as broken:
        broken.setattr(context, "in_engine_thread", fail)
        waiting = asyncio.create_task(chat.autocomplete("rate", "film", "toy"))
        await failed.wait()
    waiting.cancel()
    assert (await chat.autocomplete("rate", "film", "toy story"))[0]["value"] == "Toy Story (1995)"
    (record,) = [record for record in caplog.records if record.exc_info]
    assert "autocomplete" in record.getMessage()
