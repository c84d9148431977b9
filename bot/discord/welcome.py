"""The first words in a server that the bot has joined."""

import logging

import discord

from bot.app.context import AppContext
from bot.commands import help as helping
from bot.discord.components import EVERYBODY
from bot.discord.sending import deliver

log = logging.getLogger(__name__)


async def welcome(guild: discord.Guild, context: AppContext) -> None:
    """Say hello with the first steps, in the first channel that lets the bot write."""
    for channel in (guild.system_channel, *guild.text_channels):
        if channel is not None and channel.permissions_for(guild.me).send_messages:
            permissions = channel.permissions_for(guild.me)
            await deliver(helping.welcome(context), EVERYBODY, channel.send, permissions)
            return
    log.info("no channel of server %s lets the bot say hello", guild.id)
