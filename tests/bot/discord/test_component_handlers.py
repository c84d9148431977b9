"""Controls serve whoever asked, nobody else, and go on serving after a restart."""

from collections.abc import Awaitable, Callable

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from bot.discord.component_handlers import NOT_YOURS
from tests.bot.discord.discord_helpers import ALIEN, MORE, RATINGS, ask, make_bot, offers, stars_of
from tests.discord_server import ANN, BOB, Driver, Message, User, connected
from tests.discord_server.interactions import Interaction

Use = Callable[[Driver, Message, User], Awaitable[Interaction]]


async def turn(chat: Driver, message: Message, user: User) -> Interaction:
    return await chat.press(message, MORE, user=user)


async def open_card(chat: Driver, message: Message, user: User) -> Interaction:
    return await chat.click(message, message.buttons[0]["custom_id"], user=user)


async def rate_it(chat: Driver, message: Message, user: User) -> Interaction:
    return await chat.choose(message, f"rate {ALIEN} 5", user=user)


async def settle(chat: Driver, message: Message, user: User) -> Interaction:
    return await chat.choose(message, offers(message)[0], user=user)


KINDS = pytest.mark.parametrize(
    ("asked", "use"),
    [
        ("!recommend 20", turn),
        ("!recommend 20", open_card),
        ("!predict Alien (1979)", rate_it),
        ("!rate Solaris 4\nHalloween 5", settle),
    ],
    ids=["button in place", "button that leads away", "menu in place", "menu among several"],
)


@KINDS
async def test_somebody_elses_click_is_refused_in_private_and_changes_nothing(
    bot: ReeltwinBot, chat: Driver, context: AppContext, asked: str, use: Use
) -> None:
    message = await ask(chat, asked)
    await use(chat, message, BOB)
    refusal = await chat.reply()
    assert refusal.ephemeral
    assert refusal.text == NOT_YOURS
    assert refusal.id != message.id
    assert [shown.kind for shown in chat.record if shown.message.id == message.id] == ["new"]
    assert await stars_of(context) == await stars_of(context, "discord:401") == {}


@KINDS
async def test_a_control_outlives_a_restart_of_the_bot(
    chat: Driver, context: AppContext, asked: str, use: Use
) -> None:
    async with connected(make_bot(context), chat):
        message = await ask(chat, asked)
    await chat.offline()
    async with connected(make_bot(context), chat):
        await use(chat, message, BOB)
        assert (await chat.reply()).text == NOT_YOURS
        await use(chat, message, ANN)
        answer = await chat.reply()
        assert "wrong on my side" not in answer.text
        assert answer.ephemeral is (use is open_card)
        assert (answer.id == message.id) is (use is not open_card)
    assert chat.refused == []


async def test_what_only_the_asker_sees_serves_after_a_restart_too(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context), chat):
        films = await ask(chat, "!recommend 3")
        await open_card(chat, films, ANN)
        card = await chat.reply()
    await chat.offline()
    async with connected(make_bot(context), chat):
        await chat.choose(card, offers(card)[0])
        assert (await chat.reply()).id == card.id
    assert list((await stars_of(context)).values()) == [5.0]
    assert chat.refused == []


async def test_each_has_buttons_of_their_own_for_the_same_question(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await ask(chat, RATINGS, user=BOB)
    hers, his = await ask(chat, "!recommend 20"), await ask(chat, "!recommend 20", user=BOB)
    await turn(chat, his, BOB)
    assert (await chat.reply()).id == his.id
    await turn(chat, hers, ANN)
    assert (await chat.reply()).id == hers.id
