"""Replies as rich text for a terminal."""

from itertools import count
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from bot.replies import Cell, Choice, Link, Picture, Reply, Role, Table, Tone

_COLOURS = {Tone.NORMAL: "bright_cyan", Tone.QUESTION: "yellow", Tone.PROBLEM: "bright_red"}
_STYLES = {Role.RANK: "dim", Role.LEAD: "bold", Role.VALUE: "", Role.DETAIL: "dim"}


def show(console: Console, reply: Reply, pictures: Path) -> None:
    """Print a reply, its options numbered through all choices; save its picture into a folder."""
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
    _show_choices(console, reply.choices)
    if reply.hint:
        console.print(Text(reply.hint, style="italic dim"))
    console.print()


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


def _show_choices(console: Console, choices: tuple[Choice, ...]) -> None:
    numbers = count(1)
    for choice in choices:
        console.print(Text(choice.prompt, style="yellow"))
        for option in choice.options:
            line = Text(f"  {next(numbers)}. {option.label}")
            if option.detail:
                line.append(f"  {option.detail}", style="dim")
            console.print(line)
    if choices:
        console.print(Text("Type a number to choose.", style="italic dim"))


def _save(console: Console, picture: Picture, folder: Path) -> None:
    path = folder / f"reeltwin-{picture.filename}"
    try:
        path.write_bytes(picture.png)
    except OSError as error:
        words = f"The picture cannot be saved as {path}: {error.strerror}."
        console.print(Text(words, style=_COLOURS[Tone.PROBLEM]))
    else:
        console.print(Text(f"Picture saved: {path}  ({picture.description})"))
