"""Replies as rich text for a terminal."""

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from bot.replies import Cell, Choice, Link, Option, Picture, Reply, Role, Table, Tone

_COLOURS = {Tone.NORMAL: "bright_cyan", Tone.QUESTION: "yellow", Tone.PROBLEM: "bright_red"}
_STYLES = {Role.RANK: "dim", Role.LEAD: "bold", Role.VALUE: "", Role.DETAIL: "dim"}


def show(console: Console, reply: Reply, pictures: Path) -> list[Option]:
    """Print a reply, save its picture into a folder; returns the options in their numbering."""
    colour = _COLOURS[reply.tone]
    if reply.title:
        console.print(Text(reply.title, style=f"bold {colour}"))
    if reply.text:
        console.print(Text(reply.text, style=colour if reply.tone is Tone.PROBLEM else ""))
    for table in reply.tables:
        if table.heading:
            console.print(Text("\n" + table.heading, style="bold"))
        console.print(_table(table))
    if reply.picture:
        _save(console, reply.picture, pictures)
    options = _show_choices(console, reply.choices)
    if reply.hint:
        console.print(Text(reply.hint, style="italic dim"))
    console.print()
    return options


def _table(table: Table) -> RichTable:
    shown = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in table.columns:
        shown.add_column(
            column.name,
            style=_STYLES[column.role],
            justify="right" if column.role is Role.RANK else "left",
            no_wrap=column.role in (Role.RANK, Role.VALUE),
            overflow="fold",
        )
    for row in table.rows:
        shown.add_row(*(_cell(cell) for cell in row))
    return shown


def _cell(cell: Cell) -> Text:
    if isinstance(cell, Link):
        return Text(cell.text, style=f"link {cell.url}")
    return Text(cell)


def _show_choices(console: Console, choices: tuple[Choice, ...]) -> list[Option]:
    options: list[Option] = []
    for choice in choices:
        console.print(Text(choice.prompt, style="yellow"))
        for option in choice.options:
            options.append(option)
            line = Text(f"  {len(options)}. {option.label}")
            line.append(f"  {option.detail}", style="dim")
            console.print(line)
    if options:
        console.print(Text("Type a number to choose.", style="italic dim"))
    return options


def _save(console: Console, picture: Picture, folder: Path) -> None:
    path = folder / f"reeltwin-{picture.filename}"
    path.write_bytes(picture.png)
    console.print(f"Picture saved: {path}  ({picture.description})", markup=False, highlight=False)
