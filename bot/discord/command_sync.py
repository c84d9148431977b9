"""Slash commands told to Discord, but only when they are not those it was told last."""

import asyncio
import hashlib
import json
import logging
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from storage import Store

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds that Discord has before the bot goes on without

_NOTE = "slash commands"
_ANYWAY = "The bot hears typed commands and mentions all the same"


class CommandSync:
    """Registers the slash commands of a bot globally; what hinders it hinders nothing else.

    Each registration counts towards a daily limit and empties clients' caches, so a restart should
    not make one. Over the limit Discord may ask to wait for hours.

    Parameters
    ----------
    tree
        The slash commands.
    store
        Remembers what was registered, and for which application.
    """

    def __init__(self, tree: app_commands.CommandTree[Any], store: Store) -> None:
        self._tree, self._store = tree, store
        self._attempt: asyncio.Task[str] | None = None

    async def when_changed(self) -> None:
        """Register the commands where they differ from those registered before."""
        if await self._store.metadata(_NOTE) != _fingerprint(self._tree):
            await self.now()

    async def now(self) -> str:
        """Register the commands in any case, and return in a sentence what came of it.

        An attempt that Discord lets wait goes on by itself; meanwhile there is no other.
        """
        if self._attempt is None or self._attempt.done():
            self._attempt = asyncio.create_task(self._register())
        await asyncio.wait({self._attempt}, timeout=PATIENCE)
        if self._attempt.done():
            return self._attempt.result()
        words = f"Discord lets the slash commands wait; they come as soon as it may be. {_ANYWAY}."
        log.warning(words)
        return words

    async def close(self) -> None:
        """Give up an attempt that is under way."""
        if self._attempt is not None:
            self._attempt.cancel()
            await asyncio.wait({self._attempt})

    async def _register(self) -> str:
        try:
            registered = await self._tree.sync()
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            why = " ".join(str(error).split())
            words = (
                f"Discord has not taken the slash commands: {why:.160}. {_ANYWAY}; its owner can "
                "try again by typing the command sync."
            )
            log.warning(words)
            return words
        await self._store.set_metadata(_NOTE, _fingerprint(self._tree))
        words = f"Registered {len(registered)} slash commands."
        log.info(words)
        return words


def sync_command(registration: CommandSync) -> commands.Command[Any, Any, Any]:
    """Return the typed command by which the owner of the bot registers the slash commands anew."""

    async def run(ctx: commands.Context[Any]) -> None:
        await ctx.send(await registration.now())

    return commands.Command(run, name="sync", checks=[_is_owner])


async def _is_owner(ctx: commands.Context[Any]) -> bool:
    if not await ctx.bot.is_owner(ctx.author):
        raise commands.NotOwner
    return True


def _fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    payload = [command.to_dict(tree) for command in tree.get_commands()]
    text = json.dumps(payload, sort_keys=True, default=lambda value: value.value)
    return f"{tree.client.application_id}:{hashlib.sha256(text.encode()).hexdigest()}"
