"""Replies sent out, or a sentence on which permission is missing to show them."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import discord

from bot.discord.render import Page, render
from bot.replies import Reply

Send = Callable[..., Awaitable[discord.Message]]

NO_FILES = "The picture is missing: I need “Attach Files” to show it here."


async def deliver(
    reply: Reply,
    asker: str,
    send: Send,
    permissions: discord.Permissions,
    edit: Send | None = None,
) -> list[discord.Message]:
    """Show `reply` by `send`, one of discord.py's, where the bot has `permissions`.

    Its first message takes the place of another where there is `edit` to change that one, unless
    somebody deleted it. A picture that may not be shown is replaced by a sentence that names the
    missing permission.
    """
    if reply.picture is not None and not permissions.attach_files:
        text = f"{reply.text}\n{NO_FILES}" if reply.text else NO_FILES
        reply = replace(reply, picture=None, text=text)
    first, *others = render(reply, asker)
    message = await _put(first, send, edit)
    return [message, *[await send(**page.new()) for page in others]]


async def _put(page: Page, send: Send, edit: Send | None) -> discord.Message:
    if edit is not None:
        with suppress(discord.NotFound):
            return await edit(**page.edited())
    return await send(**page.new())
