"""The bot on Discord: what it hears, how it answers, how it comes and goes."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from math import ceil
from typing import Any, cast
from weakref import WeakValueDictionary

import discord
from discord.ext import commands

from bot.app.context import AppContext, RequestContext
from bot.commands import help as helping
from bot.commands.command import Command
from bot.commands.dispatch import nearest_command, unknown_command
from bot.commands.registry import COMMANDS
from bot.discord.bulk_rating_modal import rate_many
from bot.discord.callers import caller_of
from bot.discord.command_sync import sync, sync_when_changed
from bot.discord.components import EVERYBODY, ButtonControl, MenuControl
from bot.discord.errors import report, tell
from bot.discord.prefix_commands import NEEDED, TypedAnswers
from bot.discord.sending import Send, deliver
from bot.discord.sharding import serves, shards_here
from bot.discord.slash_commands import slash_command
from bot.discord.view_timeouts import ViewTimeouts
from bot.discord.vote_timer import VoteTimer
from bot.replies import Reply, Severity

log = logging.getLogger(__name__)

Context = commands.Context["ReeltwinBot"]
Work = Callable[[RequestContext], Awaitable[Reply]]

LAST_WORDS = 5.0  # seconds that answers under way have when the bot is told to stop
FACE = "discord:"  # what the ids of people begin with
ASKED_AT_ONCE = 100  # people that Discord tells of in one answer
ROLL_TAKES = 3.0  # seconds that Discord has to tell who is there
BEDTIME = 14 * 60.0  # seconds without use after which controls are switched off


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
        At most so many commands (first) of one person in so many seconds (second): ten taps of the
        quiz are not too many.
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
        context: AppContext,
        *,
        pace: tuple[int, float] = (12, 10.0),
        bedtime: float = BEDTIME,
        reads_messages: bool = True,
        **options: Any,
    ) -> None:
        greeting = f"{context.typed('help')} or /help" if reads_messages else "/help"
        super().__init__(
            _prefixes,
            case_insensitive=True,
            strip_after_prefix=True,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True, messages=True, message_content=reads_messages),
            allowed_mentions=discord.AllowedMentions.none(),
            activity=discord.Activity(type=discord.ActivityType.listening, name=greeting),
            **options,
        )
        self.context = context
        self._pace = commands.CooldownMapping[RequestContext].from_cooldown(*pace, _user_id)
        self._bedtime = ViewTimeouts(bedtime)
        self._typed = TypedAnswers(self)
        self._votes = VoteTimer(self)
        # Of messages that several people use at once: each sees what the one before did.
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        context.members.ask_presence_of(self._who_is_there)
        self._answering: set[asyncio.Task[Any]] = set()
        for command in COMMANDS:
            self.add_command(_by_prefix(command))
            self.tree.add_command(slash_command(command))
        self.tree.add_command(rate_many)
        self.add_command(commands.Command(_sync, name="sync", checks=[_is_owner]))

    async def setup_hook(self) -> None:
        self.add_dynamic_items(ButtonControl, MenuControl)
        if serves(self, None):  # several processes at once would register them several times
            await sync_when_changed(self.tree, self.context.store)
        address = discord.utils.oauth_url(self.application_id or 0, permissions=NEEDED)
        log.info("invite the bot to a server: %s", address)
        await self._votes.resume()

    async def on_ready(self) -> None:
        shards = ", ".join(map(str, shards_here(self)))
        words = "on Discord as %s, in %d servers (shards %s of %s)"
        log.info(words, self.user, len(self.guilds), shards, self.shard_count)

    async def close(self) -> None:
        """Leave, but finish the answers under way first: what was saved is also confirmed."""
        self._bedtime.close()
        self._votes.close()
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
                reply = helping.welcome(self.context)
                await deliver(reply, EVERYBODY, place.send, place.permissions_for(guild.me))
                return
        log.info("no channel of server %s lets the bot say hello", guild.id)

    async def on_command_error(self, ctx: Context, error: commands.CommandError, /) -> None:  # type: ignore[override]
        typed = ctx.invoked_with or ""
        if not isinstance(error, commands.CommandNotFound):
            await report(error, self.context.typed(typed), ctx, ctx.send)
        # Other bots share the prefix: only what is nearly a command of ours is taken for a slip.
        elif ctx.prefix != self.context.prefix or (typed.isalpha() and nearest_command(typed)):
            await self._typed.deliver(ctx, unknown_command(self.context, typed))

    # how it answers

    async def answer_message(self, ctx: Context, message: str) -> None:
        """Answer what was typed after the prefix."""
        with self._answer_under_way():
            await self._typed.dispatch(ctx, message)

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
            request = caller_of(interaction.user, interaction.guild_id, interaction.channel_id)
            asker, send = str(interaction.user.id), cast(Send, interaction.followup.send)
            if private:  # Discord remembers it for the first follow-up only
                send = _private(send)
            turn = self._turn_of(interaction.message) if here else nullcontext()
            async with turn:
                reply = await self.with_cooldown(request, interaction.created_at.timestamp(), work)
                if here and reply.tone is Severity.PROBLEM:
                    # What it was said to stays as it is, to be used again.
                    await deliver(reply, asker, _private(send), interaction.app_permissions)
                    return
                edit = interaction.edit_original_response if here else None
                shown = await deliver(reply, asker, send, interaction.app_permissions, edit)
            await self.shown(reply, shown)

    async def shown(self, reply: Reply, messages: list[discord.Message]) -> None:
        """Note what was shown: its controls go to sleep some time, a vote is closed in its."""
        if reply.vote_id is None:
            self.watch(messages)
            return
        await self._votes.shown(reply.vote_id, reply.closes_at, messages[0])
        self._bedtime.let_go(messages[0].id)

    def watch(self, shown: Iterable[discord.Message]) -> None:
        """Let the time of messages that were shown or used just now begin; a vote has its own."""
        for message in shown:
            if not self._votes.is_open_in(message):
                self._bedtime.watch(message)

    async def with_cooldown(self, request: RequestContext, asked_at: float, work: Work) -> Reply:
        """Do the work, unless the caller asks too often; ``asked_at`` is in seconds since 1970."""
        wait = self._pace.update_rate_limit(request, asked_at)
        if wait:
            words = f"One after the other, please: I listen again in {ceil(wait)} s."
            return Reply(text=words, tone=Severity.PROBLEM)
        return await work(request)

    async def _who_is_there(self, guild_id: str, user_ids: set[str]) -> set[str]:
        """Of some people those who are in a server; all of them where Discord does not say."""
        guild = self.get_guild(int(guild_id))
        if guild is None:
            return user_ids
        ours = sorted(int(user.removeprefix(FACE)) for user in user_ids if user.startswith(FACE))
        there: set[str] = set()
        try:
            async with asyncio.timeout(ROLL_TAKES):
                for start in range(0, len(ours), ASKED_AT_ONCE):
                    some = ours[start : start + ASKED_AT_ONCE]
                    found = await guild.query_members(user_ids=some, limit=len(some), cache=False)
                    there |= {f"{FACE}{member.id}" for member in found}
        except (OSError, discord.ConnectionClosed):  # among them what takes too long
            log.warning("Discord does not say who is in server %s", guild_id)
            return user_ids
        return there

    def _turn_of(self, message: discord.Message | None) -> asyncio.Lock:
        # Held by whoever waits for it, and gone with the last of them.
        lock: asyncio.Lock = self._turns.setdefault(message.id if message else 0, asyncio.Lock())
        return lock

    @contextmanager
    def _answer_under_way(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - every caller is a coroutine
        self._answering.add(task)
        try:
            yield
        finally:
            self._answering.discard(task)


def _prefixes(bot: "ReeltwinBot", message: discord.Message) -> list[str]:
    """The prefix, and the mention that a message begins with, whatever blanks are behind it."""
    mention = re.match(rf"<@!?{bot.user.id if bot.user else 0}>\s*", message.content)
    return [mention[0], bot.context.prefix] if mention else [bot.context.prefix]


def _by_prefix(command: Command) -> commands.Command[Any, Any, Any]:
    async def run(ctx: Context, *, text: str = "") -> None:
        await ctx.bot.answer_message(ctx, f"{command.name} {text}")

    return commands.Command(run, name=command.name, aliases=command.aliases, help=command.summary)


async def _sync(ctx: Context) -> None:
    """Register the slash commands anew, for the owner of the bot."""
    number = await sync(ctx.bot.tree, ctx.bot.context.store)
    await ctx.send(f"Registered {number} slash commands.")


async def _is_owner(ctx: Context) -> bool:
    if not await ctx.bot.is_owner(ctx.author):
        raise commands.NotOwner
    return True


def _private(send: Send) -> Send:
    async def privately(**parts: Any) -> discord.Message:
        return await send(ephemeral=True, **parts)

    return privately


def _user_id(request: RequestContext) -> str:
    return request.user_id
