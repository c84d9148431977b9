"""The chat in the terminal: reads messages line by line and prints the replies."""

import asyncio
import io
import re
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from bot.commands import BY_NAME, answer
from bot.console.render import show
from bot.errors import UserError
from bot.parsing import parse_ratings
from bot.replies import Choice, Reply, Tone
from bot.services import Caller, Services
from bot.services.wording import clipped
from bot.settings import Settings
from engine import TasteModel
from storage import open_store

_SPEAKER = re.compile(r"(?P<name>\w[\w .-]{0,31})>\s*(?P<message>.*)", re.DOTALL)
_LEAVE = {"exit", "quit", "bye"}
_PIPED_WIDTH = 110  # columns where there is no terminal to ask


def run_console(settings: Settings, model: TasteModel) -> None:
    """Chat until the input ends; raises :class:`storage.StorageError` where there is no store."""
    for stream in (sys.stdin, sys.stdout):  # what cannot be read or shown becomes a question mark
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    console = Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH)
    # The loop runs only while a message is answered, so that Ctrl-C at the prompt stops at once.
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        store = runner.run(stack.enter_async_context(open_store(settings.database_path)))
        services = Services(model, store, settings.command_prefix)
        try:
            console.print(_greeting(settings), markup=False, highlight=False, soft_wrap=True)
            chat = Chat(services, console)
            for line in _lines(console, settings.command_prefix):
                runner.run(chat.hear(line))
        finally:
            services.close()
            runner.run(stack.aclose())


class Chat:
    """Several people at one terminal: ``alice> !rate Alien 5`` on a line speaks as alice."""

    def __init__(self, services: Services, console: Console, pictures: Path = Path()) -> None:
        self._services = services
        self._console = console
        self._pictures = pictures
        self._asked: dict[str, tuple[Choice, ...]] = {}  # the open questions to each person

    async def hear(self, line: str) -> None:
        """Answer one line."""
        spoken = _SPEAKER.fullmatch(line)
        name = spoken["name"].strip() if spoken else "you"
        message = (spoken["message"] if spoken else line).strip()
        if message:
            reply = await self._reply(Caller(f"console:{name}", name), message)
            self._asked[name] = reply.choices
            show(self._console, reply, self._pictures)

    async def _reply(self, caller: Caller, message: str) -> Reply:
        prefix = self._services.prefix
        asked = self._asked.get(caller.name, ())
        if asked and message.isdecimal():
            return await self._choose(caller, asked, message)
        if message.startswith(prefix):
            return await answer(self._services, caller, message.removeprefix(prefix))
        if message.split()[0].casefold() in BY_NAME:  # at a terminal the prefix may be left out
            return await answer(self._services, caller, message)
        if _reads_as_rating(message):  # a list that began with "rate" comes line by line
            return await answer(self._services, caller, f"rate {message}")
        return Reply(
            text=f"Commands start with {prefix}, for example {prefix}rate Alien 5. "
            f"All of them: {prefix}help",
            tone=Tone.PROBLEM,
            choices=asked,
        )

    async def _choose(self, caller: Caller, asked: tuple[Choice, ...], typed: str) -> Reply:
        """Go on with the option of that number; the other questions stay open."""
        options = [(choice, option) for choice in asked for option in choice.options]
        number = int(typed) if len(typed) < 4 else 0
        if not 1 <= number <= len(options):
            there = f"go from 1 to {len(options)}" if len(options) > 1 else "are only number 1"
            words = f"{clipped(typed)} is not among the choices, which {there}."
            return Reply(text=words, choices=asked, tone=Tone.PROBLEM)
        choice, option = options[number - 1]
        reply = await answer(self._services, caller, option.message)
        if reply.tone is Tone.PROBLEM:
            return replace(reply, choices=asked)
        left = tuple(other for other in asked if other is not choice)
        return replace(reply, choices=reply.choices + left)


def _reads_as_rating(message: str) -> bool:
    try:
        lines = parse_ratings(message)
    except UserError:
        return False
    return any(reading.stars is not None for line in lines for reading in line.readings)


def _greeting(settings: Settings) -> str:
    prefix = settings.command_prefix
    return (
        f"Reeltwin in the terminal: try {prefix}help or {prefix}rate Alien 5. "
        "To go to Discord, set DISCORD_TOKEN in .env (README: Onto Discord).\n"
    )


def _lines(console: Console, prefix: str) -> Iterator[str]:
    """Lines of standard input to its end; with a prompt at a terminal."""
    if not sys.stdin.isatty():
        yield from (line.rstrip("\r\n") for line in sys.stdin)
        return
    with suppress(ImportError):
        import readline  # noqa: F401  gives input() its history and editing
    while True:
        try:
            line = console.input("[bold]you>[/bold] ")
        except (EOFError, KeyboardInterrupt):
            console.print("\nSee you.")
            return
        if line.strip().removeprefix(prefix).casefold() in _LEAVE:
            return
        yield line
