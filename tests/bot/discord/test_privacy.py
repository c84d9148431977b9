"""What is kept of somebody: told, kept to themselves, and deleted once they have confirmed it."""

from collections.abc import Awaitable, Callable

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from bot.discord.component_handlers import NOT_YOURS
from tests.bot.discord.discord_helpers import (
    RATINGS,
    TASTE,
    ask,
    ask_in_private,
    by_slash,
    labels,
    plain,
    press,
    rate,
    stars_of,
)
from tests.discord_server import ANN, BOB, CARL, Driver, Message

DELETE, KEEP = "Delete everything", "Keep it"
TO_MYSELF, LET_IN = "Keep my ratings to myself", "Let others see my ratings"

# To ask a private command of Ann's with one option at most.
Do = Callable[..., Awaitable[Message]]


@pytest.fixture(params=["prefix", "slash"])
def do(request: pytest.FixtureRequest, bot: ReeltwinBot, chat: Driver) -> Do:
    async def do(command: str, **options: str) -> Message:
        if request.param == "prefix":
            return await ask_in_private(chat, " ".join([f"!{command}", *options.values()]))
        shown = await by_slash(chat, command, **options)
        assert shown.ephemeral
        return shown

    return do


async def test_in_a_server_that_is_out_of_sight_private_answers_are_private_too(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await ask(chat, RATINGS)
    await chat.out_of_sight(chat.server.world.guilds[0])
    kept = plain(await ask_in_private(chat, "!privacy"))
    assert "**ratings** · 3 entries" in kept


async def test_what_is_kept_is_counted(do: Do, chat: Driver) -> None:
    await ask(chat, RATINGS)
    kept = plain(await do("privacy"))
    assert "**ratings** · 3 entries" in kept
    assert "**servers** · 1 entry" in kept
    assert "Others in a server with you can see your ratings there." in kept


async def test_ratings_are_kept_to_oneself_and_let_in_again_in_place(
    do: Do, chat: Driver, context: AppContext
) -> None:
    await ask(chat, RATINGS)
    privacy = await do("privacy")
    private = await press(chat, privacy, TO_MYSELF)
    assert private.id == privacy.id
    assert await context.store.is_private("discord:400")
    again = await do("privacy")
    assert "Your ratings are kept out of the lists of groups." in again.text
    await press(chat, again, LET_IN)
    assert not await context.store.is_private("discord:400")


async def test_who_is_private_is_in_no_list_of_others_and_back_when_they_like(
    do: Do, chat: Driver
) -> None:
    await rate(chat, TASTE, ANN, BOB)
    await do("private", state="on")
    assert "Ann" not in (await ask(chat, "!seen Alien (1979)", user=BOB)).text
    for text in ("!ratings <@400>", "!compare <@400>", "!movienight <@400>"):
        told = (await ask(chat, text, user=BOB)).text
        assert told == "Ann keeps their ratings to themselves."
    assert "**Ann**" in (await ask(chat, "!seen Alien (1979)")).text
    assert "### Your ratings" in (await ask(chat, "!ratings")).text
    await do("private", state="off")
    assert "**Ann**" in (await ask(chat, "!seen Alien (1979)", user=BOB)).text
    assert "Ratings of Ann" in (await ask(chat, "!ratings <@400>", user=BOB)).text


async def test_everything_is_deleted_only_after_a_confirm(
    do: Do, chat: Driver, context: AppContext
) -> None:
    await rate(chat, TASTE, ANN, BOB)
    asked = await do("forget")
    assert "Delete everything?" in asked.text
    assert "That is 3 ratings" in asked.text
    assert labels(asked) == [DELETE, KEEP]
    assert len(await stars_of(context)) == 3
    gone = await press(chat, asked, DELETE)
    assert gone.id == asked.id
    assert "Everything of yours is deleted: 3 ratings" in gone.text
    assert not any((await context.store.data_summary("discord:400")).values())
    assert len(await stars_of(context, "discord:401")) == 3
    assert "Ann" not in (await ask(chat, "!seen Alien (1979)", user=BOB)).text


async def test_thinking_better_of_it_keeps_everything_and_shows_what_that_is(
    do: Do, chat: Driver, context: AppContext
) -> None:
    await rate(chat, TASTE, ANN)
    asked = await do("forget")
    kept = await press(chat, asked, KEEP)
    assert kept.id == asked.id
    assert "**ratings** · 3 entries" in plain(kept)
    assert len(await stars_of(context)) == 3


async def test_the_way_from_what_is_kept_to_its_end_is_in_one_place(
    do: Do, chat: Driver, context: AppContext
) -> None:
    await rate(chat, TASTE, ANN)
    privacy = await do("privacy")
    asked = await press(chat, privacy, DELETE)
    assert "Delete everything?" in asked.text
    gone = await press(chat, asked, DELETE)
    assert privacy.id == asked.id == gone.id
    assert gone.buttons == []
    assert await stars_of(context) == {}


async def test_nobody_else_can_confirm(do: Do, chat: Driver, context: AppContext) -> None:
    await rate(chat, TASTE, ANN, BOB)
    asked = await do("forget")
    for user in (BOB, CARL):
        refusal = await press(chat, asked, DELETE, user=user)
        assert (refusal.text, refusal.ephemeral) == (NOT_YOURS, True)
    assert len(await stars_of(context)) == len(await stars_of(context, "discord:401")) == 3


async def test_whoever_was_forgotten_may_begin_anew(do: Do, chat: Driver) -> None:
    await rate(chat, TASTE, ANN)
    await press(chat, await do("forget"), DELETE)
    assert "You have not rated anything yet" in (await ask(chat, "!ratings")).text
    rated = await ask(chat, "!rate Alien (1979) 3")
    assert "1 film rated." in rated.text
