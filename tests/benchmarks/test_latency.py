"""What the driver of ``make latency`` says, and how it reads what comes back."""

from collections import Counter
from math import inf

import pytest

from benchmarks.bot.bot_process import quantile
from benchmarks.bot.load_clients import EACH, RARE, client_commands, make_clients
from benchmarks.bot.traffic import Asked
from benchmarks.latency import waits
from engine import TasteModel


def test_everybody_has_ratings_and_nobody_is_told_to_wait(model: TasteModel) -> None:
    people = make_clients(model, channels=30, each=10)
    assert {len(one.ratings) for one in people} <= {*range(5, 51)}
    assert len({one.user.id for one in people}) == 300
    asking = [wish.client.user.id for wish in client_commands(model, people, 600)]
    # At 50 a second those are the commands of 12 seconds.
    assert set(Counter(asking).values()) == {2}


def test_commands_are_typed_as_often_as_given_by_slash_and_pictures_are_rare(
    model: TasteModel,
) -> None:
    given = [*client_commands(model, make_clients(model, channels=3, each=2), 3_000)]
    assert 0.45 < sum(wish.slash for wish in given) / 3_000 < 0.55
    number = Counter(wish.command.name for wish in given)
    assert sum(number[name] for name in RARE) == 3_000 / EACH
    others = [count for name, count in number.items() if name not in RARE]
    assert max(others) - min(others) <= 2


@pytest.mark.parametrize(
    ("share", "wanted"), [(0.25, 0.005), (0.5, 0.01), (0.7, 0.03), (0.95, 0.05)]
)
def test_a_quantile_is_interpolated_within_its_bucket(share: float, wanted: float) -> None:
    counts = {0.01: 50.0, 0.05: 90.0, inf: 100.0}
    assert quantile(counts, share) == pytest.approx(wanted, rel=0.01)


def test_a_command_without_an_answer_counts_as_the_slowest() -> None:
    asked = [Asked("taste", False, str(n), 0.0, 0.0, answered=0.01) for n in range(9)]
    asked.append(Asked("taste", False, "9", 0.0, 0.0))
    assert [*waits(asked)][2] == "| taste | 10 | 10.0 | never | never |  |"
