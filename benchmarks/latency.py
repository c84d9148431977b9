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
import gc
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

import numpy as np

from benchmarks.askers import DRAWN, Asker, Wish, askers, wishes
from benchmarks.bot_process import LOG, Metrics, bot_process, metrics_of, quantile
from benchmarks.promises import Promise, short, table
from bot.lag import measure_lag
from engine import load_model
from storage import open_store
from tests.discord_server import Driver, loopback_discord
from tests.discord_server.calls import Call
from tests.discord_server.world import BOT, Guild

_SERVERS, _EACH = 30, 10
_LAST = 10.0  # seconds for the last answers


@dataclass
class Asked:
    """A command that was given: when, how late by the driver's clock, and when what arrived.

    ``key`` names it in Discord's calls: the id of a message, or the token of an interaction.
    """

    command: str
    slash: bool
    key: str
    sent: float
    late: float
    acknowledged: float = inf
    answered: float = inf

    @property
    def wait(self) -> float:
        return self.answered - self.sent


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
    print(*waits(run.asked), "", *table(promises(run)), sep="\n")


async def measure(rate: float, seconds: float) -> Run:
    model = load_model()
    people = askers(model, _SERVERS, _EACH)
    script = [*wishes(model, people, round(rate * seconds))]
    lags: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await _remember(folder / "reeltwin.sqlite3", people)
        async with (
            loopback_discord(guilds=_guilds(people)) as chat,
            bot_process(chat, folder) as address,
        ):
            gc.collect()
            gc.disable()  # the driver's own pauses are nobody's wait
            before, processor = await metrics_of(address), time.process_time()
            async with measure_lag(lags.append):
                asked = await _give(chat, script, rate)
            processor = time.process_time() - processor
            gc.enable()
            after = await metrics_of(address)
            errors = (folder / LOG).read_text().count(" ERROR ")
            return Run(asked, chat.refused, errors, before, after, lags, processor)


# the bot, and what it knows


async def _remember(path: Path, people: Sequence[Asker]) -> None:
    async with open_store(path) as store:
        for one in people:
            user_id = f"discord:{one.user.id}"
            await store.remember(user_id, one.user.name, one.channel.guild_id)
            await store.rate(user_id, one.ratings)


def _guilds(people: Sequence[Asker]) -> tuple[Guild, ...]:
    return tuple(
        Guild(
            str(channel.guild_id),
            f"Server {channel.guild_id}",
            (channel,),
            (*(one.user for one in people if one.channel == channel), BOT),
        )
        for channel in dict.fromkeys(one.channel for one in people)
    )


# commands given, and their answers


async def _give(chat: Driver, script: Sequence[Wish], rate: float) -> list[Asked]:
    """Give every command when its time has come, then wait for the last answers."""
    asked: list[Asked] = []
    start = time.monotonic()
    giving = []
    for n, wish in enumerate(script):
        due = start + n / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        giving.append(asyncio.create_task(_give_one(chat, wish, due, asked)))
        # What has been seen is of no more use, and to search it would take ever longer.
        chat.record.clear()
    await asyncio.gather(*giving)
    end = time.monotonic() + _LAST
    while time.monotonic() < end:
        await asyncio.sleep(0.5)
        _match(asked, chat.journal)
        if all(one.answered < inf for one in asked):
            await asyncio.sleep(0.5)  # an answer may have several parts
            break
    _match(asked, chat.journal)
    return asked


async def _give_one(chat: Driver, wish: Wish, due: float, asked: list[Asked]) -> None:
    user, channel = wish.asker.user, wish.asker.channel
    sent = time.monotonic()
    if wish.slash:
        options = wish.options
        interaction = await chat.slash(wish.command.name, user=user, channel=channel, **options)
        key = interaction.token
    else:
        key = (await chat.say(wish.text, user=user, channel=channel)).id
    asked.append(Asked(wish.command.name, wish.slash, key, sent, sent - due))


def _match(asked: Iterable[Asked], journal: Iterable[Call]) -> None:
    """Find each command's acknowledgement and the last call of its answer."""
    by_key = {one.key: one for one in asked}
    for call in journal:
        if call.status >= 400 or call.method not in ("POST", "PATCH"):
            continue
        data = call.data if isinstance(call.data, dict) else {}
        replied = (data.get("message_reference") or {}).get("message_id")
        one = by_key.get(call.where.get("token") or str(replied))
        if one is None:
            continue
        if call.path.endswith("/callback"):
            one.acknowledged = call.at
        else:
            one.answered = call.at


# what came of it


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
    middle, slow, slowest = _percentiles([one.wait for one in asked], 50, 95, 99)
    acknowledged = [one.acknowledged - one.sent for one in asked if one.slash]
    (first_word,) = _percentiles(acknowledged, 99)
    return f"| {name} | {len(asked):,} | {middle} | {slow} | {slowest} | {first_word} |"


def _percentiles(seconds: Sequence[float], *percents: float) -> list[str]:
    if not seconds:
        return ["" for _ in percents]
    found = np.percentile(seconds, percents, method="higher")
    return [short(1e3 * value) if value < inf else "never" for value in found]


def promises(run: Run) -> Iterator[Promise]:
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
    yield Promise.below("the bot's event loop, lag p99", lag, 50, "ms")
    yield Promise(
        f"answer to any of {len(asked):,} commands, p95",
        f"{short(1e3 * float(np.percentile(all_waits, 95, method='higher')))} ms",
        "",
        True,
    )
    first_word = float(np.percentile(first_words, 99, method="higher"))
    yield Promise.below("acknowledgement of a slash command, p99", first_word, 3, "s")
    yield Promise(
        "errors: refused calls, failed commands, unanswered, logged",
        f"{len(run.refused)}, {failed:.0f}, {unanswered}, {run.errors}",
        "0",
        wrong == 0,
    )
    yield Promise(
        "resident memory, before and after",
        f"{run.before.memory / 1e6:.0f} and {memory:.0f} MB",
        "",
        True,
    )
    yield Promise("processor time of the bot", f"{share:.0%} of a core", "", True)
    yield Promise(
        "the driver beside it: processor, lag p99, commands late p99",
        f"{run.driver_processor / wall:.0%} of a core, {short(driver_lag)} ms, {short(late)} ms",
        "",
        True,
    )


if __name__ == "__main__":
    main()
