"""How much is fuzzed, and the odd texts that several targets take.

FUZZ_INPUTS says how many inputs each target gets: by default a few hundred, the same on every run.
With a number of its own (``make fuzz``) they follow from the seed that pytest is given.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tests.bot.discord_sweep.words import MARKDOWN, ODD, ROUND, TITLES
from tests.timing import within

INPUTS = int(os.environ.get("FUZZ_INPUTS", "300"))
PATIENCE = 150  # times the yardstick, which is some seconds; most inputs take milliseconds

_PIECES = (
    *(*ODD, *ROUND, *MARKDOWN, *TITLES),
    *("5", "4.5", "½", "★★★", "/10", "page 2", "round:3", "1990s", "since 2000", "horror", "by"),
    *("the ", "a", " ", "  ", "(", ")", "(1999)", ", The", ": ", "-", "'", '"', "and", "&", "@"),
    *("id:", "<@400>", "<@!401>", "\x00", "\r", "\x85", "\u2028", "\ud800", "ß", "ﬁ", "İ", "ǆ"),
    *("９", "٣", "1; --", "' OR '1'='1", "%00", "../../etc/passwd", "{{7*7}}", "\x1b[31m", "=1+1"),
)

_pieces = st.one_of(st.sampled_from(_PIECES), st.text(max_size=6))
# Long runs of one thing are what slow patterns down.
_runs = st.builds(lambda piece, times: piece * times, _pieces, st.integers(2, 400))

# Discord lets people fill a box of a slash command with so many characters.
LONGEST = 6_000
texts = st.lists(st.one_of(_pieces, _pieces, _pieces, _runs), max_size=10).map(
    lambda pieces: "".join(pieces)[:LONGEST]
)


def fuzzed(cost: int = 1) -> settings:
    """As many inputs as wanted, or one in ``cost`` of them where each takes much longer."""
    return settings(
        max_examples=max(INPUTS // cost, 20),
        derandomize="FUZZ_INPUTS" not in os.environ,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=[*HealthCheck],
    )


@contextmanager
def soon() -> Iterator[None]:
    """The body must not take long, whatever the machine."""
    with within(PATIENCE):
        yield


def check_refusal(error: Exception) -> None:
    """What bad input is refused with is one line that somebody reads to its end."""
    message = str(error)
    assert 10 < len(message) < 600
    assert "\n" not in message
