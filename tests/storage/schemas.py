"""What tables there are, read from the database itself, alike for both engines."""

import sqlite3
from dataclasses import dataclass

_SQLITE_COLUMNS = """
SELECT m.name, c.name, c.type, c."notnull", c.pk FROM sqlite_schema AS m,
pragma_table_info(m.name) AS c WHERE m.type = 'table'"""
_SQLITE_REFERENCES = """
SELECT m.name, f."from", f."table", f."to" FROM sqlite_schema AS m,
pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'"""
_COLUMNS = """
SELECT c.table_name, c.column_name, CASE c.data_type WHEN 'bigint' THEN 'INTEGER' ELSE 'TEXT' END,
CAST(c.is_nullable = 'NO' AS INTEGER), coalesce((SELECT ordinal_position FROM
information_schema.key_column_usage AS k JOIN information_schema.table_constraints AS t USING
(constraint_schema, constraint_name) WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_schema =
c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name), 0)
FROM information_schema.columns AS c WHERE c.table_schema = current_schema()
AND c.table_name <> 'reeltwin_schema'"""
_REFERENCES = """
SELECT child.relname, a.attname, parent.relname, b.attname FROM pg_constraint AS c
JOIN pg_class AS child ON child.oid = c.conrelid JOIN pg_class AS parent ON parent.oid = c.confrelid
CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS pair (own, other)
JOIN pg_attribute AS a ON a.attrelid = child.oid AND a.attnum = pair.own
JOIN pg_attribute AS b ON b.attrelid = parent.oid AND b.attnum = pair.other
WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace"""


@dataclass(frozen=True)
class Schema:
    """``columns``: table, column, type, whether NULL is refused, place in the primary key or 0.

    ``references``: table, column, table and column that it refers to.
    """

    columns: frozenset[tuple[str, str, str, int, int]]
    references: frozenset[tuple[str, str, str, str]]


def read_schema(sql) -> Schema:
    try:
        return Schema(frozenset(sql(_COLUMNS)), frozenset(sql(_REFERENCES)))
    except sqlite3.OperationalError:
        return Schema(frozenset(sql(_SQLITE_COLUMNS)), frozenset(sql(_SQLITE_REFERENCES)))
