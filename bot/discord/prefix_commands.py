"""The typed commands, as discord.py finds them behind the prefix or a mention of the bot."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from bot.app.context import AppContext
from bot.commands.command import Command
from bot.commands.dispatch import invoke, nearest_command, read_values, unknown_command
from bot.discord.callers import guild_id_of
from bot.discord.errors import report_to_channel
from bot.discord.message_targets import (
    AnswerHistory,
    Context,
    DirectMessageTarget,
    MessageTarget,
    may_write,
    tell_why_silent,
)
from bot.discord.responder import Responder
from bot.discord.uploads import upload_of_message
from bot.replies import Reply


def prefixes(
    context: AppContext,
) -> Callable[[commands.AutoShardedBot, discord.Message], list[str]]:
    """Return what tells discord.py with what a command begins.

    That is the prefix, or the mention that a message begins with, whatever blanks are behind it.
    """

    def find(bot: commands.AutoShardedBot, message: discord.Message) -> list[str]:
        mention = re.match(rf"<@!?{bot.user.id if bot.user else 0}>\s*", message.content)
        return [mention[0], context.prefix] if mention else [context.prefix]

    return find


def prefix_command(
    command: Command, responder: Responder, history: AnswerHistory
) -> commands.Command[Any, Any, Any]:
    """Return the command as it is typed: what stands behind its name is read and answered.

    Parameters
    ----------
    command
        The command.
    responder
        Answers.
    history
        What was answered before, shared by all commands.
    """
    context = responder.context

    async def run(ctx: Context, *, text: str = "") -> None:
        if not may_write(ctx):
            await tell_why_silent(ctx)
            return
        alone = command.private and guild_id_of(ctx.message) is not None
        kind = DirectMessageTarget if alone else MessageTarget
        target = kind(ctx, context.typed(ctx.invoked_with or command.name), history)
        values = partial(
            read_values, context, command, text, lambda _: upload_of_message(ctx.message)
        )
        await responder.respond(target, partial(invoke, context, target.request, command, values))

    return commands.Command(run, name=command.name, aliases=command.aliases, help=command.summary)


async def answer_failure(
    error: commands.CommandError, ctx: Context, responder: Responder, history: AnswerHistory
) -> None:
    """Tell what is wrong with a typed message that led to no command, or failed before it.

    Parameters
    ----------
    error
        What discord.py says of it.
    ctx
        The message. Other bots share the prefix, so a word that is nearly no command of ours is
        left to them.
    responder, history
        As for :func:`prefix_command`.
    """
    context, typed = responder.context, ctx.invoked_with or ""
    if not isinstance(error, commands.CommandNotFound):
        await report_to_channel(error, context.typed(typed), ctx)
    elif ctx.prefix != context.prefix or (typed.isalpha() and nearest_command(typed)):
        if not may_write(ctx):
            await tell_why_silent(ctx)
            return
        target = MessageTarget(ctx, context.typed(typed), history)

        async def explain() -> Reply:
            return unknown_command(context, typed)

        await responder.respond(target, explain)
