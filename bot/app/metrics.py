"""What happened to each command, for the log and the metrics in one place."""

import json
import logging
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from bot.errors import UserError

log = logging.getLogger(__name__)

# "refused": bad input, which the user is told; "stopped": the bot went before it had answered.
Outcome = Literal["ok", "refused", "failed", "stopped"]

COMMAND_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
LAG_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)  # seconds
RECENT = 200  # measurements of the loop's lag: ten seconds of them


@dataclass
class CommandOutcome:
    """How a command under way ends: well, unless something else is noted."""

    outcome: Outcome = "ok"
    error: Exception | None = None

    def refused(self) -> None:
        self.outcome = "refused"

    def failed(self, error: Exception) -> None:
        """Something unforeseen: the log gets its traceback."""
        self.outcome, self.error = "failed", error


class Metrics:
    """Counts and times in a Prometheus registry of its own, and a line in the log per command."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)  # memory, processor time, open files
        self._commands = Counter(
            "reeltwin_commands", "Commands that ended", ("command", "outcome"), registry=registry
        )
        self._seconds = Histogram(
            "reeltwin_command_seconds",
            "Time from a command to its answer",
            ("command",),
            buckets=COMMAND_BUCKETS,
            registry=registry,
        )
        self._under_way = Gauge(
            "reeltwin_commands_under_way", "Commands that are being answered", registry=registry
        )
        self._lag = Histogram(
            "reeltwin_loop_lag_seconds",
            "How late the event loop wakes a task",
            buckets=LAG_BUCKETS,
            registry=registry,
        )
        self._backed_up = Gauge(
            "reeltwin_last_backup_timestamp_seconds",
            "When the newest backup was made",
            registry=registry,
        )
        self._recent_lags: deque[float] = deque(maxlen=RECENT)

    @contextmanager
    def command(
        self, name: str, user_id: str, guild_id: str | None = None, frontend: str | None = None
    ) -> Iterator[CommandOutcome]:
        """Write down the command that the body answers; what the body raises goes on.

        Parameters
        ----------
        name
            One of the commands there are, never what a user typed: each gets metrics of its own.
        user_id
            Who asks, with the frontend in front, as in ``discord:400``.
        guild_id
            Where, unless in private.
        frontend
            How, where there are several ways, for example ``slash``.
        """
        ended = CommandOutcome()
        start = perf_counter()
        try:
            with self._under_way.track_inprogress():
                yield ended
        except UserError:
            ended.refused()
            raise
        except Exception as error:
            ended.failed(error)
            raise
        except BaseException:
            ended.outcome = "stopped"
            raise
        finally:
            seconds = perf_counter() - start
            self._commands.labels(name, ended.outcome).inc()
            self._seconds.labels(name).observe(seconds)
            where = {"command": name, "user": user_id, "guild": guild_id, "face": frontend}
            _log(ended, where | {"latency_ms": round(seconds * 1000, 1), "outcome": ended.outcome})

    def observe_lag(self, seconds: float) -> None:
        self._lag.observe(seconds)
        self._recent_lags.append(seconds)

    def backed_up(self, at: datetime) -> None:
        self._backed_up.set(at.timestamp())

    @property
    def lag(self) -> float | None:
        """The worst of the event loop's recent lags in seconds; None where none was measured."""
        return max(self._recent_lags, default=None)


def logfmt(fields: Mapping[str, object]) -> str:
    """``key=value`` pairs in a line; a value is quoted, as in JSON, where it must be."""
    return " ".join(f"{key}={_quoted(str(value))}" for key, value in fields.items())


def _quoted(value: str) -> str:
    # isprintable() rules out each blank but the space, and all that could break the line.
    plain = value.isprintable() and not set(value) & set(' "=\\')
    return value if value and plain else json.dumps(value, ensure_ascii=not value.isprintable())


def _log(ended: CommandOutcome, fields: dict[str, Any]) -> None:
    known = {key: value for key, value in fields.items() if value is not None}
    level = logging.ERROR if ended.outcome == "failed" else logging.INFO
    log.log(level, "%s", logfmt(known), exc_info=ended.error, extra=known)
