"""The bot as a process of its own on a Discord, and what it says of itself."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.bot.chat_helpers import bare_environment
from tests.discord_server import Driver
from tests.ports import free_port

LOG = "bot.log"
_START = 120.0  # seconds for the bot to come online


@dataclass(frozen=True)
class Metrics:
    """What the bot says of itself so far; ``lags`` counts those up to each bound in seconds."""

    failed: float
    memory: float
    processor: float
    lags: dict[float, float]


@dataclass(frozen=True)
class Usage:
    """What a process takes: memory in bytes, and processor seconds so far.

    Of the memory that it shares with others, its own part counts.
    """

    memory: int
    processor: float

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """Of a process that runs now (Linux)."""
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        (kilobytes,) = re.findall(r"^Pss:\s*(\d+) kB$", rollup, re.MULTILINE)
        # Behind the name, which is in brackets and may hold anything, from the third field on.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        return cls(int(kilobytes) * 1024, ticks / os.sysconf("SC_CLK_TCK"))


@dataclass(frozen=True)
class Bot:
    """A bot that runs as a process of its own; ``address`` tells its health."""

    pid: int
    address: str
    log: Path

    def usage(self) -> tuple[Usage, Usage]:
        """What the bot itself takes, and what the process that draws for it."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        drawing = [Usage.of(int(child)) for child in children]
        memory, processor = sum(u.memory for u in drawing), sum(u.processor for u in drawing)
        return Usage.of(self.pid), Usage(memory, processor)

    def said(self) -> list[str]:
        """The errors that the log tells of, a line each."""
        return [line for line in self.log.read_text().splitlines() if " ERROR " in line]

    def errors(self) -> int:
        """How many the log tells of."""
        return len(self.said())

    async def metrics(self) -> Metrics:
        return await _metrics_of(self.address)


@asynccontextmanager
async def bot_process(chat: Driver, folder: Path, within: Sequence[str] = ()) -> AsyncIterator[Bot]:
    """Run the bot as a process of its own, ``within`` a command, and wait until it answers."""
    port = free_port()
    environment = bare_environment(
        folder,
        DISCORD_TOKEN=chat.server.token,
        DISCORD_API_URL=chat.server.api_url,
        HEALTH_PORT=str(port),
    )
    with (folder / LOG).open("w") as log:
        process = await asyncio.create_subprocess_exec(
            *(*within, sys.executable, "-m", "bot"),
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            await chat.online(_START)
            await _ready(f"http://127.0.0.1:{port}")
            yield Bot(process.pid, f"http://127.0.0.1:{port}", folder / LOG)
        except TimeoutError:
            print((folder / LOG).read_text(), file=sys.stderr)
            raise
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _ready(address: str) -> None:
    """Wait until the bot has its servers and answers."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(_START):
        ready = False
        while not ready:
            await asyncio.sleep(0.2)
            async with session.get(f"{address}/readyz") as response:
                ready = response.status == 200


async def _metrics_of(address: str) -> Metrics:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/metrics") as response:
        families = [*text_string_to_metric_families(await response.text())]
    samples = [sample for family in families for sample in family.samples]

    def total(name: str, **labels: str) -> float:
        return sum(
            s.value for s in samples if s.name == name and labels.items() <= s.labels.items()
        )

    return Metrics(
        failed=total("reeltwin_commands_total", outcome="failed"),
        memory=total("process_resident_memory_bytes"),
        processor=total("process_cpu_seconds_total"),
        lags={
            float(sample.labels["le"]): sample.value
            for sample in samples
            if sample.name == "reeltwin_loop_lag_seconds_bucket"
        },
    )


def quantile(counts: dict[float, float], share: float) -> float:
    """A quantile of a histogram, [upper bound] -> how many up to it; linear between bounds."""
    wanted = share * max(counts.values())
    lower, below = 0.0, 0.0
    for bound, count in sorted(counts.items()):
        if count >= wanted:
            if bound == inf:
                return lower
            return lower + (bound - lower) * (wanted - below) / (count - below or 1)
        lower, below = bound, count
    return lower
