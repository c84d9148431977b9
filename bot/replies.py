"""What the bot answers, before any frontend gives it a look.

Every text here is plain: no markdown, no colour codes. A frontend escapes it and
decides how it looks.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Severity(Enum):
    """How an answer is meant; a frontend turns it into a colour."""

    NORMAL = "normal"
    QUESTION = "question"
    PROBLEM = "problem"


class ColumnKind(Enum):
    """What a column is for, so that a frontend without room for them can stack them."""

    RANK = "rank"  # 1, 2, 3: before the lead
    LEAD = "lead"  # the film or the member a row is about
    VALUE = "value"  # a short figure beside the lead: stars, a similarity
    DETAIL = "detail"  # whatever may stand small on a line of its own


@dataclass(frozen=True)
class Link:
    text: str
    url: str


Cell = str | Link


@dataclass(frozen=True)
class Column:
    name: str
    kind: ColumnKind


@dataclass(frozen=True)
class Action:
    """One way to go on. ``message`` is what the user could have typed, without the prefix.

    ``in_place``: its answer takes the place of the reply it is offered in, as a page that is
    turned, rather than coming after it. ``main``: what most users will want. ``key``: what to type
    to choose it where options are chosen by typing; a number otherwise.
    """

    label: str
    message: str
    detail: str = ""
    in_place: bool = False
    main: bool = False
    key: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of cells under named columns; ``heading`` stands above it.

    ``actions`` has one for each row, or none at all; a table with them is ranked.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heading: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A PNG with a file name and a description for those who cannot see it."""

    filename: str
    png: bytes
    description: str


@dataclass(frozen=True)
class Document:
    """A file to keep."""

    filename: str
    data: bytes


@dataclass(frozen=True)
class Choice:
    """A question with options (at most 25), one of which is to be chosen.

    ``in_place`` is that of an action, for all of them.
    """

    prompt: str
    options: tuple[Action, ...]
    in_place: bool = False


@dataclass(frozen=True)
class Reply:
    """One answer: a title, a text, tables, a picture, and then ways to go on.

    ``url`` is the web page of what the title names. ``choices`` ask, ``buttons`` offer, ``hint``
    says what could be typed next. The first table is shown a page at a time where it is long
    (:mod:`bot.commands.paging`), with no more than ``rows_at_once`` where that is given.
    ``for_all``: not only the asker may use its options. ``vote_id`` is the vote that it shows,
    open until ``closes_at``.
    """

    title: str = ""
    url: str = ""
    text: str = ""
    tables: tuple[Table, ...] = ()
    picture: Picture | None = None
    document: Document | None = None
    choices: tuple[Choice, ...] = ()
    buttons: tuple[Action, ...] = ()
    hint: str = ""
    rows_at_once: int | None = None
    for_all: bool = False
    vote_id: int | None = None
    closes_at: datetime | None = None
    severity: Severity = Severity.NORMAL
