"""Hidden parameters: what buttons and menus say, and no user has to type."""

import re
from dataclasses import dataclass

from bot.commands.parameters import Parameter, Text, without


@dataclass(frozen=True, kw_only=True)
class ButtonNumber(Parameter):
    """A number as buttons say it, where ``{}`` stands in a template such as "id:{}"."""

    template: str
    description: str = "What the buttons say"
    hidden: bool = True

    def parse(self, text: str) -> tuple[int | None, str]:
        before, after = map(re.escape, self.template.split("{}"))
        found = re.search(rf"(?<!\S){before}(?P<number>[0-9]{{1,9}}){after}(?!\S)", text)
        return (int(found["number"]), without(text, found)) if found else (None, text)

    def format(self, value: int) -> str:
        return self.template.format(value)


@dataclass(frozen=True, kw_only=True)
class ButtonNumbers(Parameter):
    """Numbers where all of the text is as buttons say it: "7 id:1214" by "{} id:{}"."""

    template: str
    description: str = "What the buttons say"
    hidden: bool = True

    def parse(self, text: str) -> tuple[tuple[int, ...] | None, str]:
        pattern = "([0-9]{1,9})".join(map(re.escape, self.template.split("{}")))
        found = re.fullmatch(pattern, text.strip())
        return (tuple(map(int, found.groups())), "") if found else (None, text)

    def format(self, value: tuple[int, ...]) -> str:
        return self.template.format(*value)


@dataclass(frozen=True, kw_only=True)
class ButtonWords(Parameter):
    """On where all of the text is just these ``words``, as buttons say them."""

    words: str
    description: str = "What the buttons say"
    hidden: bool = True

    def parse(self, text: str) -> tuple[bool | None, str]:
        return (True, "") if text.strip() == self.words else (None, text)

    def format(self, value: bool) -> str:
        return self.words if value else ""


@dataclass(frozen=True, kw_only=True)
class Unread(Text):
    """Text behind a command that reads only what buttons say: for its service to judge."""

    description: str = "What the buttons say"
    hidden: bool = True
