"""Does a flood in one server hold up another? ``make flood`` (a minute and a half).

The real process, ``python -m bot``, serves a Discord on loopback (`tests.discord_server`) with two
servers. In server B 60 people give five commands a second, all that there are, half of them typed
and half by slash, as in `benchmarks.latency`. First they do so alone; then, all the while, 13
accounts of server A send 65 messages every ten seconds, at once. Each is a `!rate` of 90 misspelt
titles, no two lines of which are alike, so that none is known from before.

A wait lasts from the event that Discord sends until the last call of the answer has arrived there.
The loopback shares the machine's cores with the bot.
"""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from math import inf
from operator import itemgetter

import numpy as np

from benchmarks.bot.autocomplete_clients import mistyped
from benchmarks.bot.load_clients import ClientCommand, LoadClient, client_commands, make_clients
from benchmarks.bot.traffic import Asked, Traffic, milliseconds, serving
from benchmarks.common.stopwatch import no_pauses
from benchmarks.common.targets import Target, table
from bot.commands.actions import the_command
from engine import TasteModel, load_model
from tests.discord_server import Channel, User

ACCOUNTS, MESSAGES, LINES = 13, 65, 90
_LETTERS = 13  # of each title, as Discord takes 2,000 in a message
_EVERY = 10.0  # seconds from flood to flood, within what the bot hears of one person
_RATE = 5.0  # ordinary commands a second
_CHANNELS, _EACH = 10, 6  # of server B, and the people in each
_A = Channel("29000", "flooded", "39000")
_SLOW = 1.0  # seconds that an ordinary command may take, p95
_PATIENCE = 120.0  # seconds for the last answers


@dataclass(frozen=True)
class Run:
    """What was asked without the flood, beside it in server B, and by the flood in server A."""

    alone: Sequence[Asked]
    beside: Sequence[Asked]
    flood: Sequence[Asked]
    errors: int


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.flood", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--seconds", type=float, default=30, help="for each of the two parts")
    run = asyncio.run(measure(parser.parse_args().seconds))
    print(*waits(run), "", *table(targets(run)), sep="\n")


async def measure(seconds: float) -> Run:
    """Give ordinary commands for so many seconds alone, and then beside floods."""
    model = load_model()
    people = make_clients(model, _CHANNELS, _EACH, servers=1)
    accounts = [LoadClient(User(str(90_000 + n), f"Account {n}"), _A, {}) for n in range(ACCOUNTS)]
    number = round(_RATE * seconds)
    async with serving([*people, *accounts]) as (chat, bot):
        traffic = Traffic(chat, _PATIENCE)
        with no_pauses():
            alone = await traffic.give(client_commands(model, people, number), _RATE)
            ordinary = client_commands(model, people, number, seed=2)
            timed = ((n / _RATE, command) for n, command in enumerate(ordinary))
            floods = flood_commands(model, accounts, round(seconds / _EVERY))
            both = await traffic.give_at(merge(timed, floods, key=itemgetter(0)))
        errors = len(traffic.refused) + bot.errors()
    beside = [one for one in both if one.server != _A.guild_id]
    return Run(alone, beside, [one for one in both if one.server == _A.guild_id], errors)


def flood_commands(
    model: TasteModel, accounts: Sequence[LoadClient], floods: int
) -> Iterator[tuple[float, ClientCommand]]:
    """Yield the messages of so many floods, each with its time in seconds."""
    rate = the_command("rate")
    catalogue = model.catalogue
    slips = mistyped(catalogue.names, catalogue.counts, floods * MESSAGES * LINES)
    lines = (f"{typed.text[:_LETTERS]} {n:x} 4" for n, typed in enumerate(slips))
    for n in range(floods * MESSAGES):
        text = "\n".join(line for line, _ in zip(lines, range(LINES), strict=False))
        client = accounts[n % len(accounts)]
        yield n // MESSAGES * _EVERY, ClientCommand(client, rate, False, {"ratings": "\n" + text})


def waits(run: Run) -> Iterator[str]:
    """The waits, in Markdown; milliseconds."""
    yield "| commands | given | put off | p50 | p95 | p99 |"
    yield "| --- | --- | --- | --- | --- | --- |"
    kinds = (
        ("server B, alone", run.alone),
        ("server B, beside the flood", run.beside),
        ("the flood in server A, looked up", [one for one in run.flood if not one.refused]),
        ("the flood in server A, put off", [one for one in run.flood if one.refused]),
    )
    for name, asked in kinds:
        put_off = sum(one.refused for one in asked)
        middle, slow, slowest = milliseconds([one.wait for one in asked], 50, 95, 99)
        yield f"| {name} | {len(asked)} | {put_off} | {middle} | {slow} | {slowest} |"


def targets(run: Run) -> Iterator[Target]:
    """What is to be kept."""
    alone, beside = (
        float(np.percentile([one.wait for one in asked], 95, method="higher"))
        for asked in (run.alone, run.beside)
    )
    also = f"{alone:.3g} s without the flood"
    yield Target.below(
        "an ordinary command in server B beside the flood, p95", beside, _SLOW, "s", also
    )
    put_off = sum(one.refused for one in run.beside)
    yield Target("ordinary commands in server B put off", str(put_off), "0", put_off == 0)
    unanswered = sum(one.answered == inf for one in (*run.alone, *run.beside, *run.flood))
    yield Target(
        "errors: refused calls and logged, unanswered",
        f"{run.errors}, {unanswered}",
        "0",
        run.errors + unanswered == 0,
    )


if __name__ == "__main__":
    main()
