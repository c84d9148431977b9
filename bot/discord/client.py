"""The bot on Discord: what it hears, how it answers, how it comes and goes."""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from math import ceil
from typing import Any, cast

import discord
from discord.ext import commands

from bot import help as helping
from bot.answering import answer, nearest_command, unknown_command
from bot.command import Command
from bot.commands import COMMANDS
from bot.discord.bedtime import Bedtime
from bot.discord.controls import ButtonControl, MenuControl
from bot.discord.delivery import Send, deliver
from bot.discord.paste import rate_many
from bot.discord.people import caller_of
from bot.discord.slash import slash_command
from bot.discord.sync import sync, sync_when_changed
from bot.discord.troubles import report, tell
from bot.replies import Reply, Tone
from bot.services import Caller, Services

log = logging.getLogger(__name__)

Context = commands.Context["ReeltwinBot"]
Work = Callable[[Caller], Awaitable[Reply]]

LAST_WORDS = 5.0  # seconds that answers under way have when the bot is told to stop
BEDTIME = 14 * 60.0  # seconds without use after which controls are switched off
ANSWERS_KEPT = 1_000  # messages whose answers can be corrected when they are edited

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)


class Tree(discord.app_commands.CommandTree["ReeltwinBot"]):
    async def on_error(
        self,
        interaction: discord.Interaction["ReeltwinBot"],
        error: discord.app_commands.AppCommandError,
        /,
    ) -> None:
        name = interaction.command.name if interaction.command else "?"
        await report(error, f"/{name}", interaction, lambda words: tell(interaction, words))


