"""Who and what there is on the loopback Discord, and how Discord words it on the wire."""

import time
from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]

APPLICATION_ID = "100"
JOINED = "2026-01-01T00:00:00.000000+00:00"
DISCORD_EPOCH = 1_420_070_400  # seconds

# Everything but "administrator", which would hide every missing permission, and what only
# moderators may.
MANAGE_MESSAGES = 1 << 13
EVERYTHING = ((1 << 50) - 1) & ~(1 << 3) & ~MANAGE_MESSAGES
MODERATORS = "290"  # the id of their role
OWNER_ID = "490"  # of every guild; who may do everything there, and never says a word
VIEW_CHANNEL, READ_MESSAGE_HISTORY = 1 << 10, 1 << 16
SEND_MESSAGES, SEND_MESSAGES_IN_THREADS = 1 << 11, 1 << 38
EMBED_LINKS, ATTACH_FILES = 1 << 14, 1 << 15

TEXT, DIRECT, PUBLIC_THREAD = 0, 1, 11  # types of channels


@dataclass(frozen=True)
class User:
    id: str
    name: str
    bot: bool = False
    refuses_dms: bool = False
    account: str = ""  # the unique name; the other one in small letters unless given
    moderates: bool = False

    def payload(self) -> Json:
        return {
            "id": self.id,
            "username": self.account or self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }

    def member(self) -> Json:
        """The user's membership, without the user."""
        return {
            "roles": [MODERATORS] if self.moderates else [],
            "joined_at": JOINED,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": str(EVERYTHING | (MANAGE_MESSAGES if self.moderates else 0)),
        }

    def partial_member(self) -> Json:
        """The membership as it comes with the options of a slash command."""
        return {key: part for key, part in self.member().items() if key not in ("deaf", "mute")}


@dataclass(frozen=True)
class Channel:
    """A text channel of a guild.

    With ``recipient`` it is a direct-message channel, with ``parent`` a public thread in that one.
    ``denied`` are the permission bits that the bot lacks there; a thread has its parent's.
    """

    id: str
    name: str
    guild_id: str | None = None
    recipient: User | None = None
    denied: int = 0
    parent: "Channel | None" = None

    @property
    def permissions(self) -> int:
        return EVERYTHING & ~(self.parent.denied if self.parent else self.denied)

    @property
    def to_send(self) -> int:
        """The permission that sending a message here takes."""
        return SEND_MESSAGES_IN_THREADS if self.parent else SEND_MESSAGES

    def payload(self) -> Json:
        if self.recipient is not None:
            return {
                "id": self.id,
                "type": DIRECT,
                "last_message_id": None,
                "recipients": [self.recipient.payload()],
            }
        if self.parent is not None:
            return self._thread(self.parent)
        deny = {"id": self.guild_id, "type": 0, "allow": "0", "deny": str(self.denied)}
        return {
            "id": self.id,
            "type": TEXT,
            "name": self.name,
            "position": 0,
            "permission_overwrites": [deny],
            "nsfw": False,
            "parent_id": None,
            "topic": None,
            "guild_id": self.guild_id,
        }

    def _thread(self, parent: "Channel") -> Json:
        return {
            "id": self.id,
            "type": PUBLIC_THREAD,
            "name": self.name,
            "parent_id": parent.id,
            "guild_id": self.guild_id,
            "owner_id": ANN.id,
            "last_message_id": None,
            "message_count": 0,
            "member_count": 1,
            "rate_limit_per_user": 0,
            "flags": 0,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": JOINED,
                "create_timestamp": JOINED,
                "locked": False,
            },
        }


@dataclass(frozen=True)
class Guild:
    id: str
    name: str
    channels: tuple[Channel, ...]
    members: tuple[User, ...]
    threads: tuple[Channel, ...] = ()

    def payload(self) -> Json:
        """What GUILD_CREATE carries."""
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": OWNER_ID,
            "channels": [channel.payload() for channel in self.channels],
            "threads": [thread.payload() for thread in self.threads],
            "members": [{**user.member(), "user": user.payload()} for user in self.members],
            "roles": [
                _role(self.id, "@everyone", EVERYTHING),
                _role(MODERATORS, "moderators", MANAGE_MESSAGES),
            ],
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


def _role(role_id: str, name: str, permissions: int) -> Json:
    return {
        "id": role_id,
        "name": name,
        "permissions": str(permissions),
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
    "stage_instances",
    "guild_scheduled_events",
    "soundboard_sounds",
)

