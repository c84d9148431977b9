"""Typed messages answered: as replies to them, in private where that is due, corrected by edits."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.app.background import in_background
from bot.app.context import RequestContext
from bot.commands.command import Command
from bot.commands.dispatch import dispatch
from bot.commands.registry import BY_NAME
from bot.discord.callers import caller_of
from bot.discord.markdown import escape
from bot.discord.sending import deliver
from bot.discord.sharding import serves
from bot.discord.slash_commands import upload_of
from bot.replies import Reply
from bot.uploads import Upload

if TYPE_CHECKING:
    from bot.discord.client import ReeltwinBot

log = logging.getLogger(__name__)

Context = commands.Context["ReeltwinBot"]
Work = Callable[[RequestContext], Awaitable[Reply]]

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


class TypedAnswers:
    """The answers to typed messages, by message, so that an edit corrects its answer."""

    def __init__(self, bot: "ReeltwinBot") -> None:
        self._bot = bot
        self._answers: OrderedDict[int, list[discord.Message]] = OrderedDict()

    async def dispatch(self, ctx: Context, message: str) -> None:
        """Do what was typed behind the prefix, and say what came of it."""
        if not _may_write(ctx):
            await _tell_in_private(ctx)
            return
        guild = ctx.guild.id if ctx.guild else None
        request = caller_of(ctx.author, guild, ctx.channel.id, source=str(ctx.message.id))
        context = self._bot.context

        async def work(request: RequestContext) -> Reply:
            return await dispatch(context, request, message, lambda text: _upload(ctx))

        command = BY_NAME.get(message.split(maxsplit=1)[0])
        async with in_background(_show_typing(ctx), "showing that the bot types"):
            if command is not None and command.private and ctx.guild is not None:
                reply = await self._in_private(ctx, request, command, work)
            else:
                reply = await self._bot.with_cooldown(request, _asked_at(ctx), work)
        await self.deliver(ctx, reply)

    async def deliver(self, ctx: Context, reply: Reply) -> None:
        """Reply to a message, or change the reply that it had before it was edited."""
        if not _may_write(ctx):
            await _tell_in_private(ctx)
            return
        # The question may have been deleted in the meantime: then it is answered all the same.
        reference = ctx.message.to_reference(fail_if_not_exists=False)
        permissions = _permissions(ctx)

        async def send(**parts: Any) -> discord.Message:
            if permissions.read_message_history:  # without it Discord lets nobody reply
                parts["reference"] = reference
            return await ctx.send(**parts)

        first, *others = self._answers.pop(ctx.message.id, [None])
        edit = first.edit if first else None
        shown = await deliver(reply, str(ctx.author.id), send, permissions, edit)
        for outdated in others:
            if outdated is not None:
                with suppress(discord.NotFound):
                    await outdated.delete()
        self._answers[ctx.message.id] = shown
        if len(self._answers) > ANSWERS_KEPT:
            self._answers.popitem(last=False)
        await self._bot.shown(reply, shown)

    async def _in_private(
        self, ctx: Context, request: RequestContext, command: Command, work: Work
    ) -> Reply:
        """Answer by direct message; returns what is said of it where others read along."""
        asker, upload = str(ctx.author.id), _upload(ctx)
        if upload and not serves(self._bot, None):
            # The file would wait here, while what is pressed there is heard by another process.
            return SEND_IT_ELSEWHERE
        beginning = Reply(text=f"Reading {upload.name} …" if upload else "One moment …")
        try:
            # First, as nothing is to be done for somebody who cannot be told of it.
            (begun,) = await deliver(beginning, asker, ctx.author.send, NEEDED)
            reply = await self._bot.with_cooldown(request, _asked_at(ctx), work)
            shown = await deliver(reply, asker, ctx.author.send, NEEDED, begun.edit)
        except discord.Forbidden:
            log.info("user %s takes no direct messages for %s", ctx.author.id, command.name)
            return NO_DIRECT_MESSAGES
        if serves(self._bot, None):  # else another process hears what is pressed there
            await self._bot.shown(reply, shown)
        return IN_PRIVATE


async def _show_typing(ctx: Context) -> None:
    # Most answers are there before anybody would see it, and Discord counts each request.
    await asyncio.sleep(TYPING_AFTER)
    async with ctx.typing():
        await asyncio.Event().wait()  # until the answer is there


def _upload(ctx: Context) -> Upload | None:
    files = ctx.message.attachments
    return upload_of(files[0]) if files else None


def _asked_at(ctx: Context) -> float:
    return (ctx.message.edited_at or ctx.message.created_at).timestamp()


def _may_write(ctx: Context) -> bool:
    may = _permissions(ctx)
    return may.send_messages_in_threads if _in_thread(ctx) else may.send_messages


def _permissions(ctx: Context) -> discord.Permissions:
    """What the bot may do there; where discord.py does not know the place, it is worth a try."""
    unknown = isinstance(ctx.channel, discord.PartialMessageable)
    return NEEDED if unknown else ctx.bot_permissions


def _in_thread(ctx: Context) -> bool:
    return isinstance(ctx.channel, discord.Thread)


async def _tell_in_private(ctx: Context) -> None:
    """Say which permission is missing where the bot may not write."""
    name = "Send Messages in Threads" if _in_thread(ctx) else "Send Messages"
    place = escape(str(ctx.channel))  # a thread is called what anybody likes
    try:
        await ctx.author.send(f"I heard you but may not answer in {place}: I need “{name}”.")
    except discord.Forbidden:
        log.info("user %s can be told nothing: neither there nor in private", ctx.author.id)
