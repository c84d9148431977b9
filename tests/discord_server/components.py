"""What components there are, and how to walk through all of a message's."""

from collections.abc import Iterator
from enum import IntEnum

from tests.discord_server.world import Json


class Type(IntEnum):
    """The components that the loopback Discord knows, by Discord's numbers."""

    ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18


SELECTS = (
    Type.STRING_SELECT,
    Type.USER_SELECT,
    Type.ROLE_SELECT,
    Type.MENTIONABLE_SELECT,
    Type.CHANNEL_SELECT,
)


def shown_components(components: list[Json]) -> Iterator[Json]:
    """Every component from top to bottom, those inside others and accessories too."""
    for component in components:
        yield component
        yield from shown_components(component.get("components") or [])
        for part in ("accessory", "component"):
            if component.get(part):
                yield from shown_components([component[part]])


def shown_media(components: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every picture or file that components show: what holds its description, and the media."""
    for component in shown_components(components):
        for holder in component.get("items") or [component]:
            for part in ("media", "file"):
                if holder.get(part):
                    yield holder, holder[part]
