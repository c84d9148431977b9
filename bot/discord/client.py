"""The bot on Discord: commands by prefix or mention, and how it comes, answers and goes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from math import ceil
from typing import Any

import discord
from discord.ext import commands

from bot.commands import COMMANDS, Command, answer, nearest_command, unknown_command
from bot.discord.choices import ChoiceSelect
from bot.discord.delivery import deliver
from bot.discord.people import caller_of
from bot.discord.slash import SlashCommands
from bot.discord.sync import sync_when_changed
from bot.discord.troubles import report, tell
from bot.replies import Reply, Tone
from bot.services import Caller, Services

log = logging.getLogger(__name__)

Context = commands.Context["ReeltwinBot"]
Work = Callable[[Caller], Awaitable[Reply]]

LAST_WORDS = 5.0  # seconds that answers under way have when the bot is told to stop

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
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
        await report(error, f"/{name}", lambda words: tell(interaction, words))


class ReeltwinBot(commands.Bot):
    """The client.

    Parameters
    ----------
    services
        What it can do. Commands begin with their prefix, or with a mention of the bot.
    pace
        At most so many commands (first) of one person in so many seconds (second).
    options
        Handed to `discord.Client`.
    """

    def __init__(
        self, services: Services, *, pace: tuple[int, float] = (5, 10.0), **options: Any
    ) -> None:
        super().__init__(
            commands.when_mentioned_or(services.prefix),
            case_insensitive=True,
            strip_after_prefix=True,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True, messages=True, message_content=True),
            allowed_mentions=discord.AllowedMentions.none(),
            activity=discord.Activity(
                type=discord.ActivityType.listening, name=f"{services.typed('help')} or /help"
            ),
            **options,
        )
        self.services = services
        self._pace = commands.CooldownMapping[Caller].from_cooldown(*pace, _user_id)
        self._answering: set[asyncio.Task[Any]] = set()
        for command in COMMANDS:
            self.add_command(_by_prefix(command))

    async def setup_hook(self) -> None:
        await self.add_cog(SlashCommands(self))
        self.add_dynamic_items(ChoiceSelect)
        await sync_when_changed(self.tree)
        address = discord.utils.oauth_url(self.application_id or 0, permissions=NEEDED)
        log.info("invite the bot to a server: %s", address)

    async def on_ready(self) -> None:
        log.info("on Discord as %s, in %d servers", self.user, len(self.guilds))

    async def close(self) -> None:
        """Leave, but finish the answers under way first: what was saved is also confirmed."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=LAST_WORDS)
        await super().close()

    async def answer_interaction(
        self, interaction: discord.Interaction["ReeltwinBot"], work: Work
    ) -> None:
        """Answer an interaction that was acknowledged already, by follow-ups."""
        with self._answer_under_way():
            caller = caller_of(interaction.user, interaction.guild_id)
            reply = await self._paced(caller, interaction.created_at, work)
            asker = str(interaction.user.id)
            await deliver(reply, asker, interaction.followup.send, interaction.app_permissions)

    async def answer_message(self, ctx: Context, message: str) -> None:
        """Answer what was typed after the prefix, as a reply to it."""
        with self._answer_under_way():
            caller = caller_of(ctx.author, ctx.guild.id if ctx.guild else None)
            async with ctx.typing():
                reply = await self._paced(
                    caller,
                    ctx.message.created_at,
                    lambda caller: answer(self.services, caller, message),
                )
            await _reply(ctx, reply)

    async def on_command_error(self, ctx: Context, error: commands.CommandError, /) -> None:  # type: ignore[override]
        typed = ctx.invoked_with or ""
        if not isinstance(error, commands.CommandNotFound):
            await report(error, self.services.typed(typed), ctx.send)
        # Other bots share the prefix: only what is nearly a command of ours is taken for a slip.
        elif typed.isalpha() and nearest_command(typed):
            await _reply(ctx, unknown_command(self.services, typed))

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

    return commands.Command(run, name=command.name, help=command.summary, usage=command.usage)


async def _reply(ctx: Context, reply: Reply) -> None:
    # The question may have been deleted in the meantime: then it is answered all the same.
    reference = ctx.message.to_reference(fail_if_not_exists=False)

    async def send(**parts: Any) -> None:
        await ctx.send(reference=reference, **parts)

    await deliver(reply, str(ctx.author.id), send, ctx.bot_permissions)


def _user_id(caller: Caller) -> str:
    return caller.user_id
