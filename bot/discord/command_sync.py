"""Slash commands told to Discord, but only when they are not those it was told last."""

import hashlib
import json
import logging
from typing import Any

from discord import app_commands
from discord.ext import commands

from storage import Store

log = logging.getLogger(__name__)

_NOTE = "slash commands"


async def sync_when_changed(tree: app_commands.CommandTree[Any], store: Store) -> None:
    """Register the tree's commands globally where they differ from those registered before.

    Each registration counts towards a daily limit and empties clients' caches, so a restart should
    not make one.

    Parameters
    ----------
    tree
        The slash commands.
    store
        Remembers what was registered, and for which application.
    """
    if await store.metadata(_NOTE) != _fingerprint(tree):
        await sync(tree, store)


async def sync(tree: app_commands.CommandTree[Any], store: Store) -> int:
    """Register the tree's commands in any case, and return how many there are.

    Parameters
    ----------
    tree, store
        As for :func:`sync_when_changed`.
    """
    registered = await tree.sync()
    await store.set_metadata(_NOTE, _fingerprint(tree))
    log.info("registered %d slash commands", len(registered))
    return len(registered)


def sync_command(store: Store) -> commands.Command[Any, Any, Any]:
    """Return the typed command by which the owner of the bot registers the slash commands anew."""

    async def run(ctx: commands.Context[Any]) -> None:
        number = await sync(ctx.bot.tree, store)
        await ctx.send(f"Registered {number} slash commands.")

    return commands.Command(run, name="sync", checks=[_is_owner])


async def _is_owner(ctx: commands.Context[Any]) -> bool:
    if not await ctx.bot.is_owner(ctx.author):
        raise commands.NotOwner
    return True


def _fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    payload = [command.to_dict(tree) for command in tree.get_commands()]
    text = json.dumps(payload, sort_keys=True, default=lambda value: value.value)
    return f"{tree.client.application_id}:{hashlib.sha256(text.encode()).hexdigest()}"
