"""Discord's Markdown to HTML: the subset that bots write.

Blocks: ``# headings``, ``-# small text``, ``> quotes``, ``- lists``, ``1. lists`` and fenced code.
Inline: bold, italics, underline, strikethrough, spoilers, code, links, mentions, how far a moment
is from now, and backslashes.
Everything else is text, and all text is escaped.
"""

import re
import time
from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby

from tools.discord_page.html import element

Names = Mapping[str, str]  # people by id

FENCE = re.compile(r"(?<!\\)```(?:[\w+-]*\n)?(.*?)```", re.DOTALL)
BLOCKS = (
    ("heading", re.compile(r"(?P<mark>#{1,3})\s+(?P<text>\S.*)")),
    ("small", re.compile(r"-#\s+(?P<text>\S.*)")),
    ("quote", re.compile(r">\s(?P<text>.*)")),
    ("list", re.compile(r"(?P<indent>\s*)(?P<mark>[-*]|\d+\.)\s+(?P<text>\S.*)")),
)
INLINE = re.compile(
    r"""
      \\(?P<escaped>[^\w\s])
    | (?P<ticks>`+)(?P<code>.*?[^`])(?P=ticks)(?!`)
    | <@!?(?P<user>\d+)>
    | </(?P<command>[-_\w ]+):\d+>
    | <t:(?P<moment>\d+):R>
    | \[(?P<label>(?:\\.|[^\]\\])+)\]\(<?(?P<target>https?://[^\s)>]+)>?\)
    | <?(?P<url>https?://[^\s<>]*[^\s<>.,:;"')\]])>?
    | \*\*(?P<strong>(?:\\.|[^\\])+?)\*\*(?!\*)
    | __(?P<u>(?:\\.|[^\\])+?)__(?!_)
    | \*(?=\S)(?P<star>(?:\*\*|\\.|[^*\\])+?)(?<!\s)\*(?!\*)
    | (?<!\w)_(?P<score>(?:__|\\.|[^_\\])+?)_(?!\w)
    | ~~(?P<s>.+?)~~
    | \|\|(?P<spoiler>.+?)\|\|
    """,
    re.VERBOSE | re.DOTALL,
)
TAGS = {"strong": "strong", "u": "u", "star": "em", "score": "em", "s": "s"}


def blocks(text: str, names: Names) -> str:
    """Whole messages and text displays."""
    parts: list[str] = []
    for number, part in enumerate(FENCE.split(text.strip())):
        if number % 2:
            parts.append(element("code", escape(part.strip("\n")), tag="pre"))
        elif number == 0:
            parts += _blocks(part.removesuffix("\n"), names)
        else:
            parts += _blocks(part.removeprefix("\n").removesuffix("\n"), names)
    return "".join(parts)


def inline(text: str, names: Names) -> str:
    """One run of text: the titles of embeds, and what stands inside the blocks."""
    html, end = "", 0
    for match in INLINE.finditer(text):
        html += escape(text[end : match.start()]) + _mark(match, names)
        end = match.end()
    return html + escape(text[end:])


def _blocks(text: str, names: Names) -> Iterator[str]:
    if not text:
        return
    for kind, lines in groupby(text.split("\n"), _kind):
        found = [*lines]
        if kind == "text":
            # A newline at the very end of a box shows nothing, so that a blank line takes two.
            end = "" if found[-1].strip() else "\n"
            yield element("text", inline("\n".join(found), names) + end)
        elif kind == "quote":
            inside = [re.sub(r"^>\s", "", line) for line in found]
            yield element("quote", blocks("\n".join(inside), names), tag="blockquote")
        elif kind == "list":
            yield from (_item(line, names) for line in found)
        else:
            yield from (_line(kind, line, names) for line in found)


def _kind(line: str) -> str:
    return next((kind for kind, pattern in BLOCKS if pattern.fullmatch(line)), "text")


def _line(kind: str, line: str, names: Names) -> str:
    match = dict(BLOCKS)[kind].fullmatch(line)
    assert match is not None  # noqa: S101 - the line was sorted by this very pattern
    tag = f"h{len(match['mark'])}" if kind == "heading" else "small"
    return f"<{tag}>{inline(match['text'], names)}</{tag}>"


def _item(line: str, names: Names) -> str:
    match = dict(BLOCKS)["list"].fullmatch(line)
    assert match is not None  # noqa: S101 - as above
    level = min(len(match["indent"]) // 2, 3)
    mark = match["mark"] if match["mark"][0].isdigit() else "•◦"[min(level, 1)]
    text = f"<span>{mark}</span><div>{inline(match['text'], names)}</div>"
    return element("item", text, style=f"--level: {level}")


def _mark(match: re.Match[str], names: Names) -> str:
    found = {name: text for name, text in match.groupdict().items() if text is not None}
    match found:
        case {"escaped": character}:
            return escape(character)
        case {"code": code}:
            return f"<code>{escape(code.strip())}</code>"
        case {"user": user}:
            return element("mention", "@", escape(names.get(user, "unknown-user")), tag="span")
        case {"command": command}:
            return element("mention", "/", escape(command), tag="span")
        case {"moment": moment}:
            return escape(from_now(int(moment) - time.time()))
        case {"label": label, "target": target}:
            return f'<a href="{escape(target)}">{inline(label, names)}</a>'
        case {"url": url}:
            return f'<a href="{escape(url)}">{escape(url)}</a>'
        case {"spoiler": spoiler}:
            return element("spoiler", inline(spoiler, names), tag="span")
    ((kind, text),) = found.items()
    return f"<{TAGS[kind]}>{inline(text, names)}</{TAGS[kind]}>"


def from_now(seconds: float) -> str:
    """``in an hour``, ``2 days ago``: rounded, as Discord says it."""
    units = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
    size, unit = next((u for u in units if abs(seconds) >= 0.75 * u[0]), units[-1])
    n = max(1, round(abs(seconds) / size))
    some = f"{'an' if unit == 'hour' else 'a'} {unit}" if n == 1 else f"{n} {unit}s"
    return f"in {some}" if seconds > 0 else f"{some} ago"
