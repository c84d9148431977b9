"""What the Containerfile promises of the image: a read-only root, a health check that can tell."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.chat_helpers import BOT, ROOT, bare_environment
from tests.bot.discord.discord_helpers import ask
from tests.discord_server import Driver
from tests.ports import free_port

CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
SLOW_START = 120.0  # seconds: a process of its own loads torch and the model

# With mounts of its own: one folder can be written, another is in memory, all else is read-only.
READ_ONLY = """
set -e
mount --bind "$1" "$1"
mount -t tmpfs none "$2"
mount -o remount,bind,ro /
shift 2
if touch /written 2> /dev/null; then echo "the root is not read-only" >&2; exit 1; fi
exec "$@"
"""


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """That of the image, whose /data and /tmp are here two folders."""
    set_there = dict(re.findall(r"^ENV (\w+)=(\S+)$", CONTAINERFILE, re.MULTILINE))
    set_there.pop("PATH")
    places = {"/data": str(folder / "data"), "/tmp": str(folder / "tmp")}
    for place in places.values():
        Path(place).mkdir()
    for name, value in set_there.items():
        set_there[name] = re.sub("^(/data|/tmp)", lambda there: places[there[1]], value)
    return bare_environment(
        folder, **set_there | {"TMPDIR": places["/tmp"], "HOME": "/"} | settings
    )


@pytest.mark.slow
def test_the_bot_runs_on_a_read_only_root_and_writes_only_where_it_may(tmp_path: Path) -> None:
    alone = ["unshare", "--map-root-user", "--mount"]
    if not shutil.which(alone[0]) or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("mounts of one's own are not allowed here")
    data, memory = tmp_path / "data", tmp_path / "tmp"
    environ = environment(tmp_path)
    run = subprocess.run(
        [*alone, "sh", "-c", READ_ONLY, "sh", data, memory, *BOT],
        cwd=data,
        env=environ,
        input="!rate Alien 5\n!recommend 3\n!map\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=SLOW_START,
    )
    assert run.returncode == 0, run.stderr
    assert "Alien" in run.stdout
    assert (data / "reeltwin.sqlite3").stat().st_size > 0


def test_the_image_runs_as_nobody_in_particular() -> None:
    (user,) = re.findall(r"^USER (\S+)$", CONTAINERFILE, re.MULTILINE)
    assert int(user) >= 10_000


@pytest.mark.slow
async def test_the_health_check_passes_while_commands_are_answered_and_fails_afterwards(
    chat: Driver, tmp_path: Path
) -> None:
    (written,) = re.findall(r"^HEALTHCHECK .*CMD (\[.+\])$", CONTAINERFILE, re.MULTILINE)
    _, *arguments = json.loads(written)
    environ = environment(
        tmp_path,
        DISCORD_TOKEN=chat.server.token,
        DISCORD_API_URL=chat.server.api_url,
        HEALTH_PORT=str(free_port()),
    )

    async def check() -> int:
        probe = await asyncio.create_subprocess_exec(
            *(sys.executable, *arguments),
            env=environ,
        )
        return await probe.wait()

    assert await check() == 1
    data = tmp_path / "data"
    process = await asyncio.create_subprocess_exec(
        *BOT,
        cwd=data,
        env=environ,
    )
    try:
        await chat.online(patience=SLOW_START)
        assert "Alien" in (await ask(chat, "!rate Alien 5")).text
        async with asyncio.timeout(SLOW_START):
            while await check() != 0:  # until Discord has told of all servers
                pass
    finally:
        process.terminate()
        await process.wait()
    assert await check() == 1
    # By itself it has backed up what was there at the start.
    assert len([*(data / "backups").glob("*.sqlite3")]) == 1
