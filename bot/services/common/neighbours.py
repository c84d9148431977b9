"""Films with how alike they are to another one, for the commands that list them."""

from collections.abc import Sequence

from bot.replies import Column, ColumnKind, Table
from bot.services.common.formatting import FILM, GENRES, RANK, film_cell, genres_text
from bot.services.common.next_steps import open_actions
from engine import Neighbour


def neighbours_table(neighbours: Sequence[Neighbour]) -> Table:
    columns = (RANK, FILM, Column("Alike", ColumnKind.VALUE), GENRES)
    rows = tuple(
        (
            str(rank),
            film_cell(neighbour.movie),
            f"{neighbour.similarity:.0%}",
            genres_text(neighbour.movie),
        )
        for rank, neighbour in enumerate(neighbours, start=1)
    )
    return Table(columns, rows, actions=open_actions([n.movie for n in neighbours]))
