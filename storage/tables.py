"""The tables of a database, read from the database itself."""

from collections import defaultdict
from collections.abc import Iterable
from graphlib import TopologicalSorter
from typing import NamedTuple


class TableSchema(NamedTuple):
    """A table; ``key`` are the columns of its primary key, ``others`` the rest of them."""

    name: str
    key: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return all columns, those of the key first."""
        return self.key + self.others


def ordered_tables(
    columns: Iterable[tuple[str, str, int]], references: Iterable[tuple[str, str]]
) -> list[TableSchema]:
    """Return tables in an order in which rows find what they refer to, else by name.

    Parameters
    ----------
    columns
        Table, column, and the column's place in the primary key from 1, or 0.
    references
        Table, and another table that rows of it refer to.
    """
    places: dict[str, dict[str, int]] = defaultdict(dict)
    for table, column, place in sorted(columns):
        places[table][column] = place
    order: TopologicalSorter[str] = TopologicalSorter()
    for table in sorted(places):
        order.add(table)
    for table, parent in sorted(references):
        if table != parent:
            order.add(table, parent)
    return [_table(name, places[name]) for name in order.static_order()]


def _table(name: str, places: dict[str, int]) -> TableSchema:
    key = sorted((column for column in places if places[column]), key=lambda one: places[one])
    return TableSchema(name, tuple(key), tuple(one for one in places if not places[one]))
