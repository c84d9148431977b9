"""Replies as rich text for a terminal."""

from collections.abc import Mapping
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from bot.replies import Action, Cell, ColumnKind, Link, Reply, Severity, Table
from bot.text import listed, visible

_COLOURS = {
    Severity.NORMAL: "bright_cyan",
    Severity.QUESTION: "yellow",
    Severity.PROBLEM: "bright_red",
}
_STYLES = {
    ColumnKind.RANK: "dim",
    ColumnKind.LEAD: "bold",
    ColumnKind.VALUE: "",
    ColumnKind.DETAIL: "dim",
}


def keys_of(reply: Reply) -> dict[str, Action]:
    """Return what to type for each action: a row by its rank, stars by themselves, else a number.

    Options of the first choice come by their own keys; where a key is taken, a number follows.
    """
    keys: dict[str, Action] = {}
    others = [o for choice in reply.choices for o in choice.options] + [*reply.buttons]
    for table in reply.tables:
        at = next((i for i, c in enumerate(table.columns) if c.kind is ColumnKind.RANK), None)
        for number, (row, action) in enumerate(zip(table.rows, table.actions, strict=False), 1):
            keys.setdefault(str(number) if at is None else str(row[at]), action)
    for option in others:
        if option.key and option.key not in keys:
            keys[option.key] = option
    number = max((int(key) for key in keys if key.isdecimal()), default=0)
    for option in others:
        if option not in keys.values():
            number += 1
            keys[str(number)] = option
    return keys


def show(console: Console, reply: Reply, pictures: Path, keys: Mapping[str, Action]) -> None:
    """Print a reply with what to type for each way to go on.

    Parameters
    ----------
    console
        Where it is printed.
    reply
        The reply.
    pictures
        The folder into which its picture and its file are saved.
    keys
        Its ways to go on by what is typed for them (`keys_of`).
    """
    colour = _COLOURS[reply.severity]
    if reply.title:
        title = f"bold {colour}" + (f" link {reply.url}" if reply.url else "")
        console.print(_text(reply.title, style=title))
    if reply.text:
        console.print(_text(reply.text, style=colour if reply.severity is Severity.PROBLEM else ""))
    for table in reply.tables:
        if table.heading:
            console.print(_text("\n" + table.heading, style="bold"))
        console.print(_table(table))
    if picture := reply.picture:
        _save(console, picture.filename, picture.png, picture.description, pictures)
    if reply.document:
        _save(console, reply.document.filename, reply.document.data, "", pictures)
    if reply.closes_at:
        console.print(_text(f"Open until {reply.closes_at.astimezone():%H:%M on %d %B}."))
    _show_options(console, reply, keys)
    if reply.hint:
        console.print(_text(reply.hint, style="italic dim"))
    console.print()


def _table(table: Table) -> RichTable:
    named = any(column.name for column in table.columns)
    shown = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, show_header=named)
    for column in table.columns:
        shown.add_column(
            column.name,
            style=_STYLES[column.kind],
            justify="right" if column.kind is ColumnKind.RANK else "left",
            no_wrap=column.kind in (ColumnKind.RANK, ColumnKind.VALUE),
            overflow="fold",
        )
    for row in table.rows:
        shown.add_row(*(_cell(cell) for cell in row))
    return shown


def _cell(cell: Cell) -> Text:
    if isinstance(cell, Link):
        return _text(cell.text, style=f"link {cell.url}")
    return _text(cell)


def _show_options(console: Console, reply: Reply, keys: Mapping[str, Action]) -> None:
    key_of = {option: key for key, option in keys.items()}
    for choice in reply.choices:
        console.print(_text(choice.prompt, style="yellow"))
        if all(option.key == key_of[option] for option in choice.options):
            typed = ", ".join(option.key for option in choice.options)
            console.print(_text(f"  {typed}"))
            continue
        for option in choice.options:
            line = _text(f"  {key_of[option]}. {option.label}")
            if option.detail:
                line.append_text(_text(f"  {option.detail}", style="dim"))
            console.print(line)
    if reply.buttons:
        offered = (f"{key_of[option]}. {option.label}" for option in reply.buttons)
        console.print(_text("  " + "   ".join(offered)))
    actions = {action.label for table in reply.tables for action in table.actions}
    if actions:
        aim = "look closer" if actions == {"Open"} else listed(sorted(actions)).lower()
        console.print(_text(f"Type a film’s number to {aim}.", style="italic dim"))
    elif keys:
        console.print(_text("Type a number to choose.", style="italic dim"))


def _save(console: Console, filename: str, data: bytes, description: str, folder: Path) -> None:
    path = folder / f"reeltwin-{filename}"
    what = "picture" if description else "file"
    try:
        path.write_bytes(data)
    except OSError as error:
        words = f"The {what} cannot be saved as {path}: {error.strerror}."
        console.print(_text(words, style=_COLOURS[Severity.PROBLEM]))
    else:
        about = f"  ({description})" if description else ""
        console.print(_text(f"{what.capitalize()} saved: {path}{about}"))


def _text(text: str, style: str = "") -> Text:
    return Text(visible(text), style=style)
