"""Commands given to the bot on the loopback Discord by the clock, and when their answers came."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.bot.bot_process import Bot, bot_process
from benchmarks.bot.load_clients import ClientCommand, LoadClient
from benchmarks.common.targets import short
from storage import open_store
from tests.discord_server import Driver, loopback_discord
from tests.discord_server.calls import Call
from tests.discord_server.components import shown_components
from tests.discord_server.world import BOT, Guild

PATIENCE = 10.0  # seconds for the last answers
_KEPT = 5_000  # messages that the loopback remembers, far more than wait for an answer
_LOOK = 0.5  # seconds between looks at what has come
_REFUSED = ("ask me again", "I listen again in")  # what a command is refused by for now


@dataclass(slots=True)
class Asked:
    """A command that was given: when, how late by the driver's clock, and when what arrived.

    ``key`` names it in Discord's calls: the id of a message, or the token of an interaction.
    ``server``: where. ``pictured``: a picture came with the answer. ``refused``: the bot asks to
    come again later.
    """

    command: str
    slash: bool
    key: str
    sent: float
    late: float
    acknowledged: float = inf
    answered: float = inf
    pictured: bool = False
    refused: bool = False
    server: str | None = None

    @property
    def wait(self) -> float:
        return self.answered - self.sent


@dataclass
class Traffic:
    """What was given so far, and the calls that Discord refused.

    What is not answered within ``patience`` seconds after the last command counts as unanswered.
    """

    chat: Driver
    patience: float = PATIENCE
    asked: list[Asked] = field(default_factory=list)
    refused: list[Call] = field(default_factory=list)
    _waiting: dict[str, Asked] = field(default_factory=dict)
    _unknown: list[Call] = field(default_factory=list)

    async def give(self, script: Iterator[ClientCommand], rate: float) -> list[Asked]:
        """Give so many commands a second, as `give_at` does."""
        return await self.give_at((n / rate, command) for n, command in enumerate(script))

    async def give_at(self, script: Iterable[tuple[float, ClientCommand]]) -> list[Asked]:
        """Give each command when its time has come, answered or not; wait for the last answers.

        Parameters
        ----------
        script
            Commands with their times in seconds from now, ascending.

        Returns
        -------
        list of Asked
            Those given by this call.
        """
        before, start, giving = len(self.asked), time.monotonic(), set[asyncio.Task[None]]()
        looked = start
        for seconds, command in script:
            due = start + seconds
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            task = asyncio.create_task(self._give(command, due))
            giving.add(task)
            task.add_done_callback(giving.discard)
            if due - looked >= _LOOK:
                self._look()
                looked = due
        await asyncio.gather(*giving)
        given = self.asked[before:]
        end = time.monotonic() + self.patience
        while time.monotonic() < end and any(one.answered == inf for one in given):
            await asyncio.sleep(_LOOK)
            self._look()
        await asyncio.sleep(_LOOK)  # an answer may have several parts
        self._look()
        self._waiting.clear()
        return given

    async def _give(self, command: ClientCommand, due: float) -> None:
        user, channel = command.client.user, command.client.channel
        sent = time.monotonic()
        if command.slash:
            options = command.options
            chat = self.chat
            interaction = await chat.slash(
                command.command.name, user=user, channel=channel, **options
            )
            key = interaction.token
        else:
            key = (await self.chat.say(command.text, user=user, channel=channel)).id
        one = Asked(
            command.command.name, command.slash, key, sent, sent - due, server=channel.guild_id
        )
        self.asked.append(one)
        self._waiting[key] = one

    def _look(self) -> None:
        """Find each command's acknowledgement and the last call of its answer."""
        arrived = [call for call in self.chat.journal if call.method in ("POST", "PATCH")]
        self.refused += [call for call in self.chat.journal if call.status >= 400]
        # An answer may be faster than its command is written down: then the next look finds it.
        for call in self._unknown:
            self._note(call)
        self._unknown = [call for call in arrived if call.status < 400 and not self._note(call)]
        # What has been seen is of no more use, and would fill the memory.
        self.chat.forget(_KEPT)

    def _note(self, call: Call) -> bool:
        """Write down whose answer a call is; return whether it is any command's."""
        data: dict[str, Any] = call.data if isinstance(call.data, dict) else {}
        replied = (data.get("message_reference") or {}).get("message_id")
        one = self._waiting.get(call.where.get("token") or str(replied))
        if one is None:
            return False
        if call.path.endswith("/callback"):
            one.acknowledged = call.at
            return True
        one.answered = call.at
        one.pictured |= any(name.endswith(".png") for name in call.files)
        parts = shown_components(data.get("components") or [])
        words = " ".join(part.get("content") or "" for part in parts)
        one.refused |= any(sentence in words for sentence in _REFUSED)
        return True


@asynccontextmanager
async def serving(
    people: Sequence[LoadClient], within: Sequence[str] = ()
) -> AsyncIterator[tuple[Driver, Bot]]:
    """Run a loopback Discord with these clients, and a bot there that knows what they rated.

    ``within`` is what the bot's command stands behind (:mod:`benchmarks.bot.small_machine`).
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        await _remember(folder / "reeltwin.sqlite3", people)
        async with (
            loopback_discord(guilds=guilds_of(people)) as chat,
            bot_process(chat, folder, within) as bot,
        ):
            yield chat, bot


async def _remember(path: Path, people: Sequence[LoadClient]) -> None:
    """Write into a new database who the clients are and what they rated."""
    async with open_store(path) as store:
        for one in people:
            user_id = f"discord:{one.user.id}"
            guild, channel = one.channel.guild_id, one.channel.id
            await store.remember(user_id, one.user.name, guild, channel)
            await store.rate(user_id, one.ratings)


def guilds_of(people: Sequence[LoadClient]) -> tuple[Guild, ...]:
    """Return the servers in which the clients speak, with their channels and the bot."""
    channels = [*dict.fromkeys(one.channel for one in people)]
    return tuple(
        Guild(
            str(guild_id),
            f"Server {guild_id}",
            tuple(channel for channel in channels if channel.guild_id == guild_id),
            (*(one.user for one in people if one.channel.guild_id == guild_id), BOT),
        )
        for guild_id in dict.fromkeys(channel.guild_id for channel in channels)
    )


def milliseconds(seconds: Sequence[float], *percents: float) -> list[str]:
    """Percentiles as they are shown; empty where there is nothing to tell."""
    if not seconds:
        return ["" for _ in percents]
    found = np.percentile(seconds, percents, method="higher")
    return [short(1e3 * value) if value < inf else "never" for value in found]
