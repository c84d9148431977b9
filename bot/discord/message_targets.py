"""Typed messages: answered by replies, in private where that is due, corrected by edits."""

import asyncio
import logging
from collections import OrderedDict
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any

import discord
from discord.ext import commands

from bot.app.background import in_background
from bot.discord.callers import guild_id_of, may_moderate, request_context
from bot.discord.errors import attempt, report_to_channel
from bot.discord.markdown import escape
from bot.discord.responder import ReplyTarget
from bot.discord.sending import deliver
from bot.discord.sharding import serves
from bot.discord.uploads import upload_of_message
from bot.replies import Reply

log = logging.getLogger(__name__)

Context = commands.Context[Any]

TYPING_AFTER = 0.5  # seconds of work from which on the bot is seen typing
ANSWERS_KEPT = 1_000  # messages whose answers can be corrected when they are edited

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)

IN_PRIVATE = Reply(text="I answered you in a direct message.")
NO_DIRECT_MESSAGES = Reply(
    text="This is for you alone, and you take no direct messages from here. Allow them for this "
    "server, or use the slash command: only you see its answer."
)
SEND_IT_ELSEWHERE = Reply(
    text="Files are private. Please send it to me in a direct message, or by the slash command: "
    "only you see its answer."
)


class AnswerHistory:
    """The latest answers by the ids of the messages they answer, so that an edit corrects them."""

    def __init__(self) -> None:
        self._answers: OrderedDict[int, list[discord.Message]] = OrderedDict()

    def take(self, message_id: int) -> list[discord.Message]:
        """Return the messages that answered one, and forget them; none for a new one."""
        return self._answers.pop(message_id, [])

    def put(self, message_id: int, answers: list[discord.Message]) -> None:
        """Remember what answers a message; the oldest answers are forgotten for it."""
        self._answers[message_id] = answers
        if len(self._answers) > ANSWERS_KEPT:
            self._answers.popitem(last=False)


class MessageTarget(ReplyTarget):
    """A reply in the channel of a message, or what became of it before the message was edited.

    Parameters
    ----------
    ctx
        The message.
    label
        What it is called in the log: "!rate".
    history
        What was answered before.
    """

    def __init__(self, ctx: Context, label: str, history: AnswerHistory) -> None:
        message = ctx.message
        self.request = request_context(
            ctx.author,
            guild_id_of(message),
            ctx.channel.id,
            source=str(message.id),
            moderates=may_moderate(message),
        )
        self.asked_at = (message.edited_at or message.created_at).timestamp()
        self._ctx = ctx
        self._label = label
        self._history = history

    @property
    def turn_key(self) -> int:
        return self._ctx.message.id  # an edit corrects what the message did before

    def show_progress(self) -> AbstractAsyncContextManager[None]:
        return in_background(_show_typing(self._ctx), "showing that the bot types")

    async def show(self, reply: Reply) -> list[discord.Message]:
        ctx = self._ctx
        # The question may have been deleted in the meantime: then it is answered all the same.
        reference = ctx.message.to_reference(fail_if_not_exists=False)
        permissions = _permissions(ctx)

        async def send(**parts: Any) -> discord.Message:
            if permissions.read_message_history:  # without it Discord lets nobody reply
                parts["reference"] = reference
            return await ctx.send(**parts)

        before = self._history.take(ctx.message.id)
        edit = before[0].edit if before else None
        shown = await deliver(reply, str(ctx.author.id), send, permissions, edit)
        for outdated in before[1:]:
            with suppress(discord.NotFound):
                await outdated.delete()
        self._history.put(ctx.message.id, shown)
        return shown

    async def report(self, error: Exception) -> None:
        await report_to_channel(error, self._label, self._ctx)


class DirectMessageTarget(MessageTarget):
    """A direct message to a user who asks in a server what concerns them alone."""

    _begun: discord.Message | None = None

    async def acknowledge(self) -> Reply | None:
        upload = upload_of_message(self._ctx.message)
        if upload and not self._heard_here:
            # The file would wait here, while what is pressed there is heard by another process.
            return SEND_IT_ELSEWHERE
        beginning = Reply(text=f"Reading {upload.name} …" if upload else "One moment …")
        try:
            # First, as nothing is to be done for a user who cannot be told of it.
            (self._begun,) = await self._deliver_directly(beginning)
        except discord.Forbidden:
            return self._refused()
        return None

    async def show(self, reply: Reply) -> list[discord.Message]:
        if self._begun is None:
            return await super().show(reply)
        try:
            shown = await self._deliver_directly(reply)
        except discord.Forbidden:
            return await super().show(self._refused())
        noted = await super().show(IN_PRIVATE)
        return [*shown, *noted] if self._heard_here else noted

    @property
    def _heard_here(self) -> bool:
        """Whether this process hears what is pressed in direct messages."""
        return serves(self._ctx.bot, None)

    async def _deliver_directly(self, reply: Reply) -> list[discord.Message]:
        author = self._ctx.author
        edit = self._begun.edit if self._begun else None
        return await deliver(reply, str(author.id), author.send, NEEDED, edit)

    def _refused(self) -> Reply:
        name = self._ctx.command.name if self._ctx.command else "?"
        log.info("user %s takes no direct messages for %s", self._ctx.author.id, name)
        return NO_DIRECT_MESSAGES


def may_write(ctx: Context) -> bool:
    """Whether the bot may answer where a message was sent."""
    permissions = _permissions(ctx)
    return permissions.send_messages_in_threads if _in_thread(ctx) else permissions.send_messages


async def tell_why_silent(ctx: Context) -> None:
    """Say in private which permission is missing where the bot may not write."""
    name = "Send Messages in Threads" if _in_thread(ctx) else "Send Messages"
    place = escape(str(ctx.channel))  # users choose the names of threads

    async def tell() -> None:
        try:
            await ctx.author.send(f"I heard you but may not answer in {place}: I need “{name}”.")
        except discord.Forbidden:
            log.info("user %s can be told nothing: neither there nor in private", ctx.author.id)

    await attempt(tell(), f"user {ctx.author.id} why they are not answered")


async def _show_typing(ctx: Context) -> None:
    # Most answers are there before anybody would see it, and Discord counts each request.
    await asyncio.sleep(TYPING_AFTER)
    async with ctx.typing():
        await asyncio.Event().wait()  # until the answer is there


def _permissions(ctx: Context) -> discord.Permissions:
    """What the bot may do there; where discord.py does not know the place, it is worth a try."""
    unknown = isinstance(ctx.channel, discord.PartialMessageable)
    return NEEDED if unknown else ctx.bot_permissions


def _in_thread(ctx: Context) -> bool:
    return isinstance(ctx.channel, discord.Thread)
