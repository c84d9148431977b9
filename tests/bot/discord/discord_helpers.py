"""What the tests of the Discord face say and hear, over and over."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.app.context import AppContext, RequestContext
from bot.discord.client import ReeltwinBot
from bot.replies import Action, Choice, Reply, Severity
from tests.discord_server import ANN, Driver, Message, User

Prepare = Callable[[Reply | Exception], None]

TASTE = "Alien 5\nAliens (1986) 4.5\nToy Story (1995) 2"
RATINGS = f"!rate {TASTE}"
ALIEN = "id:1214"
BACK, MORE = "← Back", "More →"
IN_PRIVATE = "I answered you in a direct message."


def make_bot(context: AppContext, **options: Any) -> ReeltwinBot:
    """The bot as it ships, but in a hurry: in no need to wait for guilds or between shards."""
    bot = ReeltwinBot(context, guild_ready_timeout=0.05, **({"cooldown": (50, 10.0)} | options))

    async def at_once(shard_id: int | None, *, initial: bool = False) -> None:
        """Identify without the five seconds that discord.py leaves between shards."""

    bot.before_identify_hook = at_once  # type: ignore[method-assign]
    return bot


async def ask(chat: Driver, text: str = "!help", **where: Any) -> Message:
    await chat.say(text, **where)
    return await chat.reply()


async def ask_in_private(
    chat: Driver, text: str, *, user: User = ANN, note: str = IN_PRIVATE, **where: Any
) -> Message:
    """Type a private command where others read along; returns the answer in direct messages."""
    asked = await chat.say(text, user=user, **where)
    shown = [await chat.reply()]
    while shown[-1].replies_to != asked.id:
        shown.append(await chat.reply())
    *_, answer, said = shown
    assert said.text == note
    assert answer.channel == chat.direct(user)
    return answer


async def by_slash(chat: Driver, command: str, **options: Any) -> Message:
    await chat.slash(command, **options)
    return await chat.reply()


async def press(chat: Driver, message: Message, label: str, **who: Any) -> Message:
    """Press a button and see what comes of it."""
    await chat.press(message, label, **who)
    return await chat.reply()


async def choose(chat: Driver, message: Message, value: str, **who: Any) -> Message:
    """Choose in a menu and see what comes of it."""
    await chat.choose(message, value, **who)
    return await chat.reply()


async def rate(chat: Driver, films: str, *users: User, **where: Any) -> None:
    """Let each of some people rate films, one a line."""
    for user in users:
        await ask(chat, f"!rate {films}", user=user, **where)


def films_of(message: Message) -> list[int]:
    """The movie ids that the buttons of a list lead to, in order."""
    said = [button["custom_id"].split(":", 3)[3] for button in message.buttons]
    return [int(words.rsplit("id:", 1)[1]) for words in said if "id:" in words]


async def until(condition: Callable[[], object]) -> None:
    """Let the bot go on until something is so that no event tells of."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0)


async def assert_silent(chat: Driver) -> None:
    """Nothing more was shown: the next that comes answers a question that is asked only now."""
    asked = await chat.say("!help rate")
    reply = await chat.reply()
    assert reply.replies_to == asked.id, reply.text


async def switched_off(chat: Driver, **where: Any) -> set[str]:
    """Ids of the messages that are changed until the controls of a new one are switched off."""
    last, changed = await ask(chat, "!recommend 2", **where), {""}
    while last.id not in changed:
        changed.add((await chat.reply()).id)
    return changed - {last.id, ""}


def question(*options: Action, prompt: str = "Which one?", in_place: bool = False) -> Reply:
    return Reply(choices=(Choice(prompt, options, in_place),), severity=Severity.QUESTION)


def field_of(modal: dict[str, Any]) -> str:
    """The custom id of a form's only field."""
    return str(modal["components"][0]["component"]["custom_id"])


async def fill_in(chat: Driver, text: str) -> Message:
    """Open /ratemany, write `text` into it, send it and see what comes of it."""
    await chat.slash("ratemany")
    modal = await chat.modal()
    await chat.submit(modal, {field_of(modal): text})
    return await chat.reply()


def offers(message: Message) -> list[str]:
    """What can be chosen in all menus of a message."""
    return [option["value"] for menu in message.selects for option in menu["options"]]


def plain(message: Message) -> str:
    """The words of a message with plain blanks only."""
    return message.text.replace("\u00a0", " ")


def labels(message: Message) -> list[str]:
    return [button["label"] for button in message.buttons]


async def stars_of(context: AppContext, user_id: str = "discord:400") -> dict[str, float]:
    """What a person has rated, by title."""
    rated = await context.stars_of(RequestContext(user_id, ""))
    return {context.model.catalogue.by_id(movie).title: stars for movie, stars in rated.items()}
