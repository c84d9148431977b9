"""Pictures drawn in a process of their own: the same ones, and never nobody to draw them."""

import subprocess
import sys
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
    return subprocess.run(
        [sys.executable, "-c", BEGIN + script],
        cwd=folder,
        env=bare_environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )


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
def test_where_the_other_process_died_pictures_are_drawn_here(tmp_path: Path) -> None:
    ended = run(
        tmp_path,
        """
os.kill(forked.submit(os.getpid).result(), signal.SIGKILL)
print(len(asyncio.run(asked(model, forked, "one.sqlite3", "bias", "taste"))))
""",
    )
    assert (ended.stdout.strip(), ended.returncode) == ("2", 0), ended.stderr
    assert "the process that draws is gone" in ended.stderr


def test_where_the_system_cannot_fork_a_thread_draws(
    model: TasteModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "get_all_start_methods", lambda: ["spawn"])
    drawing = workers.process_renderer(model)
    assert type(drawing) is type(workers.thread_renderer())
    drawing.shutdown()