BOT = User("100", "Reeltwin", bot=True)
OTHER_BOT = User("101", "Jukebox", bot=True)
ANN = User("400", "Ann")
BOB = User("401", "Bob")
CARL = User("402", "Carl", refuses_dms=True)
DORA = User("403", "Dora", moderates=True)

FILMS = Channel("300", "films", "200")
FILMS_THREAD = Channel("350", "Alien or Aliens?", "200", parent=FILMS)
TALK = Channel("301", "talk", "200")
OTHER_GUILD_FILMS = Channel("310", "films", "201")
NO_PICTURES = Channel("302", "no-pictures", "200", denied=ATTACH_FILES)
NO_EMBEDS = Channel("303", "no-embeds", "200", denied=EMBED_LINKS)
READ_ONLY = Channel("304", "read-only", "200", denied=SEND_MESSAGES)
HIDDEN = Channel("306", "hidden", "200", denied=VIEW_CHANNEL)
NO_HISTORY = Channel("307", "no-history", "200", denied=READ_MESSAGE_HISTORY)
NO_THREADS = Channel("305", "no-threads", "200", denied=SEND_MESSAGES_IN_THREADS)
READ_ONLY_THREAD = Channel("355", "read-only thread", "200", parent=NO_THREADS)
CINEMA_FILMS = Channel("320", "films", "4194504")

FILM_CLUB = Guild(
    "200",
    "Film club",
    (FILMS, TALK, NO_PICTURES, NO_EMBEDS, READ_ONLY, NO_THREADS, HIDDEN, NO_HISTORY),
    (ANN, BOB, BOT, OTHER_BOT, CARL, DORA),
    (FILMS_THREAD, READ_ONLY_THREAD),
)
OFFICE = Guild("201", "Office", (OTHER_GUILD_FILMS,), (BOB, ANN, BOT))
GUILDS = (FILM_CLUB, OFFICE)

# A guild that the bot is not in from the start. Of two shards it belongs to the second:
# (id >> 22) % 2 is 1.
CINEMA = Guild("4194504", "Cinema", (CINEMA_FILMS,), (BOB, ANN, BOT))


@dataclass
class World:
    """The guilds, the direct-message channels opened so far, and the clock.

    A test lets time pass by raising ``seconds_ahead``.
    """

    guilds: tuple[Guild, ...] = GUILDS
    seconds_ahead: float = 0.0
    _direct: dict[str, Channel] = field(default_factory=dict)
    _direct_by_id: dict[str, Channel] = field(default_factory=dict)
    _gone: tuple[User, ...] = ()
    _last_id: int = 0

    def clock(self) -> float:
        """Seconds since an unknown moment, to tell how long ago something was."""
        return time.monotonic() + self.seconds_ahead

    def snowflake(self) -> str:
        """A new id: milliseconds since Discord's epoch above 22 bits that keep it unique."""
        now = time.time() + self.seconds_ahead - DISCORD_EPOCH
        self._last_id = max(self._last_id + 1, int(now * 1000) << 22)
        return str(self._last_id)

    def direct(self, user: User) -> Channel:
        """The direct-message channel with `user`, opened when it is not there yet."""
        if user.id not in self._direct:
            channel = Channel(self.snowflake(), user.name, recipient=user)
            self._direct[user.id] = self._direct_by_id[channel.id] = channel
        return self._direct[user.id]

    def move(self, user: User, guild_id: str, *, into: bool) -> None:
        """Let a user join a guild, or leave it; whoever has left is still a user."""
        guild = self.guild(guild_id)
        assert guild is not None
        others = tuple(member for member in guild.members if member.id != user.id)
        now = replace(guild, members=(*others, user) if into else others)
        self.guilds = tuple(now if one.id == guild_id else one for one in self.guilds)
        self._gone = (*self._gone, user)

    def guild(self, guild_id: str | None) -> Guild | None:
        return next((guild for guild in self.guilds if guild.id == guild_id), None)

    def channel(self, channel_id: str | None) -> Channel | None:
        everywhere = (c for guild in self.guilds for c in (*guild.channels, *guild.threads))
        found = next((c for c in everywhere if c.id == channel_id), None)
        return found or self._direct_by_id.get(channel_id or "")

    def user(self, user_id: str) -> User | None:
        everybody = (user for guild in self.guilds for user in guild.members)
        return next((user for user in (*everybody, *self._gone) if user.id == user_id), None)
