"""Discord's limits on components: rows, buttons, select menus, modals, and the second version.

Figures from the API reference: Component Reference.
"""

from collections import Counter
from collections.abc import Iterator

from tests.discord_server.form import count, length
from tests.discord_server.refusals import Fault
from tests.discord_server.world import Json

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = (3, 5, 6, 7, 8)
TEXT_DISPLAY, CONTAINER = 10, 17
LINK_BUTTON = 5

ROWS = 5
COMPONENTS_IN_ALL = 40
TEXT_IN_ALL = 4_000
OPTIONS = 25


def shown_components(components: list[Json]) -> Iterator[Json]:
    """Every component, those inside others and accessories too."""
    for component in components:
        yield component
        yield from shown_components(component.get("components") or [])
        for part in ("accessory", "component"):
            if component.get(part):
                yield from shown_components([component[part]])


def component_faults(components: list[Json], *, v2: bool) -> Iterator[Fault]:
    """The faults of a message's components; `v2` says whether it has the IS_COMPONENTS_V2 flag."""
    everything = [*shown_components(components)]
    if v2:
        yield from _second_version_faults(everything)
    else:
        yield from count("components", components, ROWS)
        for number, component in enumerate(components):
            if component["type"] != ROW:
                words = f"Value of field 'type' must be one of ({ROW},)."
                yield Fault(f"components.{number}", "UNION_TYPE_CHOICES", words)
    yield from _faults("components", components)
    yield from _duplicates(everything)


def modal_faults(modal: Json) -> Iterator[Fault]:
    yield from length("data.title", modal.get("title") or "", 45, least=1)
    yield from length("data.custom_id", modal.get("custom_id") or "", 100, least=1)
    yield from count("data.components", modal.get("components") or [], 5, least=1)
    yield from _faults("data.components", modal.get("components") or [])


def _second_version_faults(everything: list[Json]) -> Iterator[Fault]:
    if len(everything) > COMPONENTS_IN_ALL:
        words = f"The maximum number of components is {COMPONENTS_IN_ALL}"
        yield Fault("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words)
    text = sum(len(c["content"]) for c in everything if c["type"] == TEXT_DISPLAY)
    if text > TEXT_IN_ALL:
        words = f"The displayable text is {text} of at most {TEXT_IN_ALL} characters"
        yield Fault("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)


def _faults(path: str, components: list[Json]) -> Iterator[Fault]:
    for number, component in enumerate(components):
        here = f"{path}.{number}"
        kind = component["type"]
        if kind == ROW:
            yield from _row_faults(here, component)
        elif kind == BUTTON:
            yield from _button_faults(here, component)
        elif kind in SELECTS:
            yield from _select_faults(here, component)
        elif kind == TEXT_INPUT:
            yield from length(f"{here}.custom_id", component.get("custom_id") or "", 100, least=1)
            yield from length(f"{here}.label", component.get("label"), 45, least=1)
            yield from length(f"{here}.placeholder", component.get("placeholder"), 100)
        elif kind == TEXT_DISPLAY:
            yield from length(f"{here}.content", component["content"], TEXT_IN_ALL, least=1)
        yield from _faults(f"{here}.components", component.get("components") or [])
        for part in ("accessory", "component"):
            if component.get(part):
                yield from _faults(f"{here}.{part}", [component[part]])


def _row_faults(path: str, row: Json) -> Iterator[Fault]:
    inside = row.get("components") or []
    yield from count(f"{path}.components", inside, 5, least=1)
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
    else:
        yield from length(f"{path}.custom_id", button.get("custom_id") or "", 100, least=1)


def _select_faults(path: str, select: Json) -> Iterator[Fault]:
    yield from length(f"{path}.custom_id", select.get("custom_id") or "", 100, least=1)
    yield from length(f"{path}.placeholder", select.get("placeholder"), 150)
    if select["type"] != STRING_SELECT:
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
