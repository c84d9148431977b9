"""How long do people on Discord wait for their answers? ``make latency`` (a minute and a half).

The real process, ``python -m bot``, serves a Discord on loopback (`tests.discord_server`) in which
300 people of 30 servers give 50 commands a second: all that there are, half of them typed and half
by slash, each as often as the others but for map, club and model, of which people ask for one in
fifty commands. Five of the others draw too: the bot is to draw eight pictures a second, more than
people would ask for. The ratings of everybody, 5 to 50 of a MovieLens user drawn by a fixed seed,
are in the database beforehand. Commands are given by the clock, whether or not the earlier ones are
answered. Everybody gives one in six seconds and a channel hears less than one typed answer a
second, so that neither the bot's nor Discord's limits on a person and a channel are met.

A wait lasts from the event that Discord sends until the last call of the answer has arrived there.
The loopback shares the machine's cores with the bot, and its own lateness counts as a wait; so its
lag is told beside the bot's.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from benchmarks.bot.bot_process import Metrics, quantile
from benchmarks.bot.load_clients import DRAWN, client_commands, make_clients
from benchmarks.bot.traffic import Asked, Traffic, milliseconds, serving
from benchmarks.common.stopwatch import no_pauses
from benchmarks.common.targets import Target, short, table
from bot.app.loop_lag import measure_lag
from engine import load_model
from tests.discord_server.calls import Call

_SERVERS, _EACH = 30, 10


@dataclass(frozen=True)
class Run:
    asked: list[Asked]
    refused: list[Call]
    errors: int
    before: Metrics
    after: Metrics
    driver_lags: list[float]
    driver_processor: float


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.latency", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--rate", type=float, default=50, help="commands a second")
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    run = asyncio.run(measure(options.rate, options.seconds))
    print(*waits(run.asked), "", *table(targets(run)), sep="\n")


async def measure(rate: float, seconds: float) -> Run:
    model = load_model()
    people = make_clients(model, _SERVERS, _EACH)
    script = [*client_commands(model, people, round(rate * seconds))]
    lags: list[float] = []
    async with serving(people) as (chat, bot):
        traffic = Traffic(chat)
        before, processor = await bot.metrics(), time.process_time()
        with no_pauses():
            async with measure_lag(lags.append):
                asked = await traffic.give(iter(script), rate)
        processor = time.process_time() - processor
        after, errors = await bot.metrics(), bot.errors()
        return Run(asked, traffic.refused, errors, before, after, lags, processor)


def waits(asked: Sequence[Asked]) -> Iterator[str]:
    """The waits by command, in Markdown; milliseconds."""
    yield "| command | given | p50 | p95 | p99 | acknowledged, p99 of slash |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name in sorted({one.command for one in asked}):
        yield _line(name, [one for one in asked if one.command == name])
    beside, apart = _by_pictures(asked)
    yield _line("others, while a picture is drawn", beside)
    yield _line("others, while none is", apart)
    yield _line("all, typed", [one for one in asked if not one.slash])
    yield _line("all, by slash", [one for one in asked if one.slash])
    yield _line("**all**", asked)


def _by_pictures(asked: Sequence[Asked]) -> tuple[list[Asked], list[Asked]]:
    """All but those that draw a picture: those under way while one was drawn, and the rest."""
    drawn = [one for one in asked if one.command in DRAWN]
    others = [one for one in asked if one.command not in DRAWN]
    beside = [any(a.sent < one.answered and one.sent < a.answered for a in drawn) for one in others]
    pairs = [*zip(others, beside, strict=True)]
    return [one for one, there in pairs if there], [one for one, there in pairs if not there]


def _line(name: str, asked: Sequence[Asked]) -> str:
    middle, slow, slowest = milliseconds([one.wait for one in asked], 50, 95, 99)
    acknowledged = [one.acknowledged - one.sent for one in asked if one.slash]
    (first_word,) = milliseconds(acknowledged, 99)
    return f"| {name} | {len(asked):,} | {middle} | {slow} | {slowest} | {first_word} |"


def targets(run: Run) -> Iterator[Target]:
    asked, wall = run.asked, max(one.sent for one in run.asked) - min(one.sent for one in run.asked)
    all_waits = [one.wait for one in asked]
    first_words = [one.acknowledged - one.sent for one in asked if one.slash]
    unanswered = sum(one.answered == inf for one in asked)
    failed = run.after.failed - run.before.failed
    wrong = len(run.refused) + failed + unanswered + run.errors
    counts = {bound: run.after.lags[bound] - run.before.lags[bound] for bound in run.after.lags}
    lag, driver_lag = 1e3 * quantile(counts, 0.99), 1e3 * np.percentile(run.driver_lags, 99)
    late = 1e3 * np.percentile([one.late for one in asked], 99)
    share = (run.after.processor - run.before.processor) / wall
    memory = run.after.memory / 1e6
    yield Target.below("the bot's event loop, lag p99", lag, 50, "ms")
    yield Target(
        f"answer to any of {len(asked):,} commands, p95",
        f"{short(1e3 * float(np.percentile(all_waits, 95, method='higher')))} ms",
        "",
        True,
    )
    first_word = float(np.percentile(first_words, 99, method="higher"))
    yield Target.below("acknowledgement of a slash command, p99", first_word, 3, "s")
    yield Target(
        "errors: refused calls, failed commands, unanswered, logged",
        f"{len(run.refused)}, {failed:.0f}, {unanswered}, {run.errors}",
        "0",
        wrong == 0,
    )
    yield Target(
        "resident memory, before and after",
        f"{run.before.memory / 1e6:.0f} and {memory:.0f} MB",
        "",
        True,
    )
    yield Target("processor time of the bot", f"{share:.0%} of a core", "", True)
    yield Target(
        "the driver beside it: processor, lag p99, commands late p99",
        f"{run.driver_processor / wall:.0%} of a core, {short(driver_lag)} ms, {short(late)} ms",
        "",
        True,
    )


if __name__ == "__main__":
    main()
