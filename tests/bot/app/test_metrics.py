"""The metrics count and time each command, and log it in a line without what people said."""

import json
import logging
from collections.abc import Callable

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.app.metrics import CommandOutcome, Metrics, logfmt
from bot.errors import UserError

Value = Callable[..., float | None]


@pytest.fixture
def metrics(caplog: pytest.LogCaptureFixture) -> Metrics:
    caplog.set_level(logging.INFO)
    return Metrics()


@pytest.fixture
def value(metrics: Metrics) -> Value:
    """A sample of the metrics as Prometheus reads it; None where there is none."""

    def value(sample: str, **labels: str) -> float | None:
        families = text_string_to_metric_families(generate_latest(metrics.registry).decode())
        found = [
            s.value for f in families for s in f.samples if (s.name, s.labels) == (sample, labels)
        ]
        return found[0] if found else None

    return value


def ask(
    metrics: Metrics, name: str = "rate", end: Callable[[CommandOutcome], None] | None = None
) -> None:
    with metrics.command(name, "discord:400", "200") as entry:
        if end:
            end(entry)


def test_commands_are_counted_by_name_and_outcome(metrics: Metrics, value: Value) -> None:
    ask(metrics)
    ask(metrics)
    ask(metrics, end=CommandOutcome.refused)
    ask(metrics, "map", lambda entry: entry.failed(ValueError()))
    counts = {
        (name, outcome): value("reeltwin_commands_total", command=name, outcome=outcome)
        for name in ("rate", "map")
        for outcome in ("ok", "refused", "failed")
    }
    assert counts == {
        ("rate", "ok"): 2,
        ("rate", "refused"): 1,
        ("rate", "failed"): None,
        ("map", "ok"): None,
        ("map", "refused"): None,
        ("map", "failed"): 1,
    }


def test_every_command_is_timed_however_it_ends(metrics: Metrics, value: Value) -> None:
    ask(metrics)
    ask(metrics, end=lambda entry: entry.failed(ValueError()))
    assert value("reeltwin_command_seconds_count", command="rate") == 2
    assert value("reeltwin_command_seconds_bucket", command="rate", le="+Inf") == 2
    assert value("reeltwin_command_seconds_sum", command="rate") > 0  # type: ignore[operator]


def test_commands_under_way_are_counted_until_they_end(metrics: Metrics, value: Value) -> None:
    with metrics.command("rate", "discord:400"), metrics.command("map", "discord:401"):
        assert value("reeltwin_commands_under_way") == 2
    with pytest.raises(ValueError, match="oops"), metrics.command("rate", "discord:400"):
        raise ValueError("oops")
    assert value("reeltwin_commands_under_way") == 0


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(UserError("no such film"), "refused"), (ValueError(), "failed"), (SystemExit(), "stopped")],
    ids=["bad input", "unforeseen", "the bot ends"],
)
def test_what_the_body_raises_goes_on_and_is_counted(
    metrics: Metrics, value: Value, error: BaseException, outcome: str
) -> None:
    with pytest.raises(type(error)) as caught, metrics.command("rate", "discord:400"):
        raise error
    assert caught.value is error
    assert value("reeltwin_commands_total", command="rate", outcome=outcome) == 1


def test_a_command_is_one_line_of_fields(
    metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    with metrics.command("rate", "discord:400", "200", "slash"):
        pass
    (record,) = caplog.records
    fields = dict(pair.split("=") for pair in record.getMessage().split(" "))
    latency = float(fields.pop("latency_ms"))
    assert 0 <= latency < 1000
    assert fields == {
        "command": "rate",
        "user": "discord:400",
        "guild": "200",
        "face": "slash",
        "outcome": "ok",
    }
    assert record.levelno == logging.INFO
    assert record.exc_info is None


def test_the_fields_are_attributes_of_the_record_too(
    metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    ask(metrics, end=CommandOutcome.refused)
    (record,) = caplog.records
    given = vars(record)
    assert (given["command"], given["user"], given["guild"]) == ("rate", "discord:400", "200")
    assert given["outcome"] == "refused"
    assert isinstance(given["latency_ms"], float)


def test_in_private_and_by_one_face_alone_there_is_nothing_to_tell(
    metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    with metrics.command("rate", "console:you"):
        pass
    assert caplog.messages[0].startswith("command=rate user=console:you latency_ms=")


def test_a_failure_that_was_answered_is_logged_with_its_traceback(
    metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    def draw() -> None:
        raise ValueError("the renderer broke")

    def answer() -> str:
        with metrics.command("map", "discord:400", "200") as entry:
            try:
                draw()
            except ValueError as error:
                entry.failed(error)
            return "Sorry."

    assert answer() == "Sorry."
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage().startswith("command=map user=discord:400 guild=200 latency_ms=")
    assert record.getMessage().endswith("outcome=failed")
    assert vars(record)["outcome"] == "failed"
    assert 'raise ValueError("the renderer broke")' in caplog.text


def test_a_failure_on_its_way_out_is_logged_with_its_traceback(
    metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValueError, match="broke"), metrics.command("map", "discord:400"):
        raise ValueError("the renderer broke")
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert 'raise ValueError("the renderer broke")' in caplog.text


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("discord:400", "discord:400"),
        ("console:Zoë", "console:Zoë"),
        ("100%s", "100%s"),
        ("", '""'),
        ("two words", '"two words"'),
        ("Zoë B", '"Zoë B"'),
        ('say "hi"', r'"say \"hi\""'),
        ("a=b", '"a=b"'),
        ("back\\slash", r'"back\\slash"'),
        ("two\nlines", r'"two\nlines"'),
        ("two\u2028lines", r'"two\u2028lines"'),
        ("bell\x07", r'"bell\u0007"'),
    ],
)
def test_a_value_is_quoted_where_it_must_be(plain: str, written: str) -> None:
    line = logfmt({"user": plain, "outcome": "ok"})
    assert line == f"user={written} outcome=ok"
    assert len(line.splitlines()) == 1
    assert not written.startswith('"') or json.loads(written) == plain


def test_a_name_cannot_make_up_fields_or_lines(
    metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    with metrics.command("rate", "console:eve outcome=failed\nERROR: %s"):
        pass
    assert r'user="console:eve outcome=failed\nERROR: %s" ' in caplog.messages[0]
    assert len(caplog.messages[0].splitlines()) == 1


def test_the_lag_is_the_worst_of_the_recent_ones(metrics: Metrics, value: Value) -> None:
    assert metrics.lag is None
    for seconds in (0.001, 0.3, 0.002):
        metrics.observe_lag(seconds)
    assert metrics.lag == 0.3
    assert value("reeltwin_loop_lag_seconds_count") == 3
    assert value("reeltwin_loop_lag_seconds_bucket", le="0.25") == 2
    for _ in range(1000):
        metrics.observe_lag(0.001)
    assert metrics.lag == 0.001


def test_two_registries_share_no_counts(metrics: Metrics, value: Value) -> None:
    ask(Metrics())
    assert value("reeltwin_commands_total", command="rate", outcome="ok") is None
