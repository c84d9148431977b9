"""Long tables a page at a time: each page is the same command with a page number."""

from dataclasses import replace

from bot.commands.parameters import Page
from bot.errors import UserError
from bot.replies import Action, Reply, Table


def page_of(reply: Reply, page: int, rows: int, command: str, prefix: str = "") -> Reply:
    """Return a reply with one page of its first table, and buttons to turn it.

    Parameters
    ----------
    reply
        With all rows.
    page
        Which page, from 1.
    rows
        How many rows a page has; fewer where the reply wants fewer at once.
    command
        What is typed behind the ``prefix`` to see the first page; the others have their number
        behind it.
    prefix
        What typed commands begin with.

    Raises
    ------
    UserError
        There is no such page.
    """
    rows = min(rows, reply.rows_at_once or rows)
    total = len(reply.tables[0].rows) if reply.tables else 0
    pages = max(1, -(-total // rows))
    if page > pages:
        fills = "it is all on one page" if pages == 1 else f"there are {pages} pages"
        raise UserError(
            f"There is no page {page}: {fills}. For example: {prefix}{turned(command, pages)}"
        )
    if pages == 1:
        return reply
    shown = slice((page - 1) * rows, page * rows)
    turns = [("← Back", page - 1), ("More →", page + 1)]
    buttons = tuple(
        Action(label, turned(command, number), in_place=True)
        for label, number in turns
        if 1 <= number <= pages
    )
    where = f"Page {page} of {pages}"
    return replace(
        reply,
        text=f"{reply.text} {where}." if reply.text else f"{where}.",
        tables=(_part(reply.tables[0], shown), *reply.tables[1:]),
        buttons=buttons + reply.buttons,
    )


def turned(command: str, page: int) -> str:
    """Return what is typed for another page of a command; the first needs no number."""
    return f"{command} {Page().format(page)}".rstrip()


def _part(table: Table, shown: slice) -> Table:
    return replace(table, rows=table.rows[shown], actions=table.actions[shown])
