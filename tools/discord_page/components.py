"""Components of a message: rows of buttons and menus, and the layout of the second version."""

from collections.abc import Callable, Sequence
from html import escape

from tools.discord_page.html import Json, Known, colour, element, file_name
from tools.discord_page.markdown import blocks

STYLES = {1: "blurple", 2: "grey", 3: "green", 4: "red", 5: "link"}
CHEVRON = '<svg class="chevron" viewBox="0 0 24 24"><path d="M5 9l7 7 7-7"/></svg>'
LEAVES = (
    '<svg class="leaves" viewBox="0 0 24 24"><path d="M14 4h6v6M20 4l-9 9M10 5H5v14h14v-5"/></svg>'
)
FILE = (
    '<svg class="file-icon" viewBox="0 0 24 24"><path d="M6 2h8l5 5v15H6z"/>'
    '<path class="fold" d="M14 2v5h5"/></svg>'
)


class UnknownComponentError(ValueError):
    """A component of a type that has no drawing here."""


def draw(components: Sequence[Json], known: Known) -> str:
    """All of them, from top to bottom.

    Raises
    ------
    UnknownComponentError
        Where one is of a type, or a button of a style, that is not drawn.
    """
    return "".join(_component(component, known) for component in components)


def file_box(name: str, size: int) -> str:
    about = element("about", f"{size / 1000:.2f} KB")
    return element("file", FILE, element("", element("name", escape(name)), about))


def _component(component: Json, known: Known) -> str:
    kind = component["type"]
    if kind not in DRAWINGS:
        raise UnknownComponentError(f"component of unknown type {kind}: {component}")
    return DRAWINGS[kind](component, known)


def _row(row: Json, known: Known) -> str:
    return element("row", draw(row["components"], known))


def _button(button: Json, _: Known) -> str:
    if button["style"] not in STYLES:
        raise UnknownComponentError(f"button of unknown style {button['style']}: {button}")
    style = STYLES[button["style"]]
    label = element("label", escape(button.get("label") or ""), tag="span")
    css = f"button {style} disabled" if button.get("disabled") else f"button {style}"
    leaves = LEAVES if style == "link" else ""
    return element(css, _emoji(button), label, leaves, tag="span")


def _select(select: Json, _: Known) -> str:
    chosen = [option for option in select["options"] if option.get("default")]
    if chosen:
        said = "".join(
            element("chosen", _emoji(option), escape(option["label"]), tag="span")
            for option in chosen
        )
    else:
        words = select.get("placeholder") or "Make a selection"
        said = element("placeholder", escape(words), tag="span")
    css = "select disabled" if select.get("disabled") else "select"
    return element(css, element("said", said, tag="span"), CHEVRON)


def _section(section: Json, known: Known) -> str:
    text = element("column", draw(section["components"], known))
    return element("section", text, element("accessory", draw([section["accessory"]], known)))


def _text(display: Json, known: Known) -> str:
    return element("display", blocks(display["content"], known.names))


def _thumbnail(thumbnail: Json, known: Known) -> str:
    return known.picture(thumbnail["media"], "thumbnail")


def _gallery(gallery: Json, known: Known) -> str:
    pictures = [known.picture(item["media"]) for item in gallery["items"]]
    # Alone, a picture keeps its shape; two to four make a square of squares, more are by threes.
    css = ("one", "two", "three", "two")[len(pictures) - 1] if len(pictures) <= 4 else "many"
    return element(f"gallery {css}", *pictures)


def _file(file: Json, known: Known) -> str:
    name = file_name(file["file"]["url"])
    return file_box(name, len(known.files.get(name, b"")))


def _separator(separator: Json, _: Known) -> str:
    css = "line" if separator.get("divider", True) else "gap"
    wide = " wide" if separator.get("spacing", 1) == 2 else ""
    return f'<div class="{css}{wide}"></div>'


def _container(container: Json, known: Known) -> str:
    accent = container.get("accent_color")
    style = "" if accent is None else f"--accent: {colour(accent)}"
    css = "container" if accent is None else "container accent"
    return element(css, draw(container["components"], known), style=style)


def _emoji(item: Json) -> str:
    emoji = item.get("emoji") or {}
    if emoji.get("id"):  # a guild's own: its picture is Discord's
        return element("emoji", escape(f":{emoji['name']}:"), tag="span")
    return element("emoji", escape(emoji.get("name") or ""), tag="span")


DRAWINGS: dict[int, Callable[[Json, Known], str]] = {
    1: _row,
    2: _button,
    3: _select,
    9: _section,
    10: _text,
    11: _thumbnail,
    12: _gallery,
    13: _file,
    14: _separator,
    17: _container,
}
