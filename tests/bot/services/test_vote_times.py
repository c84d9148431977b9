"""When a vote ends, wherever on earth the machine stands."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot.app.context import AppContext
from bot.console.chat import Chat
from bot.services.vote import DURATIONS
from tests.bot.chat_helpers import Say

GUILD = "films"
MOMENT = timedelta(seconds=30)  # more than a slow machine takes to answer
# A day ahead, half an hour beside the others, and behind.
PLACES = ["UTC", "Pacific/Kiritimati", "America/St_Johns", "America/Los_Angeles"]


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A place whose time the machine has for the test."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


async def test_it_is_open_for_as_long_as_was_chosen_and_a_week_at_most(
    say: Say, context: AppContext, place: str
) -> None:
    for minutes in (1, 59, 61, 119, *DURATIONS, 2 * max(DURATIONS)):
        begun = datetime.now(UTC)
        reply = await say(f"vote start {minutes} 1214,541", guild_id=GUILD)
        assert reply.title == "What shall we watch?"
        assert reply.closes_at is not None
        lasts = timedelta(minutes=min(minutes, max(DURATIONS)))
        # The store keeps milliseconds.
        assert -timedelta(milliseconds=1) <= reply.closes_at - begun - lasts < MOMENT, minutes
        assert reply.closes_at.utcoffset() == timedelta(0)
        kept = await context.store.latest_vote(GUILD)
        assert kept is not None
        assert (kept.closes_at, kept.open) == (reply.closes_at, True)
        assert abs(kept.opened_at - begun) < MOMENT


async def test_it_is_over_at_its_time_and_not_before(
    say: Say, context: AppContext, place: str
) -> None:
    votes = {}
    for seconds in (-30, 30):
        closes_at = datetime.now(UTC) + timedelta(seconds=seconds)
        votes[seconds] = await context.store.open_vote(
            GUILD, "", "console:alice", [1214], closes_at
        )
    ended = await say(f"vote {votes[-30]} id:1214", guild_id=GUILD)
    assert (ended.title, ended.text) == ("The vote is over", "Nobody voted.")
    assert "1 voter so far" in (await say(f"vote {votes[30]} id:1214", guild_id=GUILD)).text
    assert [vote.vote_id for vote in await context.store.unfinished_votes(within=60)] == [votes[30]]


async def test_the_terminal_tells_the_time_that_its_clock_will_show(
    context: AppContext, place: str, tmp_path: Path
) -> None:
    printed = StringIO()
    await Chat(context, Console(file=printed, width=110), tmp_path).hear("!vote start 60 1214,541")
    vote = await context.store.latest_vote("console")
    assert vote is not None
    assert vote.closes_at is not None
    then = time.localtime(vote.closes_at.timestamp())
    assert f"Open until {time.strftime('%H:%M on %d %B', then)}." in printed.getvalue()


def test_places_differ(place: str) -> None:
    """Else the tests above would tell nothing."""
    assert (time.localtime(0).tm_gmtoff != 0) == (place != "UTC")
