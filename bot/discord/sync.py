"""Slash commands told to Discord, but only when they are not what it knows already."""

import logging
from typing import Any

from discord import app_commands

log = logging.getLogger(__name__)

# What a person can see of a command. The rest Discord fills in by itself.
VISIBLE = (
    "name",
    "description",
    "type",
    "options",
    "required",
    "choices",
    "value",
    "min_value",
    "max_value",
    "autocomplete",
)


async def sync_when_changed(tree: app_commands.CommandTree[Any]) -> None:
    """Register the tree's commands globally where they differ from those registered.

    Each registration counts towards a daily limit and empties clients' caches, so a restart should
    not make one.
    """
    known = [command.to_dict() for command in await tree.fetch_commands()]
    ours = [command.to_dict(tree) for command in tree.get_commands()]
    if _visible(known) == _visible(ours):
        return
    await tree.sync()
    log.info("registered %d slash commands", len(ours))


def _visible(commands: list[Any]) -> list[Any]:
    return sorted((_stripped(command) for command in commands), key=lambda command: command["name"])


def _stripped(value: Any) -> Any:
    """Only what is visible, without what is unset: Discord leaves that out, discord.py does not."""
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    if isinstance(value, dict):
        kept = {key: _stripped(value[key]) for key in VISIBLE if key in value}
        return {key: item for key, item in kept.items() if item not in (None, False, [])}
    return getattr(value, "value", value)
