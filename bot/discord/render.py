"""Replies as Discord messages of components, stacked so that they read well on a phone."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import discord
from discord import ui

from bot.discord import limits
from bot.discord.components import EVERYBODY, button, fits_menu, menu
from bot.discord.markdown import cell_markdown, escape, link, split_text
from bot.replies import Action, Cell, Choice, ColumnKind, Document, Picture, Reply, Severity, Table
from bot.text import shortened

# What a message is made of, top to bottom: lines of text, or a component in one piece.
Piece = str | ui.Item[Any]

T = TypeVar("T")

_NBSP = "\u00a0"


@dataclass(frozen=True)
class RenderedMessage:
    """One Discord message: what it shows, and the picture and document in it."""

    view: ui.LayoutView
    attachments: tuple[Picture | Document, ...] = ()

    def new(self) -> dict[str, Any]:
        """Keyword arguments for any of discord.py's ways to send; files in them serve once."""
        return {"view": self.view} | ({"files": self._files()} if self.attachments else {})

    def edited(self) -> dict[str, Any]:
        """Keyword arguments for any of discord.py's ways to change a message into this one."""
        return {"view": self.view, "attachments": self._files()}

    def _files(self) -> list[discord.File]:
        return [_file(attachment) for attachment in self.attachments]


def render(reply: Reply, asker: str) -> list[RenderedMessage]:
    """Return the messages that show all of a reply, in order; nothing is left out to make it fit.

    Parameters
    ----------
    reply
        The reply.
    asker
        Discord's id of the user who may use the controls.
    """
    asker = EVERYBODY if reply.for_all else asker
    messages = []
    for pieces in _not_blank(_messages(_pieces(reply, asker))):
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.Container(*_items(pieces), accent_colour=limits.COLOURS[reply.severity]))
        view.stop()  # its controls go by their custom ids (bot.discord.components)
        kinds = {type(piece) for piece in pieces}
        picture = (reply.picture,) if reply.picture and ui.MediaGallery in kinds else ()
        document = (reply.document,) if reply.document and ui.File in kinds else ()
        messages.append(RenderedMessage(view, (*picture, *document)))
    return messages


def _pieces(reply: Reply, asker: str) -> Iterator[Piece]:
    numbers = count()
    if reply.title:
        yield f"### {link(reply.title, reply.url)}"
    yield from escape(reply.text).split("\n") if reply.text else ()
    if reply.picture is not None:
        gallery: ui.MediaGallery[Any] = ui.MediaGallery()
        described = shortened(reply.picture.description, limits.PICTURE_TEXT)
        gallery.add_item(media=f"attachment://{reply.picture.filename}", description=described)
        yield gallery
    for number, table in enumerate(reply.tables):
        if number or reply.text:
            yield ""
        yield from _table(table, asker, numbers)
    if reply.document is not None:
        yield ui.File(f"attachment://{reply.document.filename}")
    if reply.closes_at is not None:
        yield f"-# Closes {discord.utils.format_dt(reply.closes_at, 'R')}"
    if reply.hint:
        yield ""
        yield from (f"-# {line}" for line in escape(reply.hint).split("\n") if line)
    for choice in reply.choices:
        if reply.severity is Severity.QUESTION or len(reply.choices) > 1:
            yield f"**{escape(choice.prompt)}**"
        yield from _menus(choice, asker, numbers)
    yield from _buttons(reply.buttons, asker, numbers)


def _table(table: Table, asker: str, numbers: Iterator[int]) -> Iterator[Piece]:
    head = [f"**{escape(table.heading)}**"] if table.heading else []
    # Only lists with figures need to say what stands where; the rest explains itself.
    if any(column.kind is ColumnKind.RANK for column in table.columns):
        names = [column.name for column in table.columns if column.kind is not ColumnKind.RANK]
        head.append(f"-# {escape(' · '.join(filter(None, names)))}")
    if not table.actions:
        # The heading is never left alone at the foot of a message.
        rows = [_row(table, row) for row in table.rows]
        yield "\n".join([*head, *rows[:1]])
        yield from rows[1:]
        return
    if head:
        yield "\n".join(head)
    for row, action in zip(table.rows, table.actions, strict=True):
        control = button(action, asker, next(numbers))
        words = _row(table, row)
        yield ui.Section(words, accessory=control) if control else words


