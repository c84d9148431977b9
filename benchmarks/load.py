"""How much can the bot on Discord take, and what happens beyond? ``make load``, ``make soak``.

The real process, ``python -m bot``, serves a Discord on loopback (`tests.discord_server`): 20
servers with five channels each and 2,000 people, who rated 5 to 50 films. Commands are as in
`benchmarks.latency`, half typed and half by slash, each as often as the others but for map, club
and model, and given by the clock, whether or not the earlier ones are answered.

``ramp``: all commands, at one rate after the other. ``maps``: 20 maps and 20 other commands a
second, more pictures than can be drawn. ``soak``: all commands, 100,000 of them, with the memory of
the bot and of the process that draws for it. ``small``: 10,000 of them, with one core and 512 MB
for both, and whatever else the machine has for the loopback.

A wait lasts from the event that Discord sends until the last call of the answer has arrived there.
The loopback shares the machine's cores with the bot; what it takes of them stands beside.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain, islice
from math import inf
from pathlib import Path

import aiohttp
import numpy as np

from benchmarks.bot.bot_process import Bot, Metrics, quantile
from benchmarks.bot.load_clients import (
    DRAWN,
    ClientCommand,
    LoadClient,
    client_commands,
    make_clients,
)
from benchmarks.bot.memory import Samples, draw_soak, flatness, watching
from benchmarks.bot.small_machine import small_machine
from benchmarks.bot.traffic import PATIENCE, Asked, Traffic, milliseconds, serving
from benchmarks.common.stopwatch import no_pauses
from benchmarks.common.targets import Target, table
from bot.commands.actions import the_command
from engine import TasteModel, load_model
from tools.fewer_colours import fewer_colours

_SERVERS, _CHANNELS, _EACH = 20, 100, 20
_RATES = (25.0, 50.0, 75.0, 100.0, 125.0, 150.0)  # commands a second
_GOAL = 100.0  # of them
_SLOW = 1.0  # seconds that an answer may take, p95
_LAG = 50.0  # milliseconds that the event loop may lag, p99
_FEW = 0.01  # of the commands may be asked to come again later
_SETTLE = 5.0  # seconds before anything is measured
_SMALL_COMMANDS = 10_000  # that a small machine is asked
_LONG_ENOUGH = 40.0  # seconds of a soak that a line can be fitted to
_PLOT = Path(__file__).parents[1] / "tools" / "soak.png"


@dataclass(frozen=True)
class Step:
    """Commands at one ``rate``, and what the bot, its drawing and the driver took meanwhile.

    ``usage`` holds those three; ``seconds`` is how long commands were given.
    """

    rate: float
    seconds: float
    asked: Sequence[Asked]
    refused_calls: int
    logged: int
    before: Metrics
    after: Metrics
    usage: tuple[float, float, float]
    memory: int

    @property
    def troubles(self) -> dict[str, int]:
        """How many of each kind."""
        return {
            "calls refused": self.refused_calls,
            "commands failed": round(self.after.failed - self.before.failed),
            "unanswered": sum(one.answered == inf for one in self.asked),
            "told in the log": self.logged,
        }

    @property
    def errors(self) -> int:
        return sum(self.troubles.values())

    @property
    def achieved(self) -> float:
        """Commands answered a second, as long as commands were given."""
        end = max(one.sent for one in self.asked)
        return sum(one.answered <= end for one in self.asked) / self.seconds

    @property
    def put_off(self) -> list[Asked]:
        return [one for one in self.asked if one.refused]

    @property
    def lag(self) -> float:
        """Milliseconds, p99."""
        counts = {b: self.after.lags[b] - self.before.lags[b] for b in self.after.lags}
        return 1e3 * quantile(counts, 0.99)

    @property
    def kept(self) -> bool:
        """Whether everybody was answered well and in time."""
        few = len(self.put_off) <= _FEW * len(self.asked)
        return few and self.errors == 0 and slowest(self.asked) < _SLOW


class Load:
    """A bot under load, one step after the other."""

    def __init__(self, model: TasteModel, people: Sequence[LoadClient], bot: Bot, traffic: Traffic):
        self.model, self.people, self.bot, self.traffic = model, people, bot, traffic
        self._seed = 0

    def script(self, number: int) -> Iterator[ClientCommand]:
        """So many commands, others each time."""
        self._seed += 1
        return client_commands(self.model, self.people, number, self._seed)

    async def step(
        self, script: Sequence[ClientCommand] | Iterator[ClientCommand], rate: float
    ) -> Step:
        refused, logged = len(self.traffic.refused), self.bot.errors()
        before, used, start = await self.bot.metrics(), self._usage(), time.monotonic()
        asked = await self.traffic.give(iter(script), rate)
        # What the wait for the last answers took is little, and hides nothing.
        last = max(one.sent for one in asked)
        after, took = await self.bot.metrics(), self._usage()
        drawn = self.bot.usage()
        wall = time.monotonic() - start
        step = Step(
            rate,
            last - min(one.sent for one in asked) + 1 / rate,
            asked,
            len(self.traffic.refused) - refused,
            self.bot.errors() - logged,
            before,
            after,
            tuple((b - a) / wall for a, b in zip(used, took, strict=True)),  # type: ignore[arg-type]
            sum(part.memory for part in drawn),
        )
        if step.errors:
            print(step.troubles, *self.traffic.refused[refused:][:3], sep="\n", file=sys.stderr)
            print(*self.bot.said()[-5:], sep="\n", file=sys.stderr)
        return step

    def _usage(self) -> tuple[float, float, float]:
        own, drawing = self.bot.usage()
        return own.processor, drawing.processor, time.process_time()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print; returns the exit status: 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.load", description=__doc__.split("\n")[0]
    )
    parser.add_argument(
        "what", nargs="*", choices=("ramp", "maps", "soak", "small", []), default=[]
    )
    parser.add_argument("--rates", type=float, nargs="+", default=_RATES, help="of the ramp")
    parser.add_argument("--seconds", type=float, default=30, help="of each step; default: 30")
    parser.add_argument("--commands", type=int, default=100_000, help="of the soak")
    parser.add_argument("--rate", type=float, default=_GOAL, help="of the soak, a second")
    parser.add_argument("--memory", type=int, default=512, help="of small, in MB")
    parser.add_argument("--small-rate", type=float, default=20, help="of small, a second")
    parser.add_argument("--plot", type=Path, default=_PLOT, help="where the soak is drawn")
    options = parser.parse_args(arguments)
    if "soak" in options.what and options.commands < _LONG_ENOUGH * options.rate:
        parser.error(
            f"--commands must last for {_LONG_ENOUGH:g} seconds at that rate, for example: "
            f"--commands {_LONG_ENOUGH * options.rate:.0f}"
        )
    targets = asyncio.run(_measure(options))
    print("", *table(targets), sep="\n")
    return 0 if all(one.kept for one in targets) else 1


async def _measure(options: argparse.Namespace) -> list[Target]:
    what = options.what or ["ramp", "maps"]
    targets: list[Target] = []
    if "ramp" in what:
        async with loaded() as load:
            steps = [step async for step in ramp(load, options.rates, options.seconds)]
        targets += ramp_targets(steps)
    if "maps" in what:
        async with loaded() as load:
            step = await maps(load, options.seconds)
        print("", *steps_table([step]), "", *maps_table(step), sep="\n", flush=True)
        targets += maps_targets(step)
    if "soak" in what:
        async with loaded() as load:
            step, samples = await soak(load, options.commands, options.rate)
        print("", *steps_table([step]), sep="\n", flush=True)
        options.plot.write_bytes(fewer_colours(draw_soak(samples)))
        targets += soak_targets(step, samples)
    if "small" in what:
        with small_machine(options.memory) as within:
            async with loaded(within=within) as load:
                try:
                    step, samples = await soak(load, _SMALL_COMMANDS, options.small_rate)
                except aiohttp.ClientConnectionError:
                    killed = f"killed by the system within {_SMALL_COMMANDS:,} commands"
                    targets.append(Target("the bot", killed, f"{options.memory} MB", False))
                else:
                    print("", *steps_table([step]), sep="\n", flush=True)
                    targets += small_targets(step, samples, options.memory)
    return targets


@asynccontextmanager
async def loaded(
    channels: int = _CHANNELS,
    each: int = _EACH,
    settle: float = _SETTLE,
    patience: float = PATIENCE,
    within: Sequence[str] = (),
) -> AsyncIterator[Load]:
    """A bot of its own with people to ask it, who have asked a little for ``settle`` seconds."""
    model = load_model()
    people = make_clients(model, channels, each, servers=_SERVERS)
    async with serving(people, within) as (chat, bot):
        load = Load(model, people, bot, Traffic(chat, patience))
        await load.step(load.script(round(settle * _RATES[0])), _RATES[0])
        yield load


async def ramp(load: Load, rates: Sequence[float], seconds: float) -> AsyncIterator[Step]:
    """All commands at each of the rates; tells each step as soon as it is done."""
    for n, rate in enumerate(rates):
        script = [*load.script(round(rate * seconds))]
        with no_pauses():
            step = await load.step(script, rate)
        head = n == 0
        print(*[*steps_table([step])][0 if head else 2 :], sep="\n", flush=True)
        yield step


async def maps(load: Load, seconds: float, rate: float = 20.0) -> Step:
    """So many maps a second, and as many commands without a picture between them."""
    number = round(rate * seconds)
    others = (wish for wish in load.script(2 * number) if wish.command.name not in DRAWN)
    options: tuple[dict[str, str], ...] = ({}, {"film": "Alien (1979)"})
    mixed = chain.from_iterable(
        (wish, ClientCommand(client, the_command("map"), n % 2 == 0, options[n // 2 % 2]))
        for n, (wish, client) in enumerate(
            zip(islice(others, number), reversed(load.people), strict=False)
        )
    )
    script = [*mixed]
    with no_pauses():
        return await load.step(script, 2 * rate)


async def soak(load: Load, commands: int, rate: float, every: float = 1.0) -> tuple[Step, Samples]:
    """So many commands; the memory is looked at ``every`` so many seconds."""
    samples: Samples = []
    async with watching(load.bot, lambda: len(load.traffic.asked), samples, every):
        step = await load.step(load.script(commands), rate)
    return step, samples


# what came of it


def steps_table(steps: Sequence[Step]) -> Iterator[str]:
    """The steps in Markdown; waits in milliseconds, processor time in cores."""
    yield (
        "| asked /s | answered /s | p50 | p95 | p99 | with a picture, p95 | pictures /s "
        "| put off | errors | loop lag p99 | bot | drawing | driver |"
    )
    yield "| " + " | ".join(["---"] * 13) + " |"
    for step in steps:
        pictured = [one for one in step.asked if one.pictured]
        cells = (
            f"{step.rate:g}",
            f"{step.achieved:.1f}",
            *milliseconds([one.wait for one in step.asked], 50, 95, 99),
            *milliseconds([one.wait for one in pictured], 95),
            f"{len(pictured) / step.seconds:.1f}",
            f"{len(step.put_off) / len(step.asked):.1%}",
            f"{step.errors}",
            f"{step.lag:.1f}",
            *(f"{share:.0%}" for share in step.usage),
        )
        yield f"| {' | '.join(cells)} |"


def maps_table(step: Step) -> Iterator[str]:
    """What became of the maps, and of the others; milliseconds."""
    drawn = [one for one in step.asked if one.command == "map" and not one.refused]
    put_off = [one for one in step.asked if one.command == "map" and one.refused]
    others = [one for one in step.asked if one.command != "map"]
    yield "| asked for | number | p50 | p95 | p99 |"
    yield "| --- | --- | --- | --- | --- |"
    for name, some in (("maps drawn", drawn), ("maps put off", put_off), ("others", others)):
        waits = milliseconds([one.wait for one in some], 50, 95, 99)
        yield f"| {name} | {len(some):,} | {' | '.join(waits)} |"


def ramp_targets(steps: Sequence[Step]) -> Iterator[Target]:
    good = [step for step in steps if step.kept]
    best = max(good, key=lambda step: step.rate, default=None)
    rate = best.rate if best else 0.0
    words = f"{rate:g} /s"
    what = f"highest rate with p95 under {_SLOW:g} s, no errors, at most {_FEW:.0%} put off"
    yield Target(what, words, f"{_GOAL:g} /s", rate >= _GOAL)
    if best:
        yield Target.below("the bot's event loop there, lag p99", best.lag, _LAG, "ms")


def maps_targets(step: Step) -> Iterator[Target]:
    put_off = [one for one in step.asked if one.refused and one.command == "map"]
    others = [one for one in step.asked if one.command != "map"]
    maps = [one for one in step.asked if one.command == "map"]
    yield Target.below("others beside too many maps, p95", slowest(others), _SLOW, "s")
    yield Target.below("a map put off is so, p95", slowest(put_off), _SLOW, "s")
    yield Target.below("a map drawn or put off, p99", slowest(maps, 99), 5, "s")
    yield Target.below("the bot's event loop beside too many maps, lag p99", step.lag, _LAG, "ms")
    yield Target("errors beside too many maps", f"{step.errors}", "0", step.errors == 0)


def soak_targets(step: Step, samples: Samples) -> Iterator[Target]:
    yield Target(f"errors in {len(step.asked):,} commands", f"{step.errors}", "0", not step.errors)
    yield Target.below(f"answer at {step.rate:g} /s, p95", slowest(step.asked), _SLOW, "s")
    yield Target.below("the bot's event loop in the soak, lag p99", step.lag, _LAG, "ms")
    yield from flatness(samples)


def small_targets(step: Step, samples: Samples, memory: int) -> Iterator[Target]:
    yield Target(f"errors in {len(step.asked):,} commands", f"{step.errors}", "0", not step.errors)
    yield Target.below(f"answer at {step.rate:g} /s, p95", slowest(step.asked), _SLOW, "s")
    most = max(sample.total for sample in samples)
    yield Target.below("the most memory of bot and drawing together", most, memory, "MB")


def slowest(asked: Sequence[Asked], percent: float = 95) -> float:
    """The percentile of the waits, seconds; 0 where nobody waited."""
    waits = [one.wait for one in asked]
    return float(np.percentile(waits, percent, method="higher")) if waits else 0.0


if __name__ == "__main__":
    sys.exit(main())
