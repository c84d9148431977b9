"""Discord's own limits on messages: what it refuses, and in which words.

Figures from the API reference: Message (limits of content and uploads), Embed Limits.
"""

from collections.abc import Iterator

from tests.discord_server.component_limits import component_faults
from tests.discord_server.components import shown_media
from tests.discord_server.form import count, length
from tests.discord_server.refusals import (
    EMPTY_MESSAGE,
    TOO_LARGE,
    Fault,
    Reason,
    RefusedError,
    bad_form,
)
from tests.discord_server.world import Json

CONTENT = 2_000
EMBEDS = 10
EMBED_TOTAL = 6_000
FIELDS = 25
UPLOAD_BYTES = 10 << 20  # of a bot; people may pay for more
UPLOADS = 10
COMPONENTS_V2 = 1 << 15

EMBED_TEXTS = (("title", 256), ("description", 4_096), ("footer.text", 2_048), ("author.name", 256))

LEGACY = (
    "content",
    "embeds",
    "sticker_ids",
    "poll",
)  # what components of the second version replace
ATTACHMENT = "attachment://"

Files = dict[str, bytes]


def check_message(message: Json, files: Files, upload_bytes: int = UPLOAD_BYTES) -> None:
    """Refuse what Discord would refuse.

    Parameters
    ----------
    message
        The whole message as it would stand afterwards: for an edit, old and new parts merged.
    files
        The new uploads by file name.
    upload_bytes
        How large each of them may be.

    Raises
    ------
    RefusedError
        413 for uploads that are too large, otherwise 400 with every fault named by its path.
    """
    if any(len(data) > upload_bytes for data in files.values()):
        raise RefusedError(TOO_LARGE)
    if faults := [*_message_faults(message, files)]:
        raise bad_form(faults)
    parts = ("components",) if _is_v2(message) else (*LEGACY, "components", "attachments")
    if not any(message.get(part) for part in parts):
        raise RefusedError(EMPTY_MESSAGE)


def refusal_of(message: Json, files: Files | None = None) -> Reason | None:
    """Return the reason to refuse `message`, or None where it is fine."""
    try:
        check_message(message, files or {})
    except RefusedError as refusal:
        return refusal.reason
    return None


def _message_faults(message: Json, files: Files) -> Iterator[Fault]:
    embeds, components = message.get("embeds") or [], message.get("components") or []
    yield from length("content", message.get("content"), CONTENT)
    yield from count("embeds", embeds, EMBEDS)
    yield from count("attachments", message.get("attachments") or [], UPLOADS)
    for number, embed in enumerate(embeds):
        yield from _embed_faults(f"embeds.{number}", embed)
    if sum(map(_embed_size, embeds)) > EMBED_TOTAL:
        text = f"Embed size exceeds maximum size of {EMBED_TOTAL}"
        yield Fault("embeds", "MAX_EMBED_SIZE_EXCEEDED", text)
    yield from component_faults(components, v2=_is_v2(message))
    yield from _reference_faults(message, files)
    if _is_v2(message):
        yield from _second_version_faults(message, files)


def _is_v2(message: Json) -> bool:
    return bool((message.get("flags") or 0) & COMPONENTS_V2)


def _second_version_faults(message: Json, files: Files) -> Iterator[Fault]:
    """What does not go with the second version of components.

    Discord keeps an attachment that no component shows and lets nobody see it; here it is a fault.
    """
    for part in LEGACY:
        if message.get(part):
            text = f"The '{part}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            yield Fault(part, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)
    urls = [media.get("url") or "" for _, media in shown_media(message.get("components") or [])]
    for name in sorted(_attached(message, files) - {url.removeprefix(ATTACHMENT) for url in urls}):
        text = f"No component shows the attachment '{name}'"
        yield Fault("attachments", "ATTACHMENT_NOT_SHOWN", text)


def _attached(message: Json, files: Files) -> set[str]:
    return {*files, *(item["filename"] for item in message.get("attachments") or [])}


def _embed_faults(path: str, embed: Json) -> Iterator[Fault]:
    for place, most in EMBED_TEXTS:
        yield from length(f"{path}.{place}", _at(embed, place), most)
    fields = embed.get("fields") or []
    yield from count(f"{path}.fields", fields, FIELDS)
    for number, field in enumerate(fields):
        yield from length(f"{path}.fields.{number}.name", field.get("name") or "", 256, least=1)
        yield from length(f"{path}.fields.{number}.value", field.get("value") or "", 1_024, least=1)
    for place in ("url", "image.url", "thumbnail.url", "author.url", "footer.icon_url"):
        url = _at(embed, place)
        if url and not url.startswith(("http://", "https://", "attachment://")):
            text = "Scheme must be one of ('http', 'https')."
            yield Fault(f"{path}.{place}", "URL_TYPE_INVALID_SCHEME", text)


def _embed_size(embed: Json) -> int:
    texts = [_at(embed, place) for place, _ in EMBED_TEXTS]
    fields = embed.get("fields") or []
    texts += [field.get(part) for field in fields for part in ("name", "value")]
    return sum(len(text or "") for text in texts)


def _reference_faults(message: Json, files: Files) -> Iterator[Fault]:
    """Pictures by ``attachment://`` that the message does not carry.

    Discord shows an embed without its picture then and says nothing; here it is a fault.
    """
    wanted = [
        (f"embeds.{number}.{part}.url", _at(embed, f"{part}.url"))
        for number, embed in enumerate(message.get("embeds") or [])
        for part in ("image", "thumbnail")
    ]
    media = shown_media(message.get("components") or [])
    wanted += [("components", item.get("url")) for _, item in media]
    there = _attached(message, files)
    for path, url in wanted:
        if url and url.startswith(ATTACHMENT) and url.removeprefix(ATTACHMENT) not in there:
            code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
            yield Fault(path, code, f"Referenced attachment '{url}' was not found")


def _at(embed: Json, place: str) -> str | None:
    """The text at a dotted place, None where there is nothing."""
    value: Json | str | None = embed
    for step in place.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None
