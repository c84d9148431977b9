"""A Discord on loopback: REST and gateway that the real discord.py client connects to.

What there is: `world` (people, guilds, channels, the clock), `message`, `messages`, `components`.
What Discord refuses: `limits` on messages, `component_limits`, `layout_limits`, `command_limits`,
in the words of `refusals`. What the client talks to: `gateway` with its `sessions`, `rest` on top
of `calls`, `interactions` with the rules of acknowledging; `server` ties them together. What a
test holds in its hand: `driver`, which sends what a person's client sends (`sending`), once
`connecting` has brought the real client here. `sample_client` is one to test all that with.
"""

from tests.discord_server.connecting import connected, loopback_discord
from tests.discord_server.driver import Driver
from tests.discord_server.messages import Message, Shown
from tests.discord_server.sending import File
from tests.discord_server.server import DiscordServer
from tests.discord_server.world import (
    ANN,
    BOB,
    CARL,
    CINEMA,
    DORA,
    FILM_CLUB,
    FILMS,
    FILMS_THREAD,
    OFFICE,
    OTHER_BOT,
    OTHER_GUILD_FILMS,
    TALK,
    Channel,
    User,
)

__all__ = [
    "ANN",
    "BOB",
    "CARL",
    "CINEMA",
    "DORA",
    "FILMS",
    "FILMS_THREAD",
    "FILM_CLUB",
    "OFFICE",
    "OTHER_BOT",
    "OTHER_GUILD_FILMS",
    "TALK",
    "Channel",
    "DiscordServer",
    "Driver",
    "File",
    "Message",
    "Shown",
    "User",
    "connected",
    "loopback_discord",
]
