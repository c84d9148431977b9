"""Replies sent out, or a sentence on which permission is missing to show them."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import discord

from bot.discord.render import RenderedMessage, render
from bot.replies import Reply

Send = Callable[..., Awaitable[discord.Message]]

NO_PICTURE = "The picture is missing: I need “Attach Files” to show it here."
NO_DOCUMENT = "The file is missing: I need “Attach Files” to send it here."


async def deliver(
    reply: Reply,
    asker: str,
    send: Send,
    permissions: discord.Permissions,
    edit: Send | None = None,
) -> list[discord.Message]:
    """Show a reply; a file that may not be shown becomes a sentence on what is missing.

    Parameters
    ----------
    reply
        The reply.
    asker
        Discord's id of the user who may use its controls.
    send
        A method of discord.py that sends a message.
    permissions
        What the bot may do there.
    edit
        A method that changes an earlier message, whose place the first one takes, unless it
        was deleted.

    Returns
    -------
    list of discord.Message
        The messages as they are shown, at least one.
    """
    if not permissions.attach_files:
        reply = _without_files(reply)
    first, *others = render(reply, asker)
    message = await _put(first, send, edit)
    return [message, *[await send(**rendered.new()) for rendered in others]]


def _without_files(reply: Reply) -> Reply:
    missing = [NO_PICTURE] if reply.picture else []
    missing += [NO_DOCUMENT] if reply.document else []
    text = "\n".join(filter(None, [reply.text, *missing]))
    return replace(reply, picture=None, document=None, text=text)


async def _put(rendered: RenderedMessage, send: Send, edit: Send | None) -> discord.Message:
    if edit is not None:
        with suppress(discord.NotFound):
            return await edit(**rendered.edited())
    return await send(**rendered.new())
