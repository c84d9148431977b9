"""What people may type on Discord: commands with wild arguments, slips, other bots' and chatter."""

from dataclasses import dataclass

from hypothesis import strategies as st

from bot.commands.command import Command
from bot.commands.filter_parameters import GENRE_NAMES, Genres, Years
from bot.commands.parameters import (
    Flag,
    Keyword,
    KeywordNumber,
    MovieTitle,
    Number,
    Page,
    Parameter,
    People,
    Person,
    Ratings,
    Text,
)
from bot.commands.registry import commands, load
from tests.bot.discord_sweep.words import (
    ODD,
    Words,
    anything,
    changed,
    films,
    inserted,
    mentions,
    slip,
    swap,
    weighted,
)
from tests.discord_server.limits import CONTENT
from tests.discord_server.world import BOT


@dataclass(frozen=True)
class Typed:
    """A message, and whether it is answered: None where either is right.

    A ``private`` one is answered by direct message, with a note where it was typed.
    """

    text: str
    answered: bool | None
    private: bool = False


# what commands take

numbers = st.one_of(
    st.integers(-2, 60).map(str),
    st.sampled_from(["999999999999", "007", "1_000", "1.000", "4,5", "5.", ".5", "+5", "--5"]),
    st.sampled_from(["1e9", "NaN", "0x10", "٣", "५", "½", "²", "∞", "1" * 400]),
)
stars = st.one_of(
    numbers,
    st.sampled_from(["5", "4.5", "0.5", "8/10", "5/5", "11/10", "★★★★", "⭐⭐½", "☆", "5 stars"]),
)
years = st.sampled_from(
    ["1994", "1990-1999", "90s", "2030s", "1880s", "the 80's", "since 2000", "before 1800", "2000+"]
) | st.sampled_from(
    ["1999-1990", "2000 - 3000", "-1950", "1950-", "1990–", "after 2099", "until 1900", "0s"]
)
genres = st.lists(
    st.sampled_from([*GENRE_NAMES, "scifi", "kids", "(no genres listed)"]), max_size=4
)


SAID_BY_BUTTONS = (
    *("stop", "rate 1 5", "unseen 1", "start"),
    *("start 60 1214,541", "start 99999 1", "1 id:1214", "close 1", "start 0 ,"),
    *("confirm", "cancel", "yes, everything"),
)


def _rated(title: str, stars: str, between: str, stars_first: bool) -> str:
    return f"{stars}{between}{title}" if stars_first else f"{title}{between}{stars}"


def said_for(parameter: Parameter) -> Words:
    """What somebody may type for a parameter."""
    match parameter:
        case Ratings():
            between = st.sampled_from([" ", ": ", " - ", "=", ", ", "\t", "", " / "])
            line = st.builds(_rated, films, stars, between, st.booleans())
            return st.lists(line, min_size=1, max_size=4).map("\n".join)
        case Page():
            return st.builds("{}{}".format, st.sampled_from(["page ", "Page", "p ", ""]), numbers)
        case Person():
            return st.one_of(mentions, changed(mentions), films)
        case People():
            return st.lists(st.one_of(mentions, changed(mentions)), max_size=4).map(" ".join)
        case KeywordNumber(word=word):
            return st.builds(f"{word}{{}}{{}}".format, st.sampled_from([":", " ", ""]), numbers)
        case Number():
            return numbers
        case Genres():
            joined = st.builds(lambda by, names: by.join(names), st.sampled_from(" ,/+&"), genres)
            return st.one_of(joined, changed(joined, 1))
        case Years():
            return st.one_of(years, changed(years, 1))
        case Flag(words=words):
            return st.sampled_from(words)
        case Keyword(options=options):
            return st.builds("{}{}".format, st.sampled_from(["", "by "]), st.sampled_from(options))
        case Text(hidden=True):
            return st.one_of(st.sampled_from(SAID_BY_BUTTONS), films)
        case MovieTitle():
            return films
        case _:
            return st.one_of(st.sampled_from([*load().by_name]), films)


def arguments(command: Command) -> Words:
    """Some of a command's arguments in any order, often with something that does not belong."""
    own = st.tuples(*(st.one_of(said_for(p), st.just("")) for p in command.parameters))
    odd = st.one_of(films, numbers, years, mentions, anything)
    more = weighted((3, st.just("")), (1, odd))
    return st.tuples(own, more).flatmap(
        lambda said: st.permutations([*said[0], said[1]]).map(
            lambda parts: " ".join(part for part in parts if part)
        )
    )


# whole messages

PREFIXES = (
    "!",
    "!",
    "!",
    "! ",
    "!   ",
    "!\n",
    f"<@{BOT.id}> ",
    f"<@!{BOT.id}>  ",
    f"<@{BOT.id}>\n",
)
OTHERS = ("!play song", "!ban @Bob", "!daily", "!8ball am I ok?", "!weather", "!queue", "!level 3")
NOISE = ("!", "!!!", "!=", "!?", "!1", "!½", "!👍", "!<@400>", "!!rate Alien 5", "<@101> help")
NO_PREFIX = ("?rate Alien 5", "/rate Alien 5", "$taste", "-help", "rate Alien 5", "help")
PICTURES = ("map", "club", "model")

# Pictures take long, so that few are asked for.
_often = [c for c in commands() if c.name not in PICTURES]
_commands = st.sampled_from(_often * 3 + [c for c in commands() if c.name in PICTURES])


def _names(command: Command) -> Words:
    forms = (str.lower, str.upper, str.title)
    names = [form(name) for name in (command.name, *command.aliases) for form in forms]
    return st.sampled_from([command.name, *names])


def _fit(text: str) -> str:
    """What Discord lets people send: trimmed, and not too long."""
    return text.strip()[:CONTENT].strip()


def _ours(command: Command) -> st.SearchStrategy[Typed]:
    said = st.tuples(
        st.sampled_from(PREFIXES), _names(command), st.sampled_from(" \n\t"), arguments(command)
    )
    return said.map(
        lambda parts: Typed(_fit("".join(parts)), answered=True, private=command.private)
    )


commands = _commands.flatmap(_ours)
near_misses = st.builds(
    lambda name, at, change, rest: Typed(_fit(f"!{change(name, at)} {rest}"), answered=None),
    st.sampled_from([*load().by_name]),
    st.integers(0, 20),
    st.one_of(st.sampled_from([slip, swap]), st.sampled_from([*ODD, "s", "e"]).map(inserted)),
    films,
)
to_the_bot = anything.map(lambda text: Typed(_fit(f"<@{BOT.id}> {text}"), answered=True))
chatter = st.one_of(changed(anything), films).map(
    lambda text: Typed(_fit(f"so, {text}"), answered=False)
)
others = st.sampled_from(OTHERS + NOISE + NO_PREFIX).map(lambda text: Typed(text, answered=False))

messages = weighted((7, commands), (1, near_misses), (1, to_the_bot), (1, chatter), (1, others))