class ReeltwinBot(commands.AutoShardedBot):
    """The client.

    Parameters
    ----------
    services
        What it can do. Commands begin with their prefix, or with a mention of the bot.
    pace
        At most so many commands (first) of one person in so many seconds (second).
    bedtime
        Seconds without use after which the controls of a message are switched off.
    reads_messages
        Whether Discord grants the bot the content of messages. Without it only slash commands,
        mentions and direct messages are heard.
    options
        Handed to `discord.Client`.
    """

    def __init__(
        self,
        services: Services,
        *,
        pace: tuple[int, float] = (5, 10.0),
        bedtime: float = BEDTIME,
        reads_messages: bool = True,
        **options: Any,
    ) -> None:
        greeting = f"{services.typed('help')} or /help" if reads_messages else "/help"
        super().__init__(
            commands.when_mentioned_or(services.prefix),
            case_insensitive=True,
            strip_after_prefix=True,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True, messages=True, message_content=reads_messages),
            allowed_mentions=discord.AllowedMentions.none(),
            activity=discord.Activity(type=discord.ActivityType.listening, name=greeting),
            **options,
        )
        self.services = services
        self._pace = commands.CooldownMapping[Caller].from_cooldown(*pace, _user_id)
        self._bedtime = Bedtime(bedtime)
        self._answers: OrderedDict[int, list[discord.Message]] = OrderedDict()
        self._answering: set[asyncio.Task[Any]] = set()
        for command in COMMANDS:
            self.add_command(_by_prefix(command))
            self.tree.add_command(slash_command(command))
        self.tree.add_command(rate_many)
        self.add_command(commands.Command(_sync, name="sync", checks=[_is_owner]))

    async def setup_hook(self) -> None:
        self.add_dynamic_items(ButtonControl, MenuControl)
        await sync_when_changed(self.tree, self.services.store)
        address = discord.utils.oauth_url(self.application_id or 0, permissions=NEEDED)
        log.info("invite the bot to a server: %s", address)

    async def on_ready(self) -> None:
        log.info("on Discord as %s, in %d servers", self.user, len(self.guilds))

    async def close(self) -> None:
        """Leave, but finish the answers under way first: what was saved is also confirmed."""
        self._bedtime.close()
        if self._answering:
            await asyncio.wait(self._answering, timeout=LAST_WORDS)
        await super().close()

    # what it hears

    async def on_message(self, message: discord.Message, /) -> None:
        if message.author.bot:
            return
        if self.user and re.fullmatch(rf"<@!?{self.user.id}>", message.content.strip()):
            await self.answer_message(await self.get_context(message), "help")
        else:
            await self.process_commands(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Hear a message again whose words were changed: what it did and was told is corrected."""
        message, before = payload.message, payload.cached_message
        # Discord also calls it an edit when it adds the preview of a link.
        if message.edited_at and (before is None or before.content != message.content):
            await self.on_message(message)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say hello with the first steps, where there is a place to."""
        places = [guild.system_channel, *guild.text_channels]
        for place in places:
            if place is not None and place.permissions_for(guild.me).send_messages:
                reply = helping.welcome(self.services)
                await deliver(reply, "0", place.send, place.permissions_for(guild.me))
                return
        log.info("no channel of server %s lets the bot say hello", guild.id)

    async def on_command_error(self, ctx: Context, error: commands.CommandError, /) -> None:  # type: ignore[override]
        typed = ctx.invoked_with or ""
        if not isinstance(error, commands.CommandNotFound):
            await report(error, self.services.typed(typed), ctx, ctx.send)
        # Other bots share the prefix: only what is nearly a command of ours is taken for a slip.
        elif ctx.prefix != self.services.prefix or (typed.isalpha() and nearest_command(typed)):
            if _may_write(ctx):
                await self._deliver_typed(ctx, unknown_command(self.services, typed))
            else:
                await _tell_in_private(ctx)

    # how it answers

    async def answer_message(self, ctx: Context, message: str) -> None:
        """Answer what was typed after the prefix, as a reply to it."""
        if not _may_write(ctx):
            await _tell_in_private(ctx)
            return
        with self._answer_under_way():
            guild = ctx.guild.id if ctx.guild else None
            caller = caller_of(ctx.author, guild, source=str(ctx.message.id))
            asked_at = ctx.message.edited_at or ctx.message.created_at
            async with ctx.typing():
                reply = await self._paced(
                    caller, asked_at, lambda caller: answer(self.services, caller, message)
                )
            await self._deliver_typed(ctx, reply)

    async def answer_interaction(
        self,
        interaction: discord.Interaction["ReeltwinBot"],
        work: Work,
        *,
        here: bool = False,
        private: bool = False,
    ) -> None:
        """Answer an interaction that was acknowledged already.

        ``here``: in the place of the message whose control was used, else by follow-ups.
        ``private``: nobody but the asker sees the follow-ups.
        """
        with self._answer_under_way():
            caller = caller_of(interaction.user, interaction.guild_id)
            reply = await self._paced(caller, interaction.created_at, work)
            asker, send = str(interaction.user.id), cast(Send, interaction.followup.send)
            if private:  # Discord remembers it for the first follow-up only
                send = _private(send)
            if here and reply.tone is Tone.PROBLEM:
                # What it was said to stays as it is, to be used again.
                await deliver(reply, asker, _private(send), interaction.app_permissions)
                return
            edit = interaction.edit_original_response if here else None
            self.watch(await deliver(reply, asker, send, interaction.app_permissions, edit))

    async def _deliver_typed(self, ctx: Context, reply: Reply) -> None:
        """Reply to a message, or change the reply that it had before it was edited."""
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
        self.watch(shown)

    def watch(self, shown: Iterable[discord.Message]) -> None:
        """Let the time of messages that were shown or used just now begin."""
        for message in shown:
            self._bedtime.watch(message)

    async def _paced(self, caller: Caller, asked_at: datetime, work: Work) -> Reply:
        wait = self._pace.update_rate_limit(caller, asked_at.timestamp())
        if wait:
            words = f"One after the other, please: I listen again in {ceil(wait)} s."
            return Reply(text=words, tone=Tone.PROBLEM)
        return await work(caller)

    @contextmanager
    def _answer_under_way(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - every caller is a coroutine
        self._answering.add(task)
        try:
            yield
        finally:
            self._answering.discard(task)


def _by_prefix(command: Command) -> commands.Command[Any, Any, Any]:
    async def run(ctx: Context, *, text: str = "") -> None:
        await ctx.bot.answer_message(ctx, f"{command.name} {text}")

    return commands.Command(run, name=command.name, aliases=command.also, help=command.summary)


async def _sync(ctx: Context) -> None:
    """Register the slash commands anew, for the owner of the bot."""
    number = await sync(ctx.bot.tree, ctx.bot.services.store)
    await ctx.send(f"Registered {number} slash commands.")


async def _is_owner(ctx: Context) -> bool:
    if not await ctx.bot.is_owner(ctx.author):
        raise commands.NotOwner
    return True


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
    try:
        await ctx.author.send(f"I heard you but may not answer in {ctx.channel}: I need “{name}”.")
    except discord.Forbidden:
        log.info("user %s can be told nothing: neither there nor in private", ctx.author.id)


def _private(send: Send) -> Send:
    async def privately(**parts: Any) -> discord.Message:
        return await send(ephemeral=True, **parts)

    return privately


def _user_id(caller: Caller) -> str:
    return caller.user_id
