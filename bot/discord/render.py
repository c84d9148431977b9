"""Replies as Discord messages: one embed each, stacked so that it reads well on a phone."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.discord.choices import MENU_OPTIONS, MENUS_PER_MESSAGE, Menu, fits_menu, menu_view
from bot.discord.markdown import escape, pack, shown
from bot.replies import Cell, Choice, Picture, Reply, Role, Table, Tone

TITLE = 256
DESCRIPTION = 4_096
# Title, description and footer share 6,000 characters: what is left for the footer.
FOOTER = 6_000 - TITLE - DESCRIPTION

COLOURS = {Tone.NORMAL: 0x5865F2, Tone.QUESTION: 0xF0B232, Tone.PROBLEM: 0xDA373C}


@dataclass(frozen=True)
class Page:
    """One Discord message: an embed, a picture shown in it, menus below it."""

    embed: discord.Embed
    picture: Picture | None = None
    menus: tuple[Menu, ...] = ()

    def message(self) -> dict[str, Any]:
        """Keyword arguments for any of discord.py's ways to send; a file in them serves once."""
        parts: dict[str, Any] = {"embed": self.embed}
        if self.picture is not None:
            data = io.BytesIO(self.picture.png)
            name, words = self.picture.filename, self.picture.description
            parts["file"] = discord.File(data, name, description=words)
        if self.menus:
            parts["view"] = menu_view(self.menus)
        return parts


def render(reply: Reply, asker: str) -> list[Page]:
    """The messages that show all of `reply`, in order; nothing is left out to make it fit.

    Parameters
    ----------
    asker
        Discord's id of the person who may use the menus.
    """
    colour = COLOURS[reply.tone]
    texts = pack(_units(reply), DESCRIPTION) or [""]
    pages = [Page(discord.Embed(description=text, colour=colour)) for text in texts]
    if len(_title(reply)) <= TITLE:
        pages[0].embed.title = _title(reply) or None
    if reply.picture is not None:
        pages[0].embed.set_image(url=f"attachment://{reply.picture.filename}")
        pages[0] = replace(pages[0], picture=reply.picture)
    menus = [*_menus(reply.choices, asker)]
    for start in range(0, len(menus), MENUS_PER_MESSAGE):
        batch = tuple(menus[start : start + MENUS_PER_MESSAGE])
        if start > 0:
            pages.append(Page(discord.Embed(description="…", colour=colour)))
        pages[-1] = replace(pages[-1], menus=batch)
    if len(reply.hint) <= FOOTER:
        pages[-1].embed.set_footer(text=reply.hint or None)
    return pages


def _title(reply: Reply) -> str:
    return escape(reply.title)


def _units(reply: Reply) -> Iterator[str]:
    """The description in pieces that stay whole; a blank line stands before each new block."""
    if len(_title(reply)) > TITLE:
        yield f"**{_title(reply)}**"
    blocks = [escape(reply.text).split("\n")] if reply.text else []
    blocks += [[*_table_units(table)] for table in reply.tables]
    blocks += [[*_choice_units(choice)] for choice in reply.choices]
    if len(reply.hint) > FOOTER:
        blocks.append(escape(reply.hint).split("\n"))
    for block in blocks:
        for number, unit in enumerate(block):
            yield f"\n{unit}" if number == 0 else unit


def _table_units(table: Table) -> Iterator[str]:
    head = [f"**{escape(table.heading)}**"] if table.heading else []
    # Only lists with figures need to say what stands where; the rest explains itself.
    ranked = any(column.role is Role.RANK for column in table.columns)
    if table.rows and ranked:
        names = [column.name for column in table.columns if column.role is not Role.RANK]
        head.append(f"-# {escape(' · '.join(names))}")
    rows = [_row(table, row) for row in table.rows]
    # The heading is never left alone at the foot of a message.
    yield "\n".join([*head, *rows[:1]])
    yield from rows[1:]


def _row(table: Table, row: tuple[Cell, ...]) -> str:
    """``1.`` **lead** · value, and below it the details in small print."""

    def cells(role: Role) -> list[str]:
        pairs = zip(table.columns, row, strict=True)
        return [shown(cell) for column, cell in pairs if column.role is role and shown(cell)]

    ranks = [f"{rank.rstrip('.')}." for rank in cells(Role.RANK)]
    leads = [f"**{lead}**" for lead in cells(Role.LEAD)]
    values = [f"· {value}" for value in cells(Role.VALUE)]
    line = " ".join([*(f"`{rank}`" for rank in ranks), *leads, *values])
    details = " · ".join(cells(Role.DETAIL))
    return f"{line}\n-# {details}" if details else line


def _choice_units(choice: Choice) -> Iterator[str]:
    yield f"**{escape(choice.prompt)}**"
    for option in choice.options:
        if not fits_menu(option):
            yield f"{escape(option.label)}: type “{escape(option.message)}”"


def _menus(choices: tuple[Choice, ...], asker: str) -> Iterator[Menu]:
    """One menu for each choice, several where it has more options than a menu may hold."""
    number = 0
    for choice in choices:
        options = [option for option in choice.options if fits_menu(option)]
        for start in range(0, len(options), MENU_OPTIONS):
            some = tuple(options[start : start + MENU_OPTIONS])
            yield Menu(asker, number, choice.prompt, some)
            number += 1
