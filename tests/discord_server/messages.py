"""The messages there are: made, edited, and shown to whoever waits for them."""

import asyncio
import re
from copy import deepcopy
from dataclasses import dataclass, field

from tests.discord_server.component_limits import shown_components
from tests.discord_server.limits import Files, check_message
from tests.discord_server.refusals import Fault, bad_form, unknown
from tests.discord_server.world import JOINED, Channel, Json, User, World

EPHEMERAL, LOADING = 1 << 6, 1 << 7


@dataclass
class Message:
    """A message as people see it; ``payload`` is how Discord words it."""

    payload: Json
    channel: Channel
    files: Files = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.payload["id"])

    @property
    def author_id(self) -> str:
        return str(self.payload["author"]["id"])

    @property
    def content(self) -> str:
        return str(self.payload["content"])

    @property
    def embeds(self) -> list[Json]:
        return list(self.payload["embeds"])

    @property
    def ephemeral(self) -> bool:
        return bool(self.payload["flags"] & EPHEMERAL)

    @property
    def replies_to(self) -> str | None:
        """The id of the message that this one answers."""
        reference = self.payload.get("message_reference")
        return str(reference["message_id"]) if reference else None

    @property
    def components(self) -> list[Json]:
        """Every component, rows and what is in them alike."""
        return [*shown_components(self.payload["components"])]

    @property
    def selects(self) -> list[Json]:
        return [component for component in self.components if "options" in component]

    @property
    def pings(self) -> list[str]:
        """Who is notified: ids of users, and ``everyone``."""
        everyone = ["everyone"] if self.payload["mention_everyone"] else []
        return everyone + [user["id"] for user in self.payload["mentions"]]

    @property
    def picture(self) -> bytes | None:
        """The upload that the first embed with an image shows."""
        urls = [embed["image"]["url"] for embed in self.embeds if embed.get("image")]
        return self.files.get(urls[0].rsplit("/", 1)[-1]) if urls else None

    @property
    def text(self) -> str:
        """All words that the message shows, from top to bottom."""
        parts: list[str] = [self.content]
        for embed in self.embeds:
            parts += [embed.get("title") or "", embed.get("description") or ""]
            parts += [f"{item['name']}\n{item['value']}" for item in embed.get("fields") or []]
            parts.append((embed.get("footer") or {}).get("text") or "")
        parts += [component.get("content") or "" for component in self.components]
        return "\n".join(part for part in parts if part)


@dataclass
class Messages:
    """All messages of a world. Whatever the bot shows or changes is also queued in ``shown``."""

    world: World
    cdn: str = ""
    shown: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    _all: dict[str, Message] = field(default_factory=dict)

    def get(self, channel_id: str, message_id: str) -> Message:
        message = self._all.get(message_id)
        if message is None or message.channel.id != channel_id:
            raise unknown("Message", 10008)
        return message

    def find(self, message_id: str) -> Message | None:
        return self._all.get(message_id)

    def delete(self, message: Message) -> None:
        del self._all[message.id]

    def thinking(self, channel: Channel, author: User, flags: int) -> Message:
        """The placeholder that stands for a deferred answer; nobody is shown it."""
        payload = self._blank(channel, author) | {"flags": flags | LOADING}
        return self._keep(Message(payload, channel))

    def create(self, channel: Channel, author: User, form: Json, files: Files) -> Message:
        """Make a message out of a request's form.

        Raises
        ------
        RefusedError
            Where Discord refuses it; nothing is made then.
        """
        message = Message(self._blank(channel, author), channel)
        if reference := form.get("message_reference"):
            self._refer(message, reference)
        self._fill(message, form, files)
        return self._keep(message)

    def edit(self, message: Message, form: Json, files: Files) -> Message:
        """Change what the form names and leave the rest; a placeholder becomes a message."""
        self._fill(message, form, files)
        message.payload["edited_timestamp"] = JOINED
        return message

    def show(self, message: Message) -> None:
        """Queue a snapshot, so that a later edit does not change what a test looks at."""
        self.shown.put_nowait(deepcopy(message))

    def _keep(self, message: Message) -> Message:
        self._all[message.id] = message
        return message

    def _blank(self, channel: Channel, author: User) -> Json:
        return {
            "id": self.world.snowflake(),
            "channel_id": channel.id,
            "author": author.payload(),
            "content": "",
            "timestamp": JOINED,
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "embeds": [],
            "components": [],
            "attachments": [],
            "pinned": False,
            "type": 0,
            "flags": 0,
        }

    def _refer(self, message: Message, reference: Json) -> None:
        referred = self.find(str(reference["message_id"]))
        if referred is None and reference.get("fail_if_not_exists", True):
            fault = Fault("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            raise bad_form([fault])
        if referred is not None:
            message.payload["message_reference"] = {**reference, "channel_id": referred.channel.id}
            message.payload["referenced_message"] = referred.payload
            message.payload["type"] = 19

    def _fill(self, message: Message, form: Json, files: Files) -> None:
        old = message.payload
        new: Json = deepcopy(
            {
                "content": form.get("content", old["content"]) or "",
                "embeds": form.get("embeds", old["embeds"]) or [],
                "components": form.get("components", old["components"]) or [],
                "attachments": self._attachments(message, form, files),
                "flags": (old["flags"] & ~LOADING) | (form.get("flags") or 0),
            }
        )
        check_message(new, files)
        _number(new["components"])
        urls = {f"attachment://{item['filename']}": item["url"] for item in new["attachments"]}
        for embed in new["embeds"]:
            for part in ("image", "thumbnail"):
                if embed.get(part):
                    embed[part]["url"] = urls.get(embed[part]["url"], embed[part]["url"])
        message.payload.update(new, **self._mentions(new["content"], form))
        kept = {item["filename"] for item in new["attachments"]}
        message.files = {n: data for n, data in (message.files | files).items() if n in kept}

    def _attachments(self, message: Message, form: Json, files: Files) -> list[Json]:
        """Those kept (all, unless the form lists some) and one for each upload."""
        listed: list[Json] | None = form.get("attachments")
        described = {item.get("filename"): item.get("description") for item in listed or []}
        kept = [
            item
            for item in message.payload["attachments"]
            if listed is None or item["id"] in {str(other["id"]) for other in listed}
        ]
        return kept + [
            {
                "id": self.world.snowflake(),
                "filename": name,
                "description": described.get(name),
                "size": len(data),
                "url": f"{self.cdn}/attachments/{message.id}/{name}",
                "proxy_url": f"{self.cdn}/attachments/{message.id}/{name}",
            }
            for name, data in files.items()
        ]

    def _mentions(self, content: str, form: Json) -> Json:
        """Whom the content notifies; without ``allowed_mentions`` everybody it names."""
        allowed: Json = form.get("allowed_mentions") or {"parse": ["users", "everyone"]}
        parse, named = allowed.get("parse") or [], allowed.get("users") or []
        users = [self.world.user(user_id) for user_id in re.findall(r"<@!?(\d+)>", content)]
        return {
            "mentions": [
                user.payload() for user in users if user and ("users" in parse or user.id in named)
            ],
            "mention_everyone": "everyone" in parse
            and re.search(r"@(everyone|here)\b", content) is not None,
        }


def _number(components: list[Json]) -> None:
    """Give every component the integer id that Discord gives it."""
    for number, component in enumerate(shown_components(components), start=1):
        component.setdefault("id", number)
