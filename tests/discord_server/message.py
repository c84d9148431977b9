"""A message as people see it."""

from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.discord_server.components import Type, shown_components
from tests.discord_server.limits import COMPONENTS_V2, Files
from tests.discord_server.world import Channel, Json

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
    def loading(self) -> bool:
        """Whether this is only the placeholder of an answer to come."""
        return bool(self.payload["flags"] & LOADING)

    @property
    def edited(self) -> bool:
        return self.payload["edited_timestamp"] is not None

    @property
    def v2(self) -> bool:
        """Whether it is made of components of the second version."""
        return bool(self.payload["flags"] & COMPONENTS_V2)

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
    def buttons(self) -> list[Json]:
        """Every button in order, with its ``custom_id`` or, where it is a link, its ``url``."""
        return [component for component in self.components if component["type"] == Type.BUTTON]

    def button(self, label: str) -> Json:
        """The button with that label."""
        there = [button.get("label") for button in self.buttons]
        assert label in there, f"the message has no button {label!r}, only {there}"
        return self.buttons[there.index(label)]

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
        """The upload that the first embed with an image shows, or the first media gallery."""
        urls = [embed["image"]["url"] for embed in self.embeds if embed.get("image")]
        urls += [item["media"]["url"] for item in self._gallery]
        return self.files.get(name_in(urls[0])) if urls else None

    def file(self, name: str) -> bytes:
        """The contents of the file of that name that a component offers for download."""
        offered = [c["file"]["url"] for c in self.components if c["type"] == Type.FILE]
        names = [name_in(url) for url in offered]
        assert name in names, f"the message has no file {name!r}, only {names}"
        return self.files[name]

    @property
    def picture_description(self) -> str | None:
        """What the first picture is said to show, for those who cannot see it."""
        described = self._gallery or self.payload["attachments"]
        return described[0].get("description") if described else None

    @property
    def _gallery(self) -> list[Json]:
        """The items of all media galleries."""
        galleries = [c for c in self.components if c["type"] == Type.MEDIA_GALLERY]
        return [item for gallery in galleries for item in gallery["items"]]

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


def name_in(url: str) -> str:
    """The file name at the end of an upload's address."""
    return unquote(url.rsplit("/", 1)[-1])


def as_event(message: Message, member: Json) -> Json:
    """The message as the gateway tells it: in guilds with the guild's id and a member."""
    if message.channel.guild_id is None:
        return dict(message.payload)
    return {**message.payload, "guild_id": message.channel.guild_id, "member": member}


def as_deletion(message: Message) -> Json:
    """What the gateway tells of a message that is gone."""
    where = {"id": message.id, "channel_id": message.channel.id}
    guild_id = message.channel.guild_id
    return where if guild_id is None else {**where, "guild_id": guild_id}
