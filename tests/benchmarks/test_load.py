"""What ``make load`` and ``make soak`` say, and a small load on the real process."""

from math import inf
from pathlib import Path

import pytest

from benchmarks.bot import small_machine
from benchmarks.bot.bot_process import Metrics
from benchmarks.bot.load_clients import client_commands, make_clients
from benchmarks.bot.memory import Sample, draw_soak, flatness, growth
from benchmarks.bot.traffic import Asked, guilds_of
from benchmarks.load import Step, loaded, maps, maps_table, ramp, ramp_targets, soak, steps_table
from engine import TasteModel


def step(rate: float, wait: float, *, refused: int = 0, failed: float = 0) -> Step:
    """A hundred commands that all waited as long."""
    asked = [
        Asked("rate", False, str(n), n / rate, 0.0, answered=n / rate + wait, refused=n < refused)
        for n in range(100)
    ]
    still = Metrics(0, 0, 0, {0.01: 0.0, inf: 0.0})
    after = Metrics(failed, 0, 0, {0.01: 99.0, inf: 100.0})
    return Step(rate, 100 / rate, asked, 0, 0, still, after, (0.5, 0.2, 0.1), 1)


@pytest.mark.parametrize(
    ("slowly", "kept"),
    [
        (step(100, 0.5), True),
        (step(100, 1.5), False),
        (step(100, 0.5, refused=2), False),
        (step(100, 0.5, failed=1), False),
    ],
    ids=["well", "slow", "many put off", "failed"],
)
def test_the_highest_rate_is_one_at_which_all_are_answered_in_time(
    slowly: Step, kept: bool
) -> None:
    (highest, *_) = ramp_targets([step(50, 0.1), slowly])
    assert highest.measured == ("100 /s" if kept else "50 /s")
    assert highest.kept is kept


def test_no_rate_at_all_is_a_promise_broken() -> None:
    (highest,) = ramp_targets([step(50, 2.0)])
    assert (highest.measured, highest.kept) == ("0 /s", False)


def line(slope: float, n: int = 400) -> list[Sample]:
    """Megabytes over commands, with some that come and go."""
    return [Sample(250 * k, 700 + slope * k / 40 + 5 * (k % 2), 100) for k in range(n)]


@pytest.mark.parametrize("slope", [0.0, 2.0, 20.0])
def test_the_growth_is_that_of_the_line_and_within_its_interval(slope: float) -> None:
    found, half = growth(line(slope))
    assert abs(found - slope) <= half < 0.5


def test_memory_that_grows_breaks_the_promise_and_that_which_does_not_keeps_it() -> None:
    assert next(flatness(line(0.0))).kept
    assert not next(flatness(line(20.0))).kept


def test_the_people_of_a_server_speak_in_its_channels(model: TasteModel) -> None:
    people = make_clients(model, channels=10, each=3, servers=5)
    guilds = guilds_of(people)
    assert [len(guild.channels) for guild in guilds] == [2] * 5
    assert [len(guild.members) for guild in guilds] == [7] * 5  # the bot too
    # Who follow each other speak in different channels.
    asking = [wish.client.channel.id for wish in client_commands(model, people, 10)]
    assert len({*asking}) == 10


@pytest.mark.slow
async def test_a_small_load_on_the_real_process_is_answered_and_told() -> None:
    async with loaded(channels=20, each=2, settle=0.2, patience=120) as load:
        (each,) = [one async for one in ramp(load, [4.0], 2.5)]
        crowd = await maps(load, 1.0, rate=4.0)
        slow, samples = await soak(load, 20, 4.0, every=0.02)
    for done in (each, crowd, slow):
        assert done.errors == 0
        assert all(one.answered < inf for one in done.asked)
        assert all(one.acknowledged < one.answered for one in done.asked if one.slash)
    assert [len(done.asked) for done in (each, crowd, slow)] == [10, 8, 20]
    assert sum(one.command == "map" for one in crowd.asked) == 4
    drawn = [one for one in crowd.asked if one.command == "map" and one.pictured]
    put_off = [one for one in crowd.asked if one.refused]
    assert len(drawn) + len(put_off) == 4
    assert len([*steps_table([each, crowd])]) == 4
    assert len([*maps_table(crowd)]) == 5
    assert all(sample.bot > 100 and sample.drawing > 1 for sample in samples)
    assert draw_soak(samples).startswith(b"\x89PNG")


def test_a_small_machine_that_cannot_be_made_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small_machine, "_GROUPS", tmp_path / "none")
    with (
        pytest.raises(SystemExit, match=r"^A small machine takes a control group, and [^\n]+$"),
        small_machine.small_machine(512),
    ):
        pass
