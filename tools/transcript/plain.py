"""Texts without what differs from run to run."""

import re
from datetime import UTC, date, datetime, timedelta

_NEAR = timedelta(days=10)
_REPLACED = (
    (re.compile(r"https?://127\.0\.0\.1:\d+/(?:ephemeral-)?attachments/\d+/"), "<uploads>/"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<address>"),
    (re.compile(r"Open until \d\d:\d\d on \d\d \w+"), "Open until <time>"),
    (re.compile(r"<t:\d+(?=[:>])"), "<t:<time>"),
    (re.compile(r"\b\d{17,20}\b"), "<id>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<random>"),  # discord.py's own ids of forms
)
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d(?!\d)(?:T[\d:.]+(?:Z|\+00:00)?)?")


def plain(text: str, *folders: str) -> str:
    """Replace times of about now, ids, addresses and the names of folders by marks."""
    text = text.replace("\ufeff", "<bom>").replace("\r", "<cr>")
    for folder in folders:
        text = text.replace(folder, "<folder>")
    for pattern, mark in _REPLACED:
        text = pattern.sub(mark, text)
    return _DATE.sub(lambda found: "<date>" if _is_near(found[0]) else found[0], text)


def _is_near(written: str) -> bool:
    """Tell whether a date is about today; others stand in what was imported."""
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        return False
    return abs(day - datetime.now(UTC).date()) <= _NEAR
