"""A Discord on loopback: REST and gateway that the real discord.py client connects to.

`world` says who and what exists, `limits` what Discord refuses, `gateway` and `rest` speak the two
protocols, `interactions` keeps the rules of acknowledging, `server` ties them together, and
`driver` is what a test holds in its hand.
"""

from tests.discord_server.connecting import connected, loopback_discord
from tests.discord_server.driver import Driver
from tests.discord_server.messages import Message
from tests.discord_server.server import DiscordServer
from tests.discord_server.world import (
    ANN,
    BOB,
    CINEMA,
    FILMS,
    FILMS_THREAD,
    OTHER_BOT,
    OTHER_GUILD_FILMS,
    TALK,
    Channel,
    User,
)

__all__ = [
    "ANN",
    "BOB",
    "CINEMA",
    "FILMS",
    "FILMS_THREAD",
    "OTHER_BOT",
    "OTHER_GUILD_FILMS",
    "TALK",
    "Channel",
    "DiscordServer",
    "Driver",
    "Message",
    "User",
    "connected",
    "loopback_discord",
]
