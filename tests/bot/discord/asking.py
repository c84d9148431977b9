"""What the tests of the Discord face say and hear, over and over."""

from collections.abc import Callable
from typing import Any

from bot.discord.client import ReeltwinBot
from bot.replies import Choice, Option, Reply, Tone
from bot.services import Caller, Services
from tests.discord_server import Driver, Message

Prepare = Callable[[Reply | Exception], None]


def make_bot(services: Services, **options: Any) -> ReeltwinBot:
    return ReeltwinBot(services, guild_ready_timeout=0.05, **options)


async def ask(chat: Driver, text: str = "!help", **where: Any) -> Message:
    await chat.say(text, **where)
    return await chat.reply()


async def by_slash(chat: Driver, command: str, **options: Any) -> Message:
    await chat.slash(command, **options)
    return await chat.reply()


async def choose(chat: Driver, message: Message, value: str, **who: Any) -> None:
    """Choose in the first menu of a message."""
    await chat.select(message, message.selects[0]["custom_id"], [value], **who)


def question(*options: Option, prompt: str = "Which one?") -> Reply:
    return Reply(choices=(Choice(prompt, options),), tone=Tone.QUESTION)


async def stars_of(services: Services, user_id: str = "discord:400") -> dict[str, float]:
    """What a person has rated, by title."""
    rated = await services.stars_of(Caller(user_id, ""))
    return {services.model.catalogue.movie(movie).title: stars for movie, stars in rated.items()}
