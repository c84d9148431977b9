"""What people wrote is shown as it is seen: nothing in it hides or turns the rest about."""

import unicodedata

import pytest

from bot.text import shortened, visible


@pytest.mark.parametrize(
    "text",
    [
        "Alice",
        "田中さくら",
        "김민수",
        "مريم",
        "אבי",
        "❤️ 🏳️‍🌈 👩🏽‍🚀 👨‍👩‍👧 1️⃣ 🇩🇪",
        "می‌خواهم",  # a zero-width non-joiner keeps two letters of it apart
        "ශ්‍රී",  # a zero-width joiner makes two letters of it one
        "a\tb\nc",
    ],
)
def test_what_is_seen_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Bo\u200bb", "Bob"),
        ("B\u200do\u200cb", "Bob"),
        ("Bob\ufe0f", "Bob"),
        ("1\ufe0f", "1"),
        ("Bob\u3164\U000e0041", "Bob"),
        ("\u202eboB", "boB"),
        ("\u2067אבי\u2069", "אבי"),
        ("🦊\u200d", "🦊"),
        ("🦊\u200d\u202e🦊", "🦊🦊"),
        ("\u200b\u3164\u2800", " "),
        ("a\u2028b", "a b"),
        ("\x1b[2J", "\ufffd[2J"),
    ],
)
def test_what_nobody_sees_goes(text: str, seen: str) -> None:
    assert visible(text) == seen
    assert shortened(text) == " ".join(seen.split())


def test_no_character_turns_a_text_about_or_takes_over_a_terminal() -> None:
    every = visible("".join(map(chr, range(0x110000))))
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert not {unicodedata.bidirectional(one) for one in every} & turning
    assert {one for one in every if unicodedata.category(one) == "Cc"} == {"\t", "\n"}
