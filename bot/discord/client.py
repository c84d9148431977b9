"""The client: which events it hears, and who is concerned with each."""

import logging
import re
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from bot.app.context import AppContext
from bot.commands.registry import load
from bot.discord.bulk_rating_modal import bulk_rating_command
from bot.discord.callers import user_id
from bot.discord.command_sync import CommandSync, sync_command
from bot.discord.component_handlers import ButtonControl, MenuControl
from bot.discord.errors import report_to_channel
from bot.discord.gateway import GatewayBot
from bot.discord.member_presence import hears_of_leaving, present_members
from bot.discord.message_targets import NEEDED, AnswerHistory, Context
from bot.discord.prefix_commands import answer_failure, prefix_command, prefixes
from bot.discord.responder import Responder
from bot.discord.sharding import serves, shards_here
from bot.discord.slash_commands import CommandTree, slash_command
from bot.discord.vote_timer import VoteTimer
from bot.discord.welcome import welcome
from storage import StorageError

log = logging.getLogger(__name__)

VIEW_TIMEOUT = 14 * 60.0  # seconds without use after which controls are switched off


class ReeltwinBot(GatewayBot):
    """The bot on Discord: the commands by prefix, as slash commands and by controls.

    Parameters
    ----------
    context
        What the services stand on.
    cooldown
        At most so many commands (first) of one user in so many seconds (second): ten taps of the
        quiz are not too many.
    view_timeout
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
        cooldown: tuple[int, float] = (12, 10.0),
        view_timeout: float = VIEW_TIMEOUT,
        reads_messages: bool = True,
        **options: Any,
    ) -> None:
        greeting = f"{context.typed('help')} or /help" if reads_messages else "/help"
        super().__init__(
            prefixes(context),
            case_insensitive=True,
            strip_after_prefix=True,
            help_command=None,
            tree_cls=CommandTree,
            intents=discord.Intents(guilds=True, messages=True, message_content=reads_messages),
            allowed_mentions=discord.AllowedMentions.none(),
            activity=discord.Activity(type=discord.ActivityType.listening, name=greeting),
            **options,
        )
        self.context = context
        self._votes = VoteTimer(self, context)
        self.responder = Responder(
            context, self._votes, cooldown=cooldown, view_timeout=view_timeout
        )
        self._history = AnswerHistory()
        context.members.ask_presence_of(partial(present_members, self))
        for command in load().commands:
            self.add_command(prefix_command(command, self.responder, self._history))
            self.tree.add_command(slash_command(command, self.responder))
        self.tree.add_command(bulk_rating_command(self.responder, load().by_name["rate"]))
        self._registration = CommandSync(self.tree, context.store)
        self.add_command(sync_command(self._registration))

    async def setup_hook(self) -> None:
        self.add_dynamic_items(ButtonControl, MenuControl)
        if hears_of_leaving(self):
            self.context.members.is_told_of_leaving()
        if serves(self, None):  # several processes at once would register them several times
            await self._registration.when_changed()
        address = discord.utils.oauth_url(self.application_id or 0, permissions=NEEDED)
        log.info("invite the bot to a server: %s", address)
        await self._votes.resume()

    async def on_ready(self) -> None:
        shards = ", ".join(map(str, shards_here(self)))
        words = "on Discord as %s, in %d servers (shards %s of %s)"
        log.info(words, self.user, len(self.guilds), shards, self.shard_count)

    async def on_message(self, message: discord.Message, /) -> None:
        if message.author.bot:
            return
        if self.user and re.fullmatch(rf"<@!?{self.user.id}>", message.content.strip()):
            ctx: Context = await self.get_context(message)
            ctx.command = self.all_commands["help"]
            await ctx.command(ctx)
        else:
            await self.process_commands(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Hear a message again whose words were changed: what it did and was told is corrected."""
        message, before = payload.message, payload.cached_message
        if message.author.bot or message.edited_at is None:
            return
        if before is not None and before.content == message.content:
            return
        ctx: Context = await self.get_context(message)
        if ctx.prefix is None:
            return
        # Pins, previews and threads come as updates too, also of messages edited before, which no
        # cache may hold any more: only the store knows which edits were carried out.
        try:
            new = await self.context.store.claim_edit(str(message.id), message.edited_at)
        except StorageError as error:
            await report_to_channel(error, "an edit", ctx)
            return
        if new:
            await self.on_message(message)

    async def on_command_error(self, ctx: Context, error: commands.CommandError, /) -> None:
        await answer_failure(error, ctx, self.responder, self._history)

    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        await self.context.members.left(str(payload.guild_id), user_id(payload.user))

    async def on_shard_connect(self, shard_id: int) -> None:
        await super().on_shard_connect(shard_id)
        self.context.members.forget_presence()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await welcome(guild, self.context)

    async def close(self) -> None:
        await self._registration.close()
        await self.responder.close()
        await super().close()
