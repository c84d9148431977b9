"""A message of the bot as lines: its words, its components with all that is set, its files."""

import json
from collections.abc import Iterator
from typing import Any

from tests.discord_server import FILMS, Channel, Message
from tests.discord_server.components import Type

Json = dict[str, Any]

_INSIDE = ("components", "accessory", "component", "items", "options", "content", "media", "file")
_NOT_SHOWN = ("type", "id", "attachment_id", "size", *_INSIDE)


def lines_of(message: Message, *, new: bool) -> Iterator[str]:
    """Tell how a message looks that was shown or changed just now."""
    facts = ["new" if new else "changed", place_of(message.channel)]
    facts += ["only the asker sees it"] if message.ephemeral else []
    facts += ["a reply"] if message.replies_to else []
    facts += [f"notifies {', '.join(message.pings)}"] if message.pings else []
    yield f"< {', '.join(facts)}"
    yield from _words(message.content, 1)
    yield from (f"  embed {json.dumps(embed, ensure_ascii=False)}" for embed in message.embeds)
    for component in message.payload["components"]:
        yield from component_lines(component, 1)
    for attachment in message.payload["attachments"]:
        yield from _file(attachment, message.files.get(attachment["filename"], b""))


def place_of(channel: Channel) -> str:
    """Name a channel, with its server where that is another than most is said in."""
    if channel.guild_id is None:
        return "private"
    server = "" if channel.guild_id == FILMS.guild_id else f" of server {channel.guild_id}"
    return f"#{channel.name}{server}"


def component_lines(component: Json, depth: int) -> Iterator[str]:
    """Tell of a component and, further in, of those inside."""
    indent = "  " * depth
    name = Type(component["type"]).name.lower()
    yield f"{indent}{name}{_settings(component, _NOT_SHOWN)}"
    yield from _words(component.get("content") or "", depth + 1)
    for option in component.get("options") or []:
        yield f"{indent}  option{_settings(option, ())}"
    for holder in component.get("items") or [component]:
        for part in ("media", "file"):
            if holder.get(part):
                where = holder[part]["url"]
                yield f"{indent}  {part} {where}{_settings(holder, _NOT_SHOWN)}"
    inside = [*(component.get("components") or [])]
    inside += [component[part] for part in ("accessory", "component") if component.get(part)]
    for one in inside:
        yield from component_lines(one, depth + 1)


def _settings(what: Json, without: tuple[str, ...]) -> str:
    """Write what is set of a component, in the order of the names."""
    told = {name: value for name, value in sorted(what.items()) if name not in without}
    return "".join(
        f" {name}={json.dumps(value, ensure_ascii=False)}"
        for name, value in told.items()
        if value is not None
    )


def _words(text: str, depth: int) -> Iterator[str]:
    """Write words line by line, with a bar before each."""
    yield from (f"{'  ' * depth}| {line}".rstrip() for line in text.split("\n") if text)


def _file(attachment: Json, data: bytes) -> Iterator[str]:
    """Tell of a file, with its contents where it is a table."""
    described = attachment.get("description")
    yield f"  file {attachment['filename']}" + (f": {described}" if described else "")
    if attachment["filename"].endswith(".csv"):
        yield from _words(data.decode(errors="replace"), 2)
