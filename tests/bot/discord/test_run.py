"""The bot comes to Discord, or says in one line why not, and leaves cleanly."""

import asyncio
import json
import logging
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from aiohttp import web
from pydantic import HttpUrl, SecretStr

from bot.app.context import AppContext
from bot.discord.responder import SHUTDOWN_GRACE
from bot.discord.run import run_discord
from bot.errors import UserError
from bot.settings import Settings
from tests.bot.chat_helpers import BOT, bare_environment
from tests.bot.discord.discord_helpers import ask, by_slash, until
from tests.discord_server import CINEMA, Driver, loopback_discord
from tests.discord_server.world import CINEMA_FILMS, GUILDS

ROOT = Path(__file__).parents[3]
SLOW_START = 120.0  # seconds: a process of its own loads torch and the model


def settings(chat: Driver, **changes: Any) -> Settings:
    values = {"discord_token": chat.server.token, "discord_api_url": chat.server.api_url}
    return Settings(_env_file=None, **(values | changes))  # type: ignore[call-arg]


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
async def test_the_process_serves_discord_until_it_is_told_to_stop(
    chat: Driver, tmp_path: Path, told: signal.Signals
) -> None:
    environment = {
        **os.environ,
        "DISCORD_TOKEN": chat.server.token,
        "DISCORD_API_URL": chat.server.api_url,
        "DATABASE_PATH": str(tmp_path / "reeltwin.sqlite3"),
        "BACKUP_HOURS": "0",  # also where no next backup would remove it
        "PYTHONPATH": str(ROOT),
    }
    killed = tmp_path / "backups" / "reeltwin-20260102T030405.678901Z.sqlite3.part"
    killed.parent.mkdir()
    killed.touch()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        cwd=tmp_path,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        await chat.online(patience=SLOW_START)
        assert not killed.exists()
        assert "Alien" in (await ask(chat, "!rate Alien 5")).text
        process.send_signal(told)
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    assert chat.server.gateway.closed_with == [1000]
    assert chat.server.token not in output.decode()
    assert "Traceback" not in output.decode()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="finds the process that draws in /proc")
@pytest.mark.parametrize("state", [signal.SIGSTOP, signal.SIGKILL, None])
async def test_it_leaves_when_told_to_though_the_process_that_draws_is_stopped_dead_or_busy(
    chat: Driver, tmp_path: Path, state: signal.Signals | None
) -> None:
    environment = bare_environment(
        tmp_path, DISCORD_TOKEN=chat.server.token, DISCORD_API_URL=chat.server.api_url
    )
    process = await asyncio.create_subprocess_exec(*BOT, cwd=tmp_path, env=environment)
    try:
        await chat.online(patience=SLOW_START)
        (drawing,) = children(process.pid)
        if state is not None:
            os.kill(drawing, state)
        await chat.say("!map")
        await until(lambda: bool(chat.typing))
        process.terminate()
        async with asyncio.timeout(SHUTDOWN_GRACE + 15):
            assert await process.wait() == 0
        with pytest.raises(ProcessLookupError):
            os.kill(drawing, 0)
    finally:
        if process.returncode is None:
            for pid in (*children(process.pid), process.pid):
                os.kill(pid, signal.SIGKILL)
            await process.wait()


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in tasks for child in file.read_text().split()]


async def test_the_gateway_is_the_one_that_the_api_names(
    chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = yarl.URL("ws://127.0.0.1:9")
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", nowhere)
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:9/api/v10")
    async with serving(settings(chat), context):
        await chat.online()
        assert "Rated" in (await ask(chat, "!rate Alien 5")).text
        # Where it goes should the session be lost.
        assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY) == chat.server.gateway_url


