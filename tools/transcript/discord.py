"""The bot on the loopback Discord, with people who type, press and choose."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.discord_server import Driver, loopback_discord
from tests.ports import free_port
from tools.transcript.discord_script import SCENES
from tools.transcript.plain import plain
from tools.transcript.player import Player
from tools.transcript.process import COMMAND, environment

_START = 120.0  # seconds for the bot to come online
_LOG = "bot.log"


async def transcript() -> str:
    """Let people play the whole script, and return all they did and were shown."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with loopback_discord(seconds_to_acknowledge=60.0) as chat:
            async with _bot(chat, folder):
                player = Player(chat)
                for scene in SCENES:
                    try:
                        await scene(player)
                    except (AssertionError, LookupError, TimeoutError) as error:
                        player.stopped(error)
            parts = ["Registered\n", *_registered(chat.server.rest.commands)]
            refused = [f"refused: {call.method} {call.path} {call.answer}" for call in chat.refused]
            log = (folder / _LOG).read_text("utf-8").splitlines()
            failed = [line for line in log if " ERROR " in line or "Traceback" in line]
        return plain("\n".join([*parts, player.text, *refused, *failed]).strip() + "\n", name)


@asynccontextmanager
async def _bot(chat: Driver, folder: Path) -> AsyncIterator[None]:
    """Run the bot as a process of its own, once it answers."""
    port = free_port()
    settings = environment(
        folder,
        DISCORD_TOKEN=chat.server.token,
        DISCORD_API_URL=chat.server.api_url,
        HEALTH_PORT=str(port),
    )
    with (folder / _LOG).open("w") as log:
        process = await asyncio.create_subprocess_exec(
            *COMMAND, cwd=folder, env=settings, stdout=log, stderr=log
        )
        try:
            await chat.online(_START)
            await asyncio.wait_for(_ready(f"http://127.0.0.1:{port}/readyz"), _START)
            yield
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _ready(address: str) -> None:
    """Wait until the bot has its servers."""
    while not await asyncio.to_thread(_answers, address):  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.1)


def _answers(address: str) -> bool:
    """Tell whether a page of this machine is there and says yes."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - loopback
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _registered(commands: list[dict[str, Any]]) -> Iterator[str]:
    """Tell of the slash commands as they are registered, with their options."""
    for command in sorted(commands, key=lambda one: str(one["name"])):
        yield f"/{command['name']}: {command.get('description')}"
        for option in command.get("options") or []:
            yield f"  {json.dumps(option, ensure_ascii=False, sort_keys=True)}"
