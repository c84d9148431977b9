"""The bot comes to Discord, or says in one line why not, and leaves cleanly."""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

import discord
import pytest
import yarl

from bot.discord.run import run_discord
from bot.errors import UserError
from bot.services import Services
from bot.settings import Settings
from tests.bot.discord.asking import ask, by_slash
from tests.discord_server import Driver, loopback_discord

ROOT = Path(__file__).parents[3]
SLOW_START = 120.0  # seconds: a process of its own loads torch and the model


def settings(chat: Driver, **changes: Any) -> Settings:
    values = {"discord_token": chat.server.token, "discord_api_url": chat.server.api_url}
    return Settings(_env_file=None, **(values | changes))  # type: ignore[call-arg]


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
async def test_the_process_serves_discord_until_it_is_told_to_stop(
    chat: Driver, tmp_path: Path, told: signal.Signals
) -> None:
    environment = {
        **os.environ,
        "DISCORD_TOKEN": chat.server.token,
        "DISCORD_API_URL": chat.server.api_url,
        "DATABASE_PATH": str(tmp_path / "reeltwin.sqlite3"),
        "PYTHONPATH": str(ROOT),
    }
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


async def test_the_gateway_is_the_one_that_the_api_names(
    chat: Driver, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = yarl.URL("ws://127.0.0.1:9")
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", nowhere)
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:9/api/v10")
    serving = asyncio.create_task(run_discord(settings(chat), services))
    await chat.online()
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_the_token_is_in_no_log(
    chat: Driver, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    serving = asyncio.create_task(run_discord(settings(chat), services))
    await chat.online()
    await ask(chat)
    await by_slash(chat, "help")
    serving.cancel()
    await asyncio.wait({serving})
    await chat.offline()
    assert "invite the bot" in caplog.text
    assert chat.server.token not in caplog.text


async def test_a_wrong_token_is_one_line(chat: Driver, services: Services) -> None:
    with pytest.raises(UserError, match=r"^Discord does not know DISCORD_TOKEN.*$"):
        await run_discord(settings(chat, discord_token="wrong"), services)


async def test_an_intent_that_is_not_granted_is_named(services: Services) -> None:
    async with loopback_discord(privileged_intents=False) as chat:
        with pytest.raises(UserError, match=r"^.*“Message Content Intent” at https://.*$"):
            await run_discord(settings(chat), services)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("http://127.0.0.1:9/api/v10", r"^Discord cannot be reached at http://127.0.0.1:9/api/v10"),
        ("{base}/elsewhere", r"^Discord at http://.*/elsewhere does not let the bot in: 404"),
    ],
    ids=["nobody there", "no Discord"],
)
async def test_an_address_without_a_discord_is_named(
    chat: Driver, services: Services, path: str, says: str
) -> None:
    address = path.format(base=chat.server.api_url)
    with pytest.raises(UserError, match=says):
        await run_discord(settings(chat, discord_api_url=address), services)


async def test_a_gateway_that_cannot_be_reached_is_named(
    chat: Driver, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = yarl.URL("ws://127.0.0.1:9")
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", nowhere)
    with pytest.raises(UserError, match=r"^Discord's gateway cannot be reached at ws://127"):
        await run_discord(settings(chat, discord_api_url=None), services)
