"""Replies sent out, or a sentence on which permission is missing to show them."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.discord.render import Page, render
from bot.replies import Reply

Send = Callable[..., Awaitable[Any]]


async def deliver(reply: Reply, asker: str, send: Send, permissions: discord.Permissions) -> None:
    """Show `reply` by `send`, one of discord.py's, where the bot has `permissions`.

    What may not be shown there is replaced by one sentence that names the missing permissions.
    """
    pages = render(reply, asker)
    if missing := _missing(pages, permissions):
        names = " and ".join(f"“{name}”" for name in missing)
        await send(content=f"I have an answer but may not show it here: I need {names}.")
        return
    for page in pages:
        await send(**page.message())


def _missing(pages: list[Page], permissions: discord.Permissions) -> list[str]:
    needed = {"Embed Links": permissions.embed_links}
    if any(page.picture for page in pages):
        needed["Attach Files"] = permissions.attach_files
    return [name for name, granted in needed.items() if not granted]
