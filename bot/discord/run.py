"""Start the bot on Discord, keep it there until it is told to stop, and leave cleanly."""

import asyncio
import contextlib
import logging
import signal

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app.context import AppContext
from bot.app.health import Readiness, serve_health
from bot.app.loop_lag import measure_lag
from bot.discord.client import ReeltwinBot
from bot.discord.sharding import shards_here
from bot.errors import UserError
from bot.settings import Settings

log = logging.getLogger(__name__)

STOP = (signal.SIGINT, signal.SIGTERM)

PORTAL = "https://discord.com/developers/applications"
WRONG_TOKEN = (
    f"Discord does not know DISCORD_TOKEN. Copy the bot's token anew from {PORTAL}"
    " (your application, Bot, Reset Token)."
)
INTENT_MISSING = (
    "Discord does not let the bot read messages: it hears slash commands, mentions and direct"
    f" messages only. To change that, switch on “Message Content Intent” at {PORTAL} (your"
    " application, Bot, Privileged Gateway Intents) and start the bot again."
)
# By the code with which the gateway closes.
GOODBYES = {
    4004: WRONG_TOKEN,
    4011: "Discord demands more shards, as the bot is in so many servers: raise SHARD_COUNT in"
    " every process, for example to SHARD_COUNT=4, or leave it and SHARD_IDS empty.",
}


async def run_discord(settings: Settings, context: AppContext) -> None:
    """Serve Discord until SIGTERM or Ctrl-C.

    Where Discord does not grant the content of messages, all that works without it is served.

    Raises
    ------
    UserError
        The token is wrong, or Discord cannot be reached; the message is one line that says what to
        do.
    """
    if settings.discord_token is None:
        raise UserError("DISCORD_TOKEN is not set.")
    if settings.discord_api_url:
        Route.BASE = str(settings.discord_api_url).rstrip("/")
    # The bot never speaks by voice: what is missing for that concerns nobody.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    stop = asyncio.create_task(_told_to_stop())
    try:
        await _serve(settings, _bot(settings, context), stop)
    except discord.PrivilegedIntentsRequired:
        log.warning(INTENT_MISSING)
        await _serve(settings, _bot(settings, context, reads_messages=False), stop)
    finally:
        stop.cancel()
        await asyncio.wait({stop})


def _bot(settings: Settings, context: AppContext, *, reads_messages: bool = True) -> ReeltwinBot:
    return ReeltwinBot(
        context,
        reads_messages=reads_messages,
        shard_count=settings.shard_count,
        shard_ids=settings.shard_ids,
    )


async def _serve(settings: Settings, bot: ReeltwinBot, stop: asyncio.Task[None]) -> None:
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(bot)
        if settings.health_port is not None:
            metrics = bot.context.metrics
            await stack.enter_async_context(measure_lag(metrics.observe_lag))
            health = serve_health(settings.health_port, metrics, lambda: _readiness(bot))
            await stack.enter_async_context(health)
        connection = asyncio.create_task(_connect(bot, settings))
        try:
            await asyncio.wait({connection, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Whoever reads the socket must be gone before it closes, or Discord hears no goodbye.
            connection.cancel()
            await asyncio.wait({connection})
        if not connection.cancelled():
            connection.result()


def _readiness(bot: ReeltwinBot) -> Readiness:
    return Readiness(bot.is_live, bot.latency, len(bot.guilds), shards_here(bot), bot.shard_count)


async def _connect(bot: ReeltwinBot, settings: Settings) -> None:
    """Log in and stay connected.

    discord.py itself resumes after a dropped connection, and tries again every few seconds where
    the gateway cannot be reached.
    """
    assert settings.discord_token is not None  # noqa: S101 - as run_discord has made sure
    try:
        await _log_in(bot, settings.discord_token.get_secret_value())
        if settings.discord_api_url:
            _, url, _ = await bot.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        await bot.connect()
    except discord.LoginFailure as error:
        raise UserError(WRONG_TOKEN) from error
    except discord.ConnectionClosed as error:
        otherwise = f"Discord has closed the connection for good, with the code {error.code}."
        raise UserError(GOODBYES.get(error.code, otherwise)) from error
    except (discord.HTTPException, discord.GatewayNotFound) as error:
        words = " ".join(str(error).split())
        raise UserError(f"Discord at {Route.BASE} does not let the bot in: {words}") from error
    except (aiohttp.ClientError, OSError) as error:
        raise UserError(f"Discord cannot be reached at {Route.BASE}: {error}") from error


async def _log_in(bot: ReeltwinBot, token: str) -> None:
    try:
        await bot.login(token)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        if bot.application is not None:  # Discord has said who the bot is: the fault is elsewhere
            raise
        raise UserError(
            f"What answers at {Route.BASE} is no Discord: DISCORD_API_URL must be the base address "
            "of one, for example http://127.0.0.1:8080/api/v10"
        ) from error


async def _told_to_stop() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Windows has no signal handlers in its loop; there Ctrl-C ends asyncio.run by itself.
    with contextlib.suppress(NotImplementedError):
        for number in STOP:
            loop.add_signal_handler(number, told.set)
    try:
        await told.wait()
    finally:
        with contextlib.suppress(NotImplementedError):
            for number in STOP:
                loop.remove_signal_handler(number)
