"""Whatever a reply says, Discord takes it, shows it as it stands, and pings nobody."""

import re
from html import unescape
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.discord.markdown import cell_markdown, escape, split_text
from bot.discord.render import render
from bot.replies import (
    Action,
    Choice,
    Column,
    ColumnKind,
    Document,
    Link,
    Picture,
    Reply,
    Severity,
    Table,
)
from tests.discord_server.limits import COMPONENTS_V2, Files, check_message
from tests.fuzz.inputs import fuzzed, soon, texts
from tools.discord_page.markdown import blocks

ANN, MOST = "400", 4_000
COLUMNS = (
    Column("#", ColumnKind.RANK),
    Column("Film", ColumnKind.LEAD),
    Column("Stars", ColumnKind.VALUE),
    Column("Who", ColumnKind.DETAIL),
)

lines = texts.map(lambda text: text.encode(errors="replace").decode())
words = lines.map(lambda text: " ".join(text.split())[:300])
urls = st.one_of(st.sampled_from(["https://imdb.com/a b)", "javascript:x", "", "http://"]), words)
cells = st.one_of(words, st.builds(Link, words, urls))
options = st.builds(Action, words, words.filter(bool), words, st.booleans(), st.booleans())
rows = st.lists(st.tuples(words, cells, words, words), max_size=12).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    drawn = draw(rows)
    action = draw(options)
    return Table(COLUMNS, drawn, draw(words), draw(st.sampled_from([(), (action,) * len(drawn)])))


replies = st.builds(
    Reply,
    title=words,
    url=urls,
    text=lines,
    tables=st.lists(tables(), max_size=2).map(tuple),
    picture=st.sampled_from([None, Picture("map.png", b"\x89PNG", "A map")]),
    document=st.sampled_from([None, Document("ratings.csv", b"a,b")]),
    choices=st.lists(
        st.builds(Choice, words, st.lists(options, min_size=1, max_size=9).map(tuple)), max_size=3
    ).map(tuple),
    buttons=st.lists(options, max_size=7).map(tuple),
    hint=lines,
    for_all=st.booleans(),
    severity=st.sampled_from(Severity),
)


@fuzzed(cost=20)
@given(replies)
def test_any_reply(reply: Reply) -> None:
    with soon():
        pages = render(reply, ANN)
    assert pages
    for page in pages:
        payload: dict[str, Any] = {"components": page.view.to_components(), "flags": COMPONENTS_V2}
        files: Files = {upload.filename: b"data" for upload in page.attachments}
        check_message(payload, files)


@fuzzed(cost=2)
@given(lines)
def test_any_text_in_markdown(text: str) -> None:
    """Read as Discord reads it, nothing is left but the text, and no mention of anybody."""
    with soon():
        written = escape(text)
    assert "@everyone" not in written
    assert "@here" not in written
    assert not re.search(r"(?<!\\)(?:\\\\)*<[@#:/t]", written)
    html = blocks(written, {})
    assert set(re.findall(r"<(\w+)", html)) <= {"div", "a"}
    assert set(re.findall(r'class="(\w+)"', html)) <= {"text"}
    # A bare address stays one: it says itself where it leads.
    assert all(
        unescape(to) == unescape(said) for to, said in re.findall(r'<a href="(.*?)">(.*?)<', html)
    )


@fuzzed(cost=4)
@given(words, urls)
def test_any_link(text: str, url: str) -> None:
    written = cell_markdown(Link(text, url))
    targets = re.findall(r"(?<!\\)\]\((.*?)\)$", written)
    assert all(target.startswith(("https://", "http://")) for target in targets)


@fuzzed(cost=4)
@given(lines, st.integers(20, MOST))
def test_any_text_in_pieces(text: str, most: int) -> None:
    """No escape is torn apart, and nothing but blanks is lost."""
    written = escape(text)
    pieces = list(split_text(written, most))
    assert all(len(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(written.split())
    for piece in pieces[:-1]:
        assert (len(piece) - len(piece.rstrip("\\"))) % 2 == 0
