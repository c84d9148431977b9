"""Messages one below the other, as a channel shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from pathlib import Path

from tools.discord_page import components, embeds
from tools.discord_page.html import Json, Known, colour, element, file_name, picture_type
from tools.discord_page.markdown import blocks, inline

EPHEMERAL = 1 << 6
BLURPLE = 0x5865F2
FACES = (0x3BA55C, 0xE67E22, 0xEB459E, 0x1ABC9C, 0xED4245, 0x9B59B6, 0xC27C0E)
STYLE = Path(__file__).parent / "style.css"
# The page may show what it holds, and load nothing.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
EYE = (
    '<svg viewBox="0 0 24 24"><path d="M12 5C7 5 3 8 1 12c2 4 6 7 11 7s9-3 11-7c-2-4-6-7-11-7z"/>'
    '<circle class="white" cx="12" cy="12" r="4.6"/><circle cx="12" cy="12" r="2.6"/></svg>'
)
HASH = (
    '<svg class="hash" viewBox="0 0 24 24"><path d="M10 3L8 21M16 3l-2 18M4 8h17M3 16h17"/></svg>'
)
PICTURE = (
    '<svg class="picture" viewBox="0 0 24 24"><rect x="2" y="3" width="20" height="18" rx="2"/>'
    '<path d="M4 18h16l-5-7-4 5-3-3z"/></svg>'
)


@dataclass(frozen=True)
class Used:
    """Who used which slash command (without the slash), where a message answers one."""

    user: Json
    command: str


@dataclass(frozen=True)
class Shown:
    """A message as Discord words it, the bytes of its uploads by file name, and what it answers."""

    payload: Json
    files: Mapping[str, bytes] = field(default_factory=dict)
    used: Used | None = None

    @property
    def author(self) -> Json:
        return dict(self.payload["author"])


def page(
    messages: Sequence[Shown],
    *,
    width: int = 400,
    channel: str | None = None,
    clock: str = "20:14",
) -> str:
    """A self-contained HTML document.

    Parameters
    ----------
    width
        In CSS pixels; 400 is a phone's.
    channel
        The name in the bar at the top; None leaves the bar out.
    clock
        The time of day that every message bears.

    Raises
    ------
    UnknownComponentError
        Where a message has a component that is not drawn.
    MissingUploadError
        Where it shows a picture that did not come with it.
    """
    names = _names(messages)
    heads = [True, *(_begins(before, message) for before, message in pairwise(messages))]
    body = [
        _message(m, names, clock if head else "") for m, head in zip(messages, heads, strict=True)
    ]
    bar = element("bar", HASH, escape(channel)) if channel else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{escape(channel or 'Discord')}</title><style>{STYLE.read_text('utf-8')}</style>"
        f'</head><body style="width: {width}px">{bar}{element("messages", *body)}</body></html>'
    )


def _names(messages: Sequence[Shown]) -> dict[str, str]:
    """Everybody's name by id, as far as the messages tell."""
    people = [person for message in messages for person in message.payload.get("mentions") or []]
    people += [message.author for message in messages]
    people += [other["author"] for other in map(_referred, messages) if other]
    people += [message.used.user for message in messages if message.used]
    return {str(person["id"]): _name(person) for person in people}


def _name(person: Json) -> str:
    return str(person.get("global_name") or person["username"])


def _begins(before: Shown, message: Shown) -> bool:
    """Whether a message stands under a name of its own, not under the one before it."""
    answers = bool(message.used or _referred(message))
    other = before.author["id"] != message.author["id"]
    return other or answers or _ephemeral(before) != _ephemeral(message)


def _referred(message: Shown) -> Json | None:
    """The message that it replies to."""
    return message.payload.get("referenced_message") or None


def _ephemeral(message: Shown) -> bool:
    return bool((message.payload.get("flags") or 0) & EPHEMERAL)


def _message(message: Shown, names: Mapping[str, str], clock: str) -> str:
    """One message; without `clock` it belongs under the name of the one before."""
    payload, known = message.payload, Known(names, message.files)
    head = ""
    if clock:
        name = element("name", escape(_name(message.author)), tag="span")
        app = '<span class="app">APP</span>' if message.author.get("bot") else ""
        head = element("head", name, app, element("clock", clock, tag="span"))
    edited = '<span class="edited">(edited)</span>' if payload.get("edited_timestamp") else ""
    content = blocks(payload.get("content") or "", names)
    only_you = EYE + "Only you can see this • <a>Dismiss message</a>"
    body = element(
        "body",
        head,
        element("content", content, edited if content else ""),
        _uploads(message),
        *(embeds.draw(embed, known) for embed in payload.get("embeds") or []),
        components.draw(payload.get("components") or [], known),
        element("only-you", only_you if _ephemeral(message) else ""),
    )
    face = _face(message.author, "face") if clock else ""
    css = ("message", "begins" if clock else "", "private" if _ephemeral(message) else "")
    return element(" ".join(filter(None, css)), _answered(message, names), face, body)


def _answered(message: Shown, names: Mapping[str, str]) -> str:
    """The small line above: the message replied to, or the slash command used."""
    if message.used:
        user, command = message.used.user, escape(message.used.command)
        words = f'<b>{escape(_name(user))}</b> used <a class="command">/{command}</a>'
        return element("answered", _face(user, "small-face"), element("preview", words))
    other = _referred(message)
    if other is None:
        return ""
    content = " ".join((other.get("content") or "").split())
    preview = inline(content, names) if content else f"<i>Tap to see attachment</i> {PICTURE}"
    who = f"<b>@{escape(_name(other['author']))}</b> "
    return element(
        "answered", _face(other["author"], "small-face"), element("preview", who, preview)
    )


def _face(person: Json, css: str) -> str:
    """A circle with the first letter; bots are blurple."""
    shade = BLURPLE if person.get("bot") else FACES[int(person["id"]) % len(FACES)]
    return element(css, escape(_name(person)[:1].upper()), style=f"background: {colour(shade)}")


def _uploads(message: Shown) -> str:
    """The uploads that neither an embed nor a component shows in its own place."""
    placed = {
        file_name(url)
        for url in _urls([message.payload.get("embeds"), message.payload.get("components")])
    }
    known = Known({}, message.files)
    return "".join(
        element("upload", known.picture({"url": name}))
        if picture_type(data)
        else components.file_box(name, len(data))
        for name, data in message.files.items()
        if name not in placed
    )


def _urls(part: object) -> list[str]:
    """Every ``url`` in `part`, however deep."""
    if isinstance(part, dict):
        own = [part["url"]] if isinstance(part.get("url"), str) else []
        return own + _urls([*part.values()])
    return [url for inner in part for url in _urls(inner)] if isinstance(part, list) else []
