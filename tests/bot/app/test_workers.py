"""Pictures drawn in a process of their own: the same ones, and never nobody to draw them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.app import workers
from engine import TasteModel
from tests.bot.chat_helpers import bare_environment

# A fork of the process that runs the tests, threads and all, would be another thing than the bot's.
BEGIN = """
import asyncio, hashlib, os, signal, sys, threading
from pathlib import Path
from bot.app.workers import process_renderer
from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from engine import load_model
from storage import open_store

def digest(reply):
    return hashlib.sha256(reply.picture.png).hexdigest()

async def ask(context, *messages):
    bob = RequestContext("console:bob", "bob", "films")
    await dispatch(context, bob, "rate\\nAlien 2\\nUp 5\\nCoco 5\\nJaws 3.5\\nInception 4")
    ann = RequestContext("console:ann", "ann", "films")
    await dispatch(context, ann, "rate\\nAlien 5\\nAliens 4\\nCoco 2\\nJaws 4\\nUp 4.5")
    return [digest(await dispatch(context, ann, message)) for message in messages]

async def asked(model, renderer, name, *messages):
    async with open_store(Path(name)) as store:
        context = AppContext(model, store, renderer=renderer)
        try:
            return await ask(context, *messages)
        finally:
            context.close()

model = load_model()
forked = process_renderer(model)
"""
ALL = ("map", "map Alien (1979)", "map @bob", "taste", "fit", "compare @bob", "club", "bias")


def run(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    # Into files: a pipe would be read for as long as a process that was left behind holds it.
    command = [sys.executable, "-c", BEGIN + script]
    with (folder / "out").open("w+") as out, (folder / "err").open("w+") as err:
        ended = subprocess.run(
            command, cwd=folder, env=bare_environment(folder), stdout=out, stderr=err, check=False
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, ended.returncode, out.read(), err.read())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is sure to fork")
def test_the_other_process_draws_the_same_pictures(tmp_path: Path) -> None:
    ended = run(
        tmp_path,
        f"""
assert forked.submit(os.getpid).result() != os.getpid()
there = asyncio.run(asked(model, forked, "one.sqlite3", *{ALL}))
here = asyncio.run(asked(model, None, "two.sqlite3", *{ALL}))
print(there == here, len(set(there)))
""",
    )
    assert (ended.stdout.split(), ended.returncode) == (["True", str(len(ALL))], 0), ended.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is sure to fork")
def test_one_other_takes_the_place_of_one_that_was_killed(tmp_path: Path) -> None:
    ended = run(
        tmp_path,
        """
from concurrent.futures import ThreadPoolExecutor
first = forked.submit(os.getpid).result()
os.kill(first, signal.SIGKILL)
with ThreadPoolExecutor(8) as eight:
    second = set(eight.map(lambda _: forked.submit(os.getpid).result(), range(8)))
print(len(second), first in second, os.getpid() in second)
there = asyncio.run(asked(model, forked, "one.sqlite3", "bias", "map @bob"))
here = asyncio.run(asked(model, None, "two.sqlite3", "bias", "map @bob"))
print(there == here)
""",
    )
    assert (ended.stdout.split(), ended.returncode) == (
        ["1", "False", "False", "True"],
        0,
    ), ended.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is sure to fork")
def test_one_that_hangs_is_killed_and_replaced_and_who_waits_is_told(tmp_path: Path) -> None:
    ended = run(
        tmp_path,
        """
forked.shutdown()
forked = process_renderer(model, time_limit=5)
first = forked.submit(os.getpid).result()
os.kill(first, signal.SIGSTOP)
try:
    forked.submit(bytes, 10_000_000).result()
except Exception as error:
    print(error)
print(os.path.exists(f"/proc/{first}"), forked.submit(os.getpid).result() != first)
os.kill(forked.submit(os.getpid).result(), signal.SIGSTOP)
waiting = forked.submit(os.getpid)
forked.shutdown()
print(waiting.done())
""",
    )
    told = "That picture took too long, so I gave it up. Please ask me again in a minute."
    assert (ended.stdout.splitlines(), ended.returncode) == (
        [told, "False True", "True"],
        0,
    ), ended.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's death")
@pytest.mark.parametrize("state", ["idle", "busy", "stopped", "replaced, busy"])
def test_it_does_not_outlive_a_bot_that_is_killed(tmp_path: Path, state: str) -> None:
    ended = run(
        tmp_path,
        f"""
import time
state = {state!r}
if "replaced" in state:
    os.kill(forked.submit(os.getpid).result(), signal.SIGKILL)
print(forked.submit(os.getpid).result(), flush=True)
if "busy" in state:
    forked.submit(time.sleep, 600)
    time.sleep(0.2)
if state == "stopped":
    os.kill(forked.submit(os.getpid).result(), signal.SIGSTOP)
os.kill(os.getpid(), signal.SIGKILL)
""",
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert gone(int(ended.stdout))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is sure to fork")
def test_where_the_system_tells_of_no_death_it_goes_when_the_pipe_ends(tmp_path: Path) -> None:
    ended = run(
        tmp_path,
        """
forked.shutdown()
sys.platform = "freebsd"  # no word of a parent's death, as on macOS
forked = process_renderer(model)
print(forked.submit(os.getpid).result(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
""",
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert gone(int(ended.stdout))


def gone(pid: int) -> bool:
    """Whether a process ends in a few seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    return False


def test_where_the_system_cannot_fork_a_thread_draws(
    model: TasteModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "get_all_start_methods", lambda: ["spawn"])
    drawing = workers.process_renderer(model)
    assert type(drawing) is type(workers.thread_renderer())
    drawing.shutdown()
