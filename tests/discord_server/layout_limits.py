"""Discord's limits on the second version of components: what may stand where, and how much of it.

Figures from the API reference: Component Reference.
"""

from collections import Counter
from collections.abc import Iterator

from tests.discord_server.components import Type
from tests.discord_server.form import count, length
from tests.discord_server.refusals import Fault
from tests.discord_server.world import Json

IN_CONTAINER = (
    Type.ROW,
    Type.SECTION,
    Type.TEXT_DISPLAY,
    Type.MEDIA_GALLERY,
    Type.FILE,
    Type.SEPARATOR,
)
AT_TOP = (*IN_CONTAINER, Type.CONTAINER)
ACCESSORIES = (Type.BUTTON, Type.THUMBNAIL)

COMPONENTS_IN_ALL = 40
TEXT_IN_ALL = 4_000
TEXTS_OF_SECTION = 3
GALLERY_ITEMS = 10
DESCRIPTION = 1_024
LAST_COLOUR = 0xFFFFFF
SPACINGS = (1, 2)


def total_faults(everything: list[Json]) -> Iterator[Fault]:
    """Too many components, too much text, or one integer id twice; `everything` is flat."""
    if len(everything) > COMPONENTS_IN_ALL:
        words = f"The maximum number of components is {COMPONENTS_IN_ALL}"
        yield Fault("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words)
    texts = [c.get("content") or "" for c in everything if c["type"] == Type.TEXT_DISPLAY]
    text = sum(map(len, texts))
    if text > TEXT_IN_ALL:
        words = f"The displayable text is {text} of at most {TEXT_IN_ALL} characters"
        yield Fault("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)
    ids = Counter(component["id"] for component in everything if component.get("id"))
    for number, times in ids.items():
        if times > 1:
            words = f"Component id cannot be duplicated: {number}"
            yield Fault("components", "COMPONENT_ID_DUPLICATED", words)


def place_faults(path: str, components: list[Json], allowed: tuple[Type, ...]) -> Iterator[Fault]:
    """Those of `components` whose type may not stand at `path`."""
    for number, component in enumerate(components):
        yield from type_faults(f"{path}.{number}", component, allowed)


def type_faults(path: str, component: Json, allowed: tuple[Type, ...]) -> Iterator[Fault]:
    if component["type"] not in allowed:
        words = f"Value of field 'type' must be one of {tuple(map(int, allowed))}."
        yield Fault(path, "UNION_TYPE_CHOICES", words)


def layout_faults(path: str, component: Json) -> Iterator[Fault]:
    """The faults of one component of the second version, without those of what is inside."""
    match component["type"]:
        case Type.TEXT_DISPLAY:
            yield from length(f"{path}.content", component.get("content") or "", TEXT_IN_ALL, 1)
        case Type.SECTION:
            yield from _section_faults(path, component)
        case Type.CONTAINER:
            yield from _container_faults(path, component)
        case Type.MEDIA_GALLERY:
            items = component.get("items") or []
            yield from count(f"{path}.items", items, GALLERY_ITEMS, least=1)
            for number, item in enumerate(items):
                yield from _media_faults(f"{path}.items.{number}", item)
        case Type.THUMBNAIL:
            yield from _media_faults(path, component)
        case Type.FILE:
            if not _url(component, "file").startswith("attachment://"):
                words = "A file must be an attachment of the message"
                yield Fault(f"{path}.file.url", "URL_TYPE_INVALID_SCHEME", words)
        case Type.SEPARATOR:
            if component.get("spacing") not in (None, *SPACINGS):
                words = f"Value must be one of {SPACINGS}."
                yield Fault(f"{path}.spacing", "BASE_TYPE_CHOICES", words)


def _section_faults(path: str, section: Json) -> Iterator[Fault]:
    texts = section.get("components") or []
    yield from count(f"{path}.components", texts, TEXTS_OF_SECTION, least=1)
    yield from place_faults(f"{path}.components", texts, (Type.TEXT_DISPLAY,))
    if section.get("accessory") is None:
        yield Fault(f"{path}.accessory", "BASE_TYPE_REQUIRED", "This field is required")
    else:
        yield from type_faults(f"{path}.accessory", section["accessory"], ACCESSORIES)


def _container_faults(path: str, container: Json) -> Iterator[Fault]:
    inside = container.get("components") or []
    yield from count(f"{path}.components", inside, COMPONENTS_IN_ALL, least=1)
    yield from place_faults(f"{path}.components", inside, IN_CONTAINER)
    if not 0 <= (container.get("accent_color") or 0) <= LAST_COLOUR:
        words = f"int value should be between 0 and {LAST_COLOUR}."
        yield Fault(f"{path}.accent_color", "NUMBER_TYPE_MAX", words)


def _media_faults(path: str, holder: Json) -> Iterator[Fault]:
    yield from length(f"{path}.description", holder.get("description"), DESCRIPTION)
    if not _url(holder, "media").startswith(("http://", "https://", "attachment://")):
        words = "Scheme must be one of ('http', 'https', 'attachment')."
        yield Fault(f"{path}.media.url", "URL_TYPE_INVALID_SCHEME", words)


def _url(holder: Json, part: str) -> str:
    return str((holder.get(part) or {}).get("url") or "")
