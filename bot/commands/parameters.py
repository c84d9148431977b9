"""The parameters of commands: how each is parsed from what a user types, and formatted again.

A command's text is parsed forgivingly: every parameter looks for what it knows ("horror", "1990s",
"@bob", "20") wherever it stands, and one may take what is left (a title). What no parameter takes
is told to the user. Only values are parsed here; whether there is such a film or member the
services say.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.commands.rating_lines import RatingLine, parse_ratings
from bot.errors import UserError
from bot.text import shortened
from bot.uploads import Upload

# What people say around their wishes, and what joins them.
_FILLERS = re.compile(
    "|a|and|any|by|films?|for|from|give|good|in|me|movies?|of|or|please|some|the|with",
    re.IGNORECASE,
)
_MENTION = r"<@!?[0-9]{1,20}>"


@dataclass(frozen=True, kw_only=True)
class Parameter(ABC):
    """A named argument of a command; ``description`` explains it to users in a few words.

    It stands in the annotation of a service's argument, whose name it takes. A ``hidden`` one is
    said by buttons and no concern of users. Those of lower ``rank`` look first: a year is a number
    too, and whatever is left may be a title.
    """

    rank: ClassVar[int] = 0
    takes_rest: ClassVar[bool] = False  # whether it may take all that the others leave

    name: str = ""
    description: str
    required: bool = False
    hidden: bool = False

    @property
    def usage(self) -> str:
        """Its place in a line of help."""
        return f"<{self.name}>" if self.required else f"[{self.name}]"

    @abstractmethod
    def parse(self, text: str) -> tuple[Any, str]:
        """Return the value found in the text (None: there is none) and the text without it."""

    @abstractmethod
    def format(self, value: Any) -> str:
        """Return the value as it could be typed; "" for one that need not be."""

    def checked(self, value: Any) -> Any:
        """Return a value that came in a box of its own, as the command takes it.

        Raises
        ------
        UserError
            It is out of range, or of another type than the box.
        """
        return value

    def refusal(self, takes: str, value: object) -> UserError:
        """Return what is said of a value that is not what the parameter takes."""
        return UserError(f"The {self.name} must be {takes}, and “{shortened(str(value))}” is not.")


@dataclass(frozen=True, kw_only=True)
class Ratings(Parameter):
    """Films with their stars, one a line; takes all of the text."""

    rank: ClassVar[int] = 2
    takes_rest: ClassVar[bool] = True
    description: str = "Films with their stars, one a line"

    @property
    def usage(self) -> str:
        return "<film> <stars>"

    def parse(self, text: str) -> tuple[list[RatingLine], str]:
        return parse_ratings(text), ""

    def format(self, value: list[RatingLine]) -> str:
        return "\n".join(line.text for line in value)


@dataclass(frozen=True, kw_only=True)
class Text(Parameter):
    """Whatever the others leave."""

    rank: ClassVar[int] = 2
    takes_rest: ClassVar[bool] = True

    def parse(self, text: str) -> tuple[str | None, str]:
        return text.strip() or None, ""

    def format(self, value: str) -> str:
        return value


@dataclass(frozen=True, kw_only=True)
class MovieTitle(Text):
    """A film by what a user calls it, to be looked up, or by its id."""

    def format(self, value: str | int) -> str:
        return f"id:{value}" if isinstance(value, int) else value


@dataclass(frozen=True, kw_only=True)
class Person(Text):
    """A member by mention or name: a mention wherever it is, else what is left."""

    def parse(self, text: str) -> tuple[str | None, str]:
        if mention := re.search(_MENTION, text):
            return mention[0], without(text, mention)
        return super().parse(text)


@dataclass(frozen=True, kw_only=True)
class People(Parameter):
    """Several members by mention or name: "@ann @bob", "ann, bob and carol"."""

    rank: ClassVar[int] = 2
    takes_rest: ClassVar[bool] = True

    def parse(self, text: str) -> tuple[tuple[str, ...] | None, str]:
        mentions = re.findall(_MENTION, text)
        rest = re.sub(_MENTION, " ", text)
        names = re.split(r"\s*(?:,|;|\band\b|&|\s(?=@)|^@)\s*", rest.strip(" ,;"))
        found = [*mentions, *(name.removeprefix("@") for name in names if name.strip("@ "))]
        return tuple(dict.fromkeys(found)) or None, ""

    def format(self, value: tuple[str, ...]) -> str:
        return " ".join(name if name.startswith(("@", "<@")) else f"@{name}" for name in value)


@dataclass(frozen=True, kw_only=True)
class Mentioned(People):
    """Several members, by mentions wherever they are and by names from the first "@name" on.

    What stands before may be a title: without an @ no member is meant.
    """

    rank: ClassVar[int] = 1
    takes_rest: ClassVar[bool] = False

    def parse(self, text: str) -> tuple[tuple[str, ...] | None, str]:
        mentions = re.findall(_MENTION, text)
        rest = re.sub(_MENTION, " ", text)
        names = re.search(r"(?<!\S)@\S.*", rest, re.DOTALL)
        if not mentions and not names:
            return None, text
        found, _ = super().parse(" ".join([*mentions, names[0] if names else ""]))
        left = rest[: names.start()] if names else rest
        # What joins the people is no title.
        joins = re.fullmatch(r"(?:[\s,;&]|\b(?:and|me|with)\b)*", left, re.IGNORECASE)
        return found, "" if joins else left.strip()


@dataclass(frozen=True, kw_only=True)
class Attachment(Parameter):
    """A file, handed over with the message rather than in its text."""

    rank: ClassVar[int] = 3

    def parse(self, text: str) -> tuple[None, str]:
        return None, text

    def format(self, value: Upload) -> str:
        return ""


@dataclass(frozen=True, kw_only=True)
class Number(Parameter):
    """A whole number from ``minimum`` to ``maximum``."""

    rank: ClassVar[int] = 1
    minimum: int
    maximum: int

    def parse(self, text: str) -> tuple[int | None, str]:
        found = re.search(r"(?<!\S)[+-]?[0-9][0-9.,]*(?!\S)", text)
        return (self._checked(found[0]), without(text, found)) if found else (None, text)

    def format(self, value: int) -> str:
        return str(value)

    def checked(self, value: object) -> int:
        return self._checked(str(value))

    def _checked(self, typed: str) -> int:
        digits = typed.removeprefix("+")
        if re.fullmatch("[0-9]{1,9}", digits) and self.minimum <= int(digits) <= self.maximum:
            return int(digits)
        raise self.refusal(f"a whole number from {self.minimum} to {self.maximum}", typed)


@dataclass(frozen=True, kw_only=True)
class KeywordNumber(Number):
    """A number behind a word at the end: "page 2"; or just "2" where no other number is meant."""

    rank: ClassVar[int] = 0
    word: str
    alone: bool = False

    @property
    def usage(self) -> str:
        return ""  # turned by buttons, as a rule

    def parse(self, text: str) -> tuple[int | None, str]:
        marked = rf"(?<!\S){self.word}[: ]?\s*(?P<number>\S+)\s*$"
        if found := re.search(marked, text, re.IGNORECASE):
            return self._checked(found["number"]), without(text, found)
        return super().parse(text) if self.alone else (None, text)

    def format(self, value: int) -> str:
        return f"{self.word}:{value}"


@dataclass(frozen=True, kw_only=True)
class Page(KeywordNumber):
    """Which page of a long list."""

    name: str = "page"
    description: str = "Which page of the list"
    minimum: int = 1
    maximum: int = 1000
    word: str = "page"

    @property
    def usage(self) -> str:
        return f"[{self.name}]" if self.alone else super().usage

    def format(self, value: int) -> str:
        return super().format(value) if value > 1 else ""


@dataclass(frozen=True, kw_only=True)
class Flag(Parameter):
    """On where one of its words is said; the first is how it is written.

    ``alone``: where nothing else is said, as it may be a word of a title.
    """

    words: tuple[str, ...]
    alone: bool = False

    def parse(self, text: str) -> tuple[bool | None, str]:
        longest_first = sorted(self.words, key=len, reverse=True)
        said = "|".join(re.escape(word) for word in longest_first)
        before, after = (r"^\s*", r"\s*$") if self.alone else (r"(?<!\S)", r"(?!\S)")
        found = re.search(f"{before}(?:{said}){after}", text, re.IGNORECASE)
        return (True, without(text, found)) if found else (None, text)

    def format(self, value: bool) -> str:
        return self.words[0] if value else ""

    def checked(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise self.refusal("true or false", value)
        return value


@dataclass(frozen=True, kw_only=True)
class Keyword(Parameter):
    """One of a few words: "by stars"."""

    options: tuple[str, ...]

    def parse(self, text: str) -> tuple[str | None, str]:
        said = "|".join(re.escape(option) for option in self.options)
        found = re.search(rf"(?<!\S)(?:by\s+)?(?P<one>{said})(?!\S)", text, re.IGNORECASE)
        return (found["one"].casefold(), without(text, found)) if found else (None, text)

    def format(self, value: str) -> str:
        return value

    def checked(self, value: object) -> str:
        if value not in self.options:
            *most, last = self.options
            raise self.refusal(f"{', '.join(most)} or {last}", value)
        return str(value)


def parse_values(
    parameters: Sequence[Parameter], text: str, usage: str, example: str
) -> dict[str, Any]:
    """Return the values by parameter name of all that are given.

    A required one that is missing is "": what looks it up says what is missing.

    Parameters
    ----------
    parameters
        They parse in the order of their ranks, those that take the rest last.
    text
        What was typed behind the command.
    usage, example
        How the command is typed, for the sentence on what cannot be read.

    Raises
    ------
    UserError
        A value is out of its range, or part of the text means nothing to any parameter.
    """
    values: dict[str, Any] = {p.name: "" for p in parameters if p.required}
    for parameter in sorted(parameters, key=lambda parameter: parameter.rank):
        try:
            value, text = parameter.parse(text)
        except UserError as error:
            raise with_example(error, example) from None
        if value is not None:
            values[parameter.name] = value
    rest = " ".join(word for word in text.split() if not _FILLERS.fullmatch(word.strip(",.!?")))
    if rest:
        raise UserError(
            f"I do not know what “{shortened(rest)}” means here. It goes like this: {usage}. "
            f"For example: {example}"
        )
    return values


def with_example(error: UserError, example: str) -> UserError:
    """Return what is said of bad input with an example of good input, where it has none."""
    said = str(error)
    return UserError(said if "example" in said else f"{said} For example: {example}")


def format_values(parameters: Sequence[Parameter], values: Mapping[str, Any]) -> str:
    """Return the values as they could be typed, in the order of the parameters."""
    written = [p.format(values[p.name]) for p in parameters if p.name in values]
    return " ".join(text for text in written if text)


def without(text: str, found: re.Match[str]) -> str:
    """Return the text without what was found in it."""
    return f"{text[: found.start()]} {text[found.end() :]}".strip()
