"""Who and what there is on the loopback Discord, and how Discord words it on the wire."""

import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

APPLICATION_ID = "100"
JOINED = "2026-01-01T00:00:00.000000+00:00"
DISCORD_EPOCH = 1_420_070_400  # seconds

# Everything but "administrator", which would hide every missing permission.
EVERYTHING = ((1 << 50) - 1) & ~(1 << 3)
SEND_MESSAGES, EMBED_LINKS, ATTACH_FILES = 1 << 11, 1 << 14, 1 << 15


@dataclass(frozen=True)
class User:
    id: str
    name: str
    bot: bool = False

    def payload(self) -> Json:
        return {
            "id": self.id,
            "username": self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }

    def member(self) -> Json:
        """The user's membership, without the user."""
        return {
            "roles": [],
            "joined_at": JOINED,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": str(EVERYTHING),
        }


@dataclass(frozen=True)
class Channel:
    """A text channel of a guild, or, where ``recipient`` is set, a direct-message channel.

    ``denied`` are the permission bits that the bot lacks there.
    """

    id: str
    name: str
    guild_id: str | None = None
    recipient: User | None = None
    denied: int = 0

    @property
    def permissions(self) -> int:
        return EVERYTHING & ~self.denied

    def payload(self) -> Json:
        if self.recipient is not None:
            return {
                "id": self.id,
                "type": 1,
                "last_message_id": None,
                "recipients": [self.recipient.payload()],
            }
        deny = {"id": self.guild_id, "type": 0, "allow": "0", "deny": str(self.denied)}
        return {
            "id": self.id,
            "type": 0,
            "name": self.name,
            "position": 0,
            "permission_overwrites": [deny],
            "nsfw": False,
            "parent_id": None,
            "topic": None,
            "guild_id": self.guild_id,
        }


@dataclass(frozen=True)
class Guild:
    id: str
    name: str
    channels: tuple[Channel, ...]
    members: tuple[User, ...]

    def payload(self) -> Json:
        """What GUILD_CREATE carries."""
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.members[0].id,
            "channels": [channel.payload() for channel in self.channels],
            "members": [{**user.member(), "user": user.payload()} for user in self.members],
            "roles": [self._everyone()],
            "member_count": len(self.members),
            "joined_at": JOINED,
            "preferred_locale": "en-US",
            "large": False,
            "unavailable": False,
            "premium_progress_bar_enabled": False,
            "icon": None,
            "splash": None,
            "afk_channel_id": None,
            "system_channel_id": None,
            "afk_timeout": 300,
            **dict.fromkeys(_NUMBERS_AT_ZERO, 0),
            **{key: [] for key in _EMPTY_LISTS},
        }

    def _everyone(self) -> Json:
        return {
            "id": self.id,
            "name": "@everyone",
            "permissions": str(EVERYTHING),
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }


_NUMBERS_AT_ZERO = (
    "verification_level",
    "default_message_notifications",
    "explicit_content_filter",
    "mfa_level",
    "system_channel_flags",
    "premium_tier",
    "nsfw_level",
)
_EMPTY_LISTS = (
    "emojis",
    "features",
    "stickers",
    "voice_states",
    "presences",
    "threads",
    "stage_instances",
    "guild_scheduled_events",
    "soundboard_sounds",
)

BOT = User("100", "Reeltwin", bot=True)
OTHER_BOT = User("101", "Jukebox", bot=True)
ANN = User("400", "Ann")
BOB = User("401", "Bob")

FILMS = Channel("300", "films", "200")
TALK = Channel("301", "talk", "200")
OTHER_GUILD_FILMS = Channel("310", "films", "201")
NO_PICTURES = Channel("302", "no-pictures", "200", denied=ATTACH_FILES)
NO_EMBEDS = Channel("303", "no-embeds", "200", denied=EMBED_LINKS)
READ_ONLY = Channel("304", "read-only", "200", denied=SEND_MESSAGES)

GUILDS = (
    Guild(
        "200",
        "Film club",
        (FILMS, TALK, NO_PICTURES, NO_EMBEDS, READ_ONLY),
        (ANN, BOB, BOT, OTHER_BOT),
    ),
    Guild("201", "Office", (OTHER_GUILD_FILMS,), (BOB, ANN, BOT)),
)


@dataclass
class World:
    """The guilds, the direct-message channels opened so far, and the clock that ids are made of."""

    guilds: tuple[Guild, ...] = GUILDS
    seconds_ahead: float = 0.0
    _direct: dict[str, Channel] = field(default_factory=dict)
    _last_id: int = 0

    def snowflake(self) -> str:
        """A new id: milliseconds since Discord's epoch above 22 bits that keep it unique."""
        now = time.time() + self.seconds_ahead - DISCORD_EPOCH
        self._last_id = max(self._last_id + 1, int(now * 1000) << 22)
        return str(self._last_id)

    def direct(self, user: User) -> Channel:
        """The direct-message channel with `user`, opened when it is not there yet."""
        if user.id not in self._direct:
            self._direct[user.id] = Channel(self.snowflake(), user.name, recipient=user)
        return self._direct[user.id]

    def channel(self, channel_id: str) -> Channel | None:
        everywhere = [c for guild in self.guilds for c in guild.channels]
        return next((c for c in (*everywhere, *self._direct.values()) if c.id == channel_id), None)

    def user(self, user_id: str) -> User | None:
        everybody = (user for guild in self.guilds for user in guild.members)
        return next((user for user in everybody if user.id == user_id), None)
