"""How the real client gets to the loopback Discord: it is pointed there, logged in and closed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import yarl
from discord.ext import commands

from tests.discord_server.driver import Driver
from tests.discord_server.server import DiscordServer
from tests.discord_server.sessions import PRIVILEGED
from tests.discord_server.world import GUILDS, Guild


@asynccontextmanager
async def loopback_discord(
    *,
    seconds_to_acknowledge: float = 3.0,
    privileged_intents: int = PRIVILEGED,
    shards: int = 1,
    guilds: tuple[Guild, ...] = GUILDS,
) -> AsyncIterator[Driver]:
    """Run a server and point discord.py at it; both are put back as they were afterwards."""
    server = DiscordServer(
        seconds_to_acknowledge=seconds_to_acknowledge,
        privileged_intents=privileged_intents,
        shards=shards,
        guilds=guilds,
    )
    await server.start()
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE = server.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway_url)
    try:
        yield Driver(server)
    finally:
        discord.http.Route.BASE = base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway
        await server.stop()


@asynccontextmanager
async def connected(
    bot: commands.Bot | commands.AutoShardedBot, driver: Driver
) -> AsyncIterator[None]:
    """Log the real client in, wait until it is ready, and close it at the end."""
    async with bot:
        await bot.login(driver.server.token)
        connection = asyncio.create_task(bot.connect())
        ready = asyncio.create_task(bot.wait_until_ready())
        await asyncio.wait({connection, ready}, return_when=asyncio.FIRST_COMPLETED)
        if connection.done():
            ready.cancel()
            connection.result()
        yield
    await connection
