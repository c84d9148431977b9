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

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import (
    dispatch,
    invoke,
    read_values,
    split_message,
    unknown_command,
)
from bot.commands.rating_lines import parse_ratings
from bot.console.render import keys_of, show
from bot.errors import UserError
from bot.replies import Action, Reply, Severity
from bot.settings import Settings
from bot.text import shortened, visible
from bot.uploads import Upload
from engine import TasteModel
from storage import open_store

_SPEAKER = re.compile(r"(?P<name>\w[\w .-]{0,31})>\s*(?P<message>.*)", re.DOTALL)
_KEY = re.compile(r"[0-9]+(?:[.,]5)?")
GROUP = "console"  # the group that all at the terminal are members of
_LEAVE = {"exit", "quit", "bye"}
ROWS = 50  # of a long table at once
_PIPED_WIDTH = 110  # columns where there is no terminal to ask


def run_console(settings: Settings, model: TasteModel) -> None:
    """Chat until the input ends.

    Parameters
    ----------
    settings
        The database and the prefix of commands.
    model
        What answers come from.

    Raises
    ------
    storage.StorageError
        The database cannot be opened.
    """
    for stream in (sys.stdin, sys.stdout):  # what cannot be read or shown becomes a question mark
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    console = Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH)
    # The loop runs only while a message is answered, so that Ctrl-C at the prompt stops at once.
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        store = runner.run(stack.enter_async_context(open_store(settings.database)))
        context = AppContext(
            model,
            store,
            settings.command_prefix,
            rows_per_page=ROWS,
            backups_kept_hours=settings.backups_kept_hours,
        )
        try:
            console.print(_greeting(settings), markup=False, highlight=False, soft_wrap=True)
            chat = Chat(context, console)
            for line in _lines(console, settings.command_prefix):
                runner.run(chat.hear(line))
        finally:
            context.close()
            runner.run(stack.aclose())


class Chat:
    """Several people at one terminal: ``alice> !rate Alien 5`` on a line speaks as alice.

    All of them are members of one group.
    """

    def __init__(self, context: AppContext, console: Console, pictures: Path = Path()) -> None:
        self._context = context
        self._console = console
        self._pictures = pictures
        self._last: dict[str, Reply] = {}  # to each person, with the ways to go on
        self._to_all = Reply()  # the last one whose options are everybody's

    async def hear(self, line: str) -> None:
        """Answer one line."""
        spoken = _SPEAKER.fullmatch(line)
        name = (visible(spoken["name"]).strip() if spoken else "") or "you"
        message = (spoken["message"] if spoken else line).strip()
        if message:
            reply = await self._reply(RequestContext(f"console:{name}", name, GROUP), message)
            if keys_of(reply) or reply.severity is not Severity.PROBLEM:  # a slip ends no question
                self._last[name] = reply
            if reply.for_all and keys_of(reply):
                self._to_all, self._last = reply, {name: reply}
            show(self._console, reply, self._pictures, keys_of(reply))

    async def _reply(self, request: RequestContext, message: str) -> Reply:
        prefix = self._context.prefix
        last = self._last.get(request.name, self._to_all)
        said = next((o for o in keys_of(last).values() if _same(o.label, message)), None)
        if said is not None or (_KEY.fullmatch(message) and keys_of(last)):
            return await self._choose(request, last, message, said)
        typed = message.removeprefix(prefix)
        command, name, text = split_message(typed)
        if command is not None:  # at a terminal the prefix may be left out
            return await invoke(
                self._context,
                request,
                command,
                lambda: read_values(self._context, command, text, _file_named),
            )
        if typed != message:
            return unknown_command(self._context, name)
        if _reads_as_rating(message):  # a list that began with "rate" comes line by line
            return await dispatch(self._context, request, f"rate {message}")
        return Reply(
            text=f"Commands start with {prefix}, for example {prefix}rate Alien 5. "
            f"All of them: {prefix}help",
            severity=Severity.PROBLEM,
        )

    async def _choose(
        self, request: RequestContext, last: Reply, typed: str, said: Action | None
    ) -> Reply:
        """Go on with the option that was said, or has that key; the other questions stay open."""
        keys = keys_of(last)
        option = said or keys.get(typed.replace(",", "."))
        if option is None:
            *_, highest = (key for key in keys)
            there = f"go from {next(iter(keys))} to {highest}" if len(keys) > 1 else "are only 1"
            words = f"{shortened(typed)} is not among the choices, which {there}."
            return Reply(text=words, severity=Severity.PROBLEM)
        reply = await dispatch(self._context, request, option.message)
        left = tuple(choice for choice in last.choices if option not in choice.options)
        if reply.severity is Severity.PROBLEM:
            return reply
        if last.severity is Severity.QUESTION or len(last.choices) > 1:
            return replace(reply, choices=reply.choices + left)
        return reply


def _file_named(text: str) -> Upload | None:
    """Return the file on this machine that a user at its terminal names, if there is one."""
    path = Path(text.strip().strip("\"'")).expanduser()
    if not text.strip() or not path.is_file():
        return None

    async def read() -> bytes:
        return await asyncio.to_thread(path.read_bytes)

    return Upload(path.name, path.stat().st_size, read)


def _same(label: str, typed: str) -> bool:
    return label.casefold() == typed.casefold()


def _reads_as_rating(message: str) -> bool:
    try:
        lines = parse_ratings(message)
    except UserError:
        return False
    return any(reading.stars is not None for line in lines for reading in line.interpretations)


def _greeting(settings: Settings) -> str:
    prefix = settings.command_prefix
    return (
        f"Reeltwin in the terminal: try {prefix}help or {prefix}rate Alien 5. "
        "To go to Discord, set DISCORD_TOKEN in .env (README: Onto Discord).\n"
    )


def _lines(console: Console, prefix: str) -> Iterator[str]:
    """Give the lines of standard input to its end; with a prompt at a terminal."""
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
