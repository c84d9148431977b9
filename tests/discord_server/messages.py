"""The messages there are: made, edited, and shown to whoever waits for them."""

import asyncio
import re
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from mimetypes import guess_type
from typing import Literal
from urllib.parse import quote

from tests.discord_server.components import Type, shown_components, shown_media
from tests.discord_server.limits import (
    ATTACHMENT,
    COMPONENTS_V2,
    UPLOAD_BYTES,
    Files,
    check_message,
)
from tests.discord_server.message import EPHEMERAL, LOADING, Message, name_in
from tests.discord_server.refusals import Fault, bad_form, unknown
from tests.discord_server.world import JOINED, Channel, Json, User, World

SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 12
SET_BY_EDITING = SUPPRESS_EMBEDS | COMPONENTS_V2
PERSON_UPLOAD_BYTES = 500 << 20  # of whoever pays for it
SET_BY_CREATING = SET_BY_EDITING | SUPPRESS_NOTIFICATIONS | EPHEMERAL

__all__ = ["EPHEMERAL", "LOADING", "Message", "Messages", "Shown"]


@dataclass(frozen=True)
class Shown:
    """A message as it looked when it was shown or changed."""

    message: Message
    kind: Literal["new", "edit"]


@dataclass
class Messages:
    """All messages of a world.

    Whatever the bot shows or changes is also queued in ``shown``. ``record`` has that and what
    people say and change, in order. ``uploads`` are files by attachment id that are in no message.
    """

    world: World
    cdn: str = ""
    shown: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    record: list[Shown] = field(default_factory=list)
    uploads: dict[str, Files] = field(default_factory=dict)
    _all: dict[str, Message] = field(default_factory=dict)

    def get(self, channel_id: str, message_id: str) -> Message:
        message = self._all.get(message_id)
        if message is None or message.channel.id != channel_id:
            raise unknown("Message", 10008)
        return message

    def find(self, message_id: str | None) -> Message | None:
        return self._all.get(message_id or "")

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
        self._fill(message, form, files, SET_BY_CREATING)
        return self._keep(message)

    def edit(self, message: Message, form: Json, files: Files) -> Message:
        """Change what the form names and leave the rest; a placeholder becomes a message."""
        _check_flags(message, form)
        self._fill(message, form, files, SET_BY_EDITING)
        message.payload["edited_timestamp"] = datetime.now(UTC).isoformat()
        return message

    def upload(self, name: str, data: bytes) -> Json:
        """Take a file that somebody puts into a form; returns the attachment."""
        number = self.world.snowflake()
        self.uploads[number] = {name: data}
        url = f"{self.cdn}/ephemeral-attachments/{number}/{quote(name)}"
        return _attachment(number, name, data, url) | {"ephemeral": True}

    def show(self, message: Message) -> None:
        """Queue a snapshot, so that a later edit does not change what a test looks at."""
        self.shown.put_nowait(self.note(message))

    def forget(self, kept: int) -> None:
        """Let go of all but the latest messages, and of what was shown."""
        for number in [*self._all][: max(0, len(self._all) - kept)]:
            del self._all[number]
        while not self.shown.empty():
            self.shown.get_nowait()

    def note(self, message: Message) -> Message:
        """Write down how a message looks now, and return that snapshot."""
        snapshot = deepcopy(message)
        known = any(shown.message.id == message.id for shown in self.record)
        self.record.append(Shown(snapshot, "edit" if known else "new"))
        return snapshot

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
        if referred is not None and referred.ephemeral:
            referred = None  # only one person has it
        if referred is None and reference.get("fail_if_not_exists", True):
            fault = Fault("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            raise bad_form([fault])
        if referred is not None:
            message.payload["message_reference"] = {**reference, "channel_id": referred.channel.id}
            message.payload["referenced_message"] = referred.payload
            message.payload["type"] = 19

    def _fill(self, message: Message, form: Json, files: Files, may_set: int) -> None:
        old = message.payload
        attachments = self._attachments(message, form, files)
        written = form["components"] if "components" in form else _as_written(old["components"])
        new: Json = deepcopy(
            {
                "content": form.get("content", old["content"]) or "",
                "embeds": form.get("embeds", old["embeds"]) or [],
                "components": written or [],
                "attachments": attachments,
                "flags": (old["flags"] & ~LOADING) | ((form.get("flags") or 0) & may_set),
            }
        )
        by_bot = message.payload["author"]["bot"]
        check_message(
            new | {part: form.get(part) for part in ("sticker_ids", "poll")},
            files,
            UPLOAD_BYTES if by_bot else PERSON_UPLOAD_BYTES,
        )
        _number(new["components"])
        _resolve(new)
        message.payload.update(new, **self._mentions(message, new, form))
        kept = {item["filename"] for item in attachments}
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
            _attachment(self.world.snowflake(), name, data, self._address(message, name))
            | {"description": described.get(name)}
            for name, data in files.items()
        ]

    def _address(self, message: Message, name: str) -> str:
        return f"{self.cdn}/attachments/{message.id}/{quote(name)}"

    def _mentions(self, message: Message, new: Json, form: Json) -> Json:
        """Whom the words notify; without ``allowed_mentions`` everybody they name or reply to."""
        by_default = {"parse": ["users", "everyone"], "replied_user": "message_reference" in form}
        allowed: Json = form.get("allowed_mentions") or by_default
        parse, named = allowed.get("parse") or [], allowed.get("users") or []
        shown = shown_components(new["components"])
        words = "\n".join([new["content"], *(part.get("content") or "" for part in shown)])
        found = [self.world.user(user_id) for user_id in re.findall(r"<@!?(\d+)>", words)]
        users = [user for user in found if user and ("users" in parse or user.id in named)]
        if allowed.get("replied_user") and (referred := message.payload.get("referenced_message")):
            users += [user for user in [self.world.user(referred["author"]["id"])] if user]
        return {
            "mentions": [user.payload() for user in dict.fromkeys(users)],
            "mention_everyone": "everyone" in parse
            and re.search(r"@(everyone|here)\b", words) is not None,
        }


