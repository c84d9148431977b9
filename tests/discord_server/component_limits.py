"""Discord's limits on components: rows, buttons, select menus and modals.

Figures from the API reference: Component Reference.
"""

from collections import Counter
from collections.abc import Iterator

from tests.discord_server.components import SELECTS, Type, shown_components
from tests.discord_server.form import count, length
from tests.discord_server.layout_limits import AT_TOP, layout_faults, place_faults, total_faults
from tests.discord_server.refusals import Fault
from tests.discord_server.world import Json

LINK_BUTTON = 5

ROWS = 5
OPTIONS = 25
IN_ROW = (Type.BUTTON, *SELECTS, Type.TEXT_INPUT)


def component_faults(components: list[Json], *, v2: bool) -> Iterator[Fault]:
    """The faults of a message's components; `v2` says whether it has the IS_COMPONENTS_V2 flag."""
    everything = [*shown_components(components)]
    if v2:
        yield from total_faults(everything)
    else:
        yield from count("components", components, ROWS)
    yield from place_faults("components", components, AT_TOP if v2 else (Type.ROW,))
    yield from _faults("components", components)
    yield from _duplicates(everything)


def modal_faults(modal: Json) -> Iterator[Fault]:
    yield from length("data.title", modal.get("title") or "", 45, least=1)
    yield from length("data.custom_id", modal.get("custom_id") or "", 100, least=1)
    yield from count("data.components", modal.get("components") or [], 5, least=1)
    yield from _faults("data.components", modal.get("components") or [])


def _faults(path: str, components: list[Json]) -> Iterator[Fault]:
    for number, component in enumerate(components):
        here = f"{path}.{number}"
        yield from _own_faults(here, component)
        yield from _faults(f"{here}.components", component.get("components") or [])
        for part in ("accessory", "component"):
            if component.get(part):
                yield from _own_faults(f"{here}.{part}", component[part])


def _own_faults(path: str, component: Json) -> Iterator[Fault]:
    """The faults of a component without those of what is inside."""
    match component["type"]:
        case Type.ROW:
            yield from _row_faults(path, component)
        case Type.BUTTON:
            yield from _button_faults(path, component)
        case kind if kind in SELECTS:
            yield from _select_faults(path, component)
        case Type.TEXT_INPUT:
            yield from length(f"{path}.custom_id", component.get("custom_id") or "", 100, least=1)
            yield from length(f"{path}.label", component.get("label"), 45, least=1)
            yield from length(f"{path}.placeholder", component.get("placeholder"), 100)
        case Type.LABEL:
            yield from length(f"{path}.label", component.get("label") or "", 45, least=1)
            yield from length(f"{path}.description", component.get("description"), 100)
        case _:
            yield from layout_faults(path, component)


def _row_faults(path: str, row: Json) -> Iterator[Fault]:
    inside = row.get("components") or []
    yield from count(f"{path}.components", inside, 5, least=1)
    yield from place_faults(f"{path}.components", inside, IN_ROW)
    if len(inside) > 1 and any(component["type"] in SELECTS for component in inside):
        words = "The specified component exceeds the maximum width"
        yield Fault(f"{path}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words)


def _button_faults(path: str, button: Json) -> Iterator[Fault]:
    yield from length(f"{path}.label", button.get("label"), 80)
    if not button.get("label") and not button.get("emoji"):
        words = "A button must have a label or an emoji"
        yield Fault(path, "BUTTON_COMPONENT_INVALID_CONTENT", words)
    if button["style"] == LINK_BUTTON:
        yield from length(f"{path}.url", button.get("url") or "", 512, least=1)
        if button.get("custom_id"):
            words = "A link button cannot have a custom id"
            yield Fault(f"{path}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_WITH_URL", words)
    else:
        yield from length(f"{path}.custom_id", button.get("custom_id") or "", 100, least=1)


def _select_faults(path: str, select: Json) -> Iterator[Fault]:
    yield from length(f"{path}.custom_id", select.get("custom_id") or "", 100, least=1)
    yield from length(f"{path}.placeholder", select.get("placeholder"), 150)
    if select["type"] != Type.STRING_SELECT:
        return
    options = select.get("options") or []
    yield from count(f"{path}.options", options, OPTIONS, least=1)
    for number, option in enumerate(options):
        here = f"{path}.options.{number}"
        yield from length(f"{here}.label", option.get("label") or "", 100, least=1)
        yield from length(f"{here}.value", option.get("value") or "", 100, least=1)
        yield from length(f"{here}.description", option.get("description"), 100)
    values = Counter(option.get("value") for option in options)
    if any(times > 1 for times in values.values()):
        words = "The specified option value is already used"
        yield Fault(f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words)


def _duplicates(everything: list[Json]) -> Iterator[Fault]:
    ids = Counter(c["custom_id"] for c in everything if c.get("custom_id"))
    for custom_id, times in ids.items():
        if times > 1:
            words = f"Component custom id cannot be duplicated: {custom_id}"
            yield Fault("components", "COMPONENT_CUSTOM_ID_DUPLICATED", words)
