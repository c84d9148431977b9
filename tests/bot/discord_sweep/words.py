"""Titles and other words as people may type them, with slips and whatever else gets into them."""

from collections.abc import Callable
from functools import reduce
from typing import TypeVar

from hypothesis import strategies as st

from tests.discord_server import ANN, BOB
from tests.discord_server.world import BOT

Words = st.SearchStrategy[str]
Change = Callable[[str, int], str]  # of a text, somewhere in it

T = TypeVar("T")


def weighted(*kinds: tuple[int, st.SearchStrategy[T]]) -> st.SearchStrategy[T]:
    """One of some strategies, each as often as its weight says."""
    spread = [kind for weight, kind in kinds for _ in range(weight)]
    return st.sampled_from(spread).flatmap(lambda kind: kind)


TITLES = (
    "Alien",
    "Aliens (1986)",
    "Amélie (2001)",
    "the matrix",
    "The Good, the Bad and the Ugly",
    "3 Idiots",
    "12 Angry Men",
    "2001: A Space Odyssey",
    "8½",
    "M",
    "Up",
    "$",
    "Se7en",
    "(500) Days of Summer",
    "Mission: Impossible - Fallout",
    "WALL·E",
    "七人の侍",
    "Сталкер",
    "فروشنده",
    "id:260",
    "id:99999999999",
    "tt0078748",
    "1917",
    "page 2",
    "by stars",
)
ODD = (
    "\u200b",  # zero width space
    "\u200d",  # zero width joiner
    "\u2060",
    "\ufeff",
    "\u202e",  # right to left from here on
    "\u2067",
    "\u00a0",
    "\u3000",
    "\u0301",
    "\u0301" * 50,
    "\x07",
    "\n",
    "\n\n",
    "\t",
    "👍",
    "👩‍👩‍👧‍👦",
    "🇩🇪",
    "⭐",
    "½",
    "<:alien:123456789012345678>",
    "<a:party:123456789012345678>",
    "</rate:100>",
    "<t:1700000000:R>",
    "<#300>",
    "<@&500>",
    "@everyone",
    "@here",
    "https://example.org/a_b?c=d&e=(f)",
    "[a](http://b)",
    "\\",
    "%s{}%",
    "'; DROP TABLE ratings; --",
)
ROUND = ('"{}"', "“{}”", "'{}", "({})", "<{}>", "{}?", "{}!!!", "{} (1979)", "[{}](https://x.org)")
MARKDOWN = (
    "**{}**",
    "*{}",
    "`{}`",
    "```\n{}\n```",
    "||{}||",
    "~~{}~~",
    "> {}",
    "# {}",
    "- {}",
    "1. {}",
)

anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
mentions = st.sampled_from(
    [f"<@{ANN.id}>", f"<@!{BOB.id}>", f"<@{BOT.id}>", "<@99999>", "<@0>", "<@&500>", "@Bob", "bob"]
)


def slip(text: str, at: int) -> str:
    at %= len(text) + 1
    return text[:at] + text[at + 1 :]


def swap(text: str, at: int) -> str:
    at %= len(text) + 1
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def inserted(odd: str) -> Change:
    return lambda text, at: text[: at % (len(text) + 1)] + odd + text[at % (len(text) + 1) :]


def around(form: str) -> Change:
    return lambda text, _: form.replace("{}", text)


changes = st.one_of(
    st.sampled_from(ODD).map(inserted),
    st.sampled_from(ROUND + MARKDOWN).map(around),
    st.sampled_from(
        [
            slip,
            swap,
            lambda text, _: text.upper(),
            lambda text, _: text.swapcase(),
            lambda text, _: text[::-1],
            lambda text, _: text.replace(" ", "  "),
            lambda text, at: text * (at % 200),
            lambda text, at: "\n".join([text] * (at % 120)),
        ]
    ),
)


def changed(words: Words, most: int = 3) -> Words:
    """The words with a few things done to them, one after the other."""
    done = st.lists(st.tuples(changes, st.integers(0, 5_000)), max_size=most)
    return st.builds(
        lambda text, done: reduce(lambda text, step: step[0](text, step[1]), done, text),
        words,
        done,
    )


_titles = st.sampled_from(TITLES)
films = weighted((3, _titles), (3, changed(_titles)), (1, changed(anything)))