async def test_the_token_is_in_no_log(
    chat: Driver, context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(settings(chat), context):
        await chat.online()
        await ask(chat)
        await by_slash(chat, "help")
    assert "invite the bot" in caplog.text
    assert chat.server.token not in caplog.text


async def test_a_wrong_token_is_one_line(chat: Driver, context: AppContext) -> None:
    with pytest.raises(UserError, match=r"^Discord does not know DISCORD_TOKEN.*$"):
        await run_discord(settings(chat, discord_token="wrong"), context)


async def test_a_discord_that_demands_more_shards_is_one_line(
    chat: Driver, context: AppContext
) -> None:
    chat.server.gateway.most_guilds = 1
    with pytest.raises(UserError, match=r"^Discord demands more shards.*SHARD_COUNT.*\.$"):
        await run_discord(settings(chat, shard_count=1), context)


async def test_without_the_content_of_messages_it_serves_what_is_left_and_says_so(
    context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    async with loopback_discord(privileged_intents=0) as chat:
        async with serving(settings(chat, health_port=0), context):
            await chat.online()
            await chat.say("!rate Alien 5")
            assert "Rated" in (await ask(chat, "<@100> rate Alien 5")).text
            assert "Rated" in (await by_slash(chat, "rate", film="Aliens", stars=4)).text
            assert "Rated" in (await ask(chat, "!rate Coco 4", channel=chat.direct())).text
        await chat.offline()
        assert chat.server.messages.shown.empty()
        assert chat.server.gateway.closed_with[-1] == 1000
    warned = [record for record in caplog.records if record.name == "bot.discord.run"]
    assert [record.levelname for record in warned] == ["WARNING"]
    assert "“Message Content Intent” at https://discord.com/developers" in warned[0].message


async def test_a_process_keeps_to_its_shards_also_without_the_content_of_messages(
    context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    shards = {"shard_count": 2, "shard_ids": (1,), "health_port": 0}
    async with loopback_discord(privileged_intents=0, guilds=(*GUILDS, CINEMA)) as chat:
        async with serving(settings(chat, **shards), context):
            await until(lambda: "on Discord as" in caplog.text)
            assert "in 1 servers (shards 1 of 2)" in caplog.text
            port = re.findall(r"health at http://127\.0\.0\.1:(\d+)/readyz", caplog.text)[-1]
            told = json.loads((await get(port, "readyz"))[1])
            assert (told["guilds"], told["shards"], told["shard_count"]) == (1, [1], 2)
            assert {session.shard for session in chat.server.gateway.sessions.values()} == {(1, 2)}
            await chat.say("<@100> rate Alien 5")
            assert "Rated" in (await ask(chat, "<@100> rate Alien 5", channel=CINEMA_FILMS)).text
        assert chat.server.messages.shown.empty()


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("http://127.0.0.1:9/api/v10", r"^Discord cannot be reached at http://127.0.0.1:9/api/v10"),
        ("{base}/elsewhere", r"^Discord at http://.*/elsewhere does not let the bot in: 404"),
    ],
    ids=["nobody there", "no Discord"],
)
async def test_an_address_without_a_discord_is_named(
    chat: Driver, context: AppContext, path: str, says: str
) -> None:
    address = path.format(base=chat.server.api_url)
    with pytest.raises(UserError, match=says):
        await run_discord(settings(chat, discord_api_url=address), context)


async def test_an_address_that_answers_with_a_page_is_one_line(context: AppContext) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>Hello</html>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10"
    wanted = Settings(
        _env_file=None,  # type: ignore[call-arg]
        discord_token=SecretStr("a.token"),
        discord_api_url=HttpUrl(base),
    )
    with pytest.raises(UserError, match=rf"^What answers at {base} is no Discord: DISCORD_API_URL"):
        await run_discord(wanted, context)
    await runner.cleanup()


async def test_a_gateway_that_cannot_be_reached_is_tried_again_until_it_is_told_to_stop(
    chat: Driver,
    context: AppContext,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def nowhere(client: object) -> tuple[int, str, object]:
        return 1, "ws://127.0.0.1:9", None

    monkeypatch.setattr(discord.http.HTTPClient, "get_bot_gateway", nowhere)
    task = asyncio.create_task(run_discord(settings(chat), context))
    await until(lambda: "Failed to connect for shard_id: 0. Retrying" in caplog.text)
    await told_to_stop(task)


# health


async def test_health_is_told_by_http_where_a_port_is_set(
    chat: Driver, context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with serving(settings(chat, health_port=0), context):
        await until(lambda: "on Discord as" in caplog.text)
        (port,) = re.findall(r"health at http://127\.0\.0\.1:(\d+)/readyz", caplog.text)
        await ask(chat, "!rate Alien 5")
        assert (await get(port, "healthz"))[0] == 200
        status, ready = await get(port, "readyz")
        told = json.loads(ready)
        assert (status, told["ready"], told["guilds"]) == (200, True, 2)
        metrics = (await get(port, "metrics"))[1]
    assert 'reeltwin_commands_total{command="rate",outcome="ok"} 1.0' in metrics
    assert "reeltwin_guilds 2.0" in metrics
    with pytest.raises(aiohttp.ClientConnectionError):
        await get(port, "healthz")


async def test_a_health_port_that_is_taken_is_one_line(chat: Driver, context: AppContext) -> None:
    taken = yarl.URL(chat.server.api_url).port
    with pytest.raises(UserError, match=f"^HEALTH_PORT must be a free port, and {taken} .*$"):
        await run_discord(settings(chat, health_port=taken), context)


async def told_to_stop(task: asyncio.Task[None]) -> None:
    assert not task.done(), "SIGTERM would end the tests instead"
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(task, 10)


async def get(port: str, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/{path}") as response,
    ):
        return response.status, await response.text()


@asynccontextmanager
async def serving(settings: Settings, context: AppContext) -> AsyncIterator[None]:
    """The bot on Discord while the body runs; then it is told to stop."""
    task = asyncio.create_task(run_discord(settings, context))
    try:
        yield
        await told_to_stop(task)
    finally:
        task.cancel()
        await asyncio.wait({task})