def _check_flags(message: Message, form: Json) -> None:
    """The second version of components stays once a message has it."""
    if message.v2 and form.get("flags") is not None and not form["flags"] & COMPONENTS_V2:
        words = "The IS_COMPONENTS_V2 flag cannot be removed from a message"
        raise bad_form([Fault("flags", "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", words)])


def _attachment(number: str, name: str, data: bytes, url: str) -> Json:
    return {
        "id": number,
        "filename": name,
        "size": len(data),
        "content_type": guess_type(name)[0],
        "url": url,
        "proxy_url": url,
    }


def _number(components: list[Json]) -> None:
    """Give every component the integer id that Discord gives it, none that another has chosen."""
    everything = [*shown_components(components)]
    chosen = {component.get("id") for component in everything}
    free = (number for number in count(1) if number not in chosen)
    for component in everything:
        component["id"] = component.get("id") or next(free)


def _resolve(message: Json) -> None:
    """Put real addresses in the place of ``attachment://``."""
    attached = {ATTACHMENT + item["filename"]: item for item in message["attachments"]}
    for embed in message["embeds"]:
        for part in ("image", "thumbnail"):
            if embed.get(part) and (item := attached.get(embed[part]["url"])):
                embed[part]["url"] = item["url"]
    for holder, media in shown_media(message["components"]):
        if item := attached.get(media["url"]):
            if holder.get("type") == Type.FILE:
                holder |= {"name": item["filename"], "size": item["size"]}
            media |= {"url": item["url"], "proxy_url": item["url"], "attachment_id": item["id"]}
            media |= {"content_type": item["content_type"], "loading_state": 2}


def _as_written(components: list[Json]) -> list[Json]:
    """Components as a bot would write them: what `_resolve` resolved goes by ``attachment://``."""
    written = deepcopy(components)
    for _, media in shown_media(written):
        if "attachment_id" in media:
            media["url"] = ATTACHMENT + name_in(media["url"])
    return written
