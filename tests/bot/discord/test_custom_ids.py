"""Custom ids of messages that were sent before: they go on working, byte for byte."""

from typing import Any

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from bot.discord.component_handlers import NOT_YOURS
from bot.discord.components import EVERYBODY, button, menu
from bot.replies import Action, Choice
from tests.bot.discord.discord_helpers import ask, rate, stars_of
from tests.discord_server import ANN, BOB, CARL, FILMS, Driver, Message
from tests.discord_server.components import Type
from tests.discord_server.limits import COMPONENTS_V2
from tests.discord_server.world import BOT


def sent_before(chat: Driver, custom_id: str, *values: str) -> Message:
    """A message of the bot with one button, or with a menu of values, from an earlier version."""
    control: dict[str, Any] = {"type": int(Type.BUTTON), "label": "x", "style": 2}
    if values:
        options = [{"label": value, "value": value} for value in values]
        control = {"type": int(Type.STRING_SELECT), "options": options}
    row = {"type": int(Type.ROW), "components": [control | {"custom_id": custom_id}]}
    text = {"type": int(Type.TEXT_DISPLAY), "content": "sent before"}
    form = {"components": [text, row], "flags": COMPONENTS_V2}
    return chat.server.messages.create(FILMS, BOT, form, {})


@pytest.mark.parametrize(
    ("custom_id", "says"),
    [
        ("next:400:0:predict id:1214", "Alien (1979)"),
        ("next:400:3:similar id:1214", "Like Alien"),
        ("next:400:12:why id:1214", "Why Alien"),
        ("next:400:1:recommend", "For Ann"),
        ("here:400:10:recommend 20 page:2", "Page 2 of 2"),
        ("here:400:2:help Find films", "!recommend"),
        ("here:400:0:skip id:541", "Blade Runner"),
        ("here:400:1:private on", "private"),
        ("next:0:5:seen id:1214", "Rated by"),
        ("next:0:1:watchlist add id:541", "watchlist"),
    ],
)
async def test_a_button_that_was_sent_before_works(
    bot: ReeltwinBot, chat: Driver, custom_id: str, says: str
) -> None:
    await rate(chat, "Alien 5\nAliens (1986) 4", ANN)
    message = sent_before(chat, custom_id)
    if ":400:" in custom_id:
        await chat.click(message, custom_id, user=BOB)
        assert (await chat.reply()).text == NOT_YOURS
    await chat.click(message, custom_id)
    answer = await chat.reply()
    assert says in answer.text
    assert (answer.id == message.id) is custom_id.startswith("here")


@pytest.mark.parametrize("custom_id", ["here:400:0:", "next:400:7:", "here:0:0:", "next:0:1:"])
async def test_a_menu_that_was_sent_before_works(
    bot: ReeltwinBot, chat: Driver, context: AppContext, custom_id: str
) -> None:
    message = sent_before(chat, custom_id, "rate id:1214 4.5", "rate id:1320 2")
    await chat.choose(message, "rate id:1214 4.5")
    shown = await chat.reply()
    if custom_id.startswith("next:400"):  # the menu goes first, and the answer comes after it
        assert (shown.id, shown.selects) == (message.id, [])
        shown = await chat.reply()
    assert "Rated" in shown.text
    assert await stars_of(context) == {"Alien (1979)": 4.5}


async def test_a_vote_that_was_begun_before_is_voted_in(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await ask(chat, "!help")
    vote = await context.store.open_vote("200", FILMS.id, "discord:400", [1214, 541])
    custom_id = f"here:0:0:vote {vote} id:1214"
    message = sent_before(chat, custom_id)
    await chat.click(message, custom_id, user=CARL)
    shown = await chat.reply()
    assert shown.id == message.id
    assert "1 voter so far." in shown.text


@pytest.mark.parametrize(
    ("action", "asker", "number", "custom_id"),
    [
        (Action("Open", "predict id:1214"), "400", 0, "next:400:0:predict id:1214"),
        (Action("Stop", "quiz stop", in_place=True), "400", 6, "here:400:6:quiz stop"),
        (Action("Who", "seen id:1214"), EVERYBODY, 12, "next:0:12:seen id:1214"),
    ],
)
def test_a_button_is_given_the_id_that_it_always_had(
    action: Action, asker: str, number: int, custom_id: str
) -> None:
    made = button(action, asker, number)
    assert made is not None
    assert made.custom_id == custom_id


@pytest.mark.parametrize(("in_place", "custom_id"), [(True, "here:400:3:"), (False, "next:400:3:")])
def test_a_menu_has_its_messages_in_its_options(in_place: bool, custom_id: str) -> None:
    options = (Action("Alien", "rate id:1214 5"), Action("Aliens", "rate id:1320 5"))
    made = menu(Choice("Which?", options, in_place), options, "400", 3)
    assert made.custom_id == custom_id
    assert [option.value for option in made.options] == ["rate id:1214 5", "rate id:1320 5"]