def _row(table: Table, row: tuple[Cell, ...]) -> str:
    """``1.`` **lead** · value, and below it the details in small print."""

    def cells(kind: ColumnKind) -> list[str]:
        pairs = zip(table.columns, row, strict=True)
        texts = [cell_markdown(cell) for column, cell in pairs if column.kind is kind]
        return [text for text in texts if text]

    ranks = [f"{rank.rstrip('.')}." for rank in cells(ColumnKind.RANK)]
    leads = [f"**{lead}**" for lead in cells(ColumnKind.LEAD)]
    # At the end of a line no figure is torn apart, and none loses its dot.
    values = [f"{_NBSP}· {value.replace(' ', _NBSP)}" for value in cells(ColumnKind.VALUE)]
    line = " ".join([*(f"`{rank}`" for rank in ranks), *leads]) + "".join(values)
    details = " · ".join(cells(ColumnKind.DETAIL))
    shown_row = f"{line}\n-# {details}" if details else line
    return shown_row if shown_row.strip() else limits.BLANK


def _menus(choice: Choice, asker: str, numbers: Iterator[int]) -> Iterator[Piece]:
    """One menu for the choice, several where it has more options than one may hold."""
    for option in choice.options:
        if not fits_menu(option):
            yield _in_words(option)
    fitting = [option for option in choice.options if fits_menu(option)]
    for options in _batches(fitting, limits.OPTIONS):
        yield ui.ActionRow(menu(choice, options, asker, next(numbers)))


def _buttons(options: Iterable[Action], asker: str, numbers: Iterator[int]) -> Iterator[Piece]:
    controls = [(option, button(option, asker, next(numbers))) for option in options]
    yield from (_in_words(option) for option, control in controls if control is None)
    for row in _batches([control for _, control in controls if control], limits.BUTTONS):
        yield ui.ActionRow(*row)


def _in_words(option: Action) -> str:
    return f"{escape(option.label)}: type “{escape(option.message)}”"


def _messages(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The pieces in as few messages as Discord's limits allow, in order."""
    message: list[Piece] = []
    components, characters = 1, 0  # the container is one
    for piece in _small_enough(pieces):
        more = 0 if isinstance(piece, str) and message and isinstance(message[-1], str) else 1
        more += 0 if isinstance(piece, str) else piece._total_count - 1
        length = len(piece) + 1 if isinstance(piece, str) else _length(piece)
        if components + more > limits.COMPONENTS or characters + length > limits.TEXT:
            yield message
            message, components, characters = [], 1, 0
            more = max(more, 1)
        message.append(piece)
        components, characters = components + more, characters + length
    yield message


def _not_blank(messages: Iterable[list[Piece]]) -> list[list[Piece]]:
    """Those that show something; one in any case, as Discord takes no empty message."""
    shown = [
        pieces
        for pieces in messages
        if any(not isinstance(piece, str) or piece.strip() for piece in pieces)
    ]
    return shown or [[limits.BLANK]]


def _small_enough(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        if isinstance(piece, str):
            yield from split_text(piece, limits.TEXT - 1)
        else:
            yield piece


def _length(item: ui.Item[Any]) -> int:
    """Characters of text in a component."""
    if isinstance(item, ui.TextDisplay):
        return len(item.content)
    return sum(map(_length, item.children)) if isinstance(item, ui.Section) else 0


def _items(pieces: Iterable[Piece]) -> Iterator[ui.Item[Any]]:
    """Lines that follow each other become one text."""
    lines: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            lines.append(piece)
            continue
        yield from _texts(lines)
        lines = []
        yield piece
    yield from _texts(lines)


def _texts(lines: list[str]) -> Iterator[ui.TextDisplay[Any]]:
    if text := "\n".join(lines).strip("\n"):
        yield ui.TextDisplay(text)


def _batches(items: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), most):
        yield items[start : start + most]


def _file(attachment: Picture | Document) -> discord.File:
    if isinstance(attachment, Document):
        return discord.File(io.BytesIO(attachment.data), attachment.filename)
    described = shortened(attachment.description, limits.PICTURE_TEXT)
    return discord.File(io.BytesIO(attachment.png), attachment.filename, description=described)
