"""Whatever happens to the database, the bot says so, stays up, and goes on once it is well."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import APOLOGY, dispatch
from bot.replies import Reply, Severity
from engine import TasteModel
from storage.backups import back_up, restore
from storage.session import Session
from tests.bot.chat_helpers import rated, serving
from tests.postgresql import PostgresServer
from tests.storage.test_backups import damage

BOTH = {"Alien (1979)": 5, "Aliens (1986)": 4}


async def ask(context: AppContext, message: str) -> Reply:
    return await dispatch(context, RequestContext("console:alice", "alice"), message)


async def refused(context: AppContext, message: str) -> str:
    """What the bot says of its trouble: a sentence, and no more of its inside than that."""
    reply = await ask(context, message)
    assert reply.severity is Severity.PROBLEM
    assert reply.text.startswith(f"{APOLOGY} (The database ")
    assert "\n" not in reply.text
    return reply.text


@contextmanager
def another_program(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


async def test_while_another_program_holds_the_file(model: TasteModel, tmp_path: Path) -> None:
    path = tmp_path / "reeltwin.sqlite3"
    async with serving(model, path, busy_timeout=0) as context, asyncio.timeout(20):
        await ask(context, "rate Alien 5")
        with another_program(path) as other:
            other.execute("BEGIN IMMEDIATE")
            assert "in use by another program" in await refused(context, "rate Aliens 4")
            assert (await ask(context, "similar Alien")).severity is Severity.NORMAL
        assert (await ask(context, "rate Aliens 4")).severity is not Severity.PROBLEM
        assert await rated(context) == BOTH


async def test_who_only_asks_is_answered_while_others_wait_to_write(
    model: TasteModel, tmp_path: Path
) -> None:
    path = tmp_path / "reeltwin.sqlite3"
    async with serving(model, path, busy_timeout=60) as context, asyncio.timeout(50):
        await ask(context, "rate Alien 5")
        with another_program(path) as other:
            other.execute("BEGIN EXCLUSIVE")
            rating = asyncio.create_task(ask(context, "rate Aliens 4"))
            await asyncio.sleep(0.1)
            questions = ["predict Heat", "ratings", "recommend", "taste"]
            answers = await asyncio.gather(*(ask(context, question) for question in questions))
            assert [answer.severity for answer in answers] == [Severity.NORMAL] * len(questions)
            assert not rating.done()
            other.execute("ROLLBACK")
        assert (await rating).severity is not Severity.PROBLEM
        assert await rated(context) == BOTH


async def test_all_who_wait_for_the_file_are_told_together(
    model: TasteModel, tmp_path: Path
) -> None:
    path = tmp_path / "reeltwin.sqlite3"
    async with serving(model, path, busy_timeout=0.5) as context:

        async def greeted(*names: str) -> float:
            """Let new people come, whose names have to be written; return how long it took."""
            started = time.monotonic()
            asked = (
                dispatch(context, RequestContext(f"console:{name}", name, "films"), "predict Heat")
                for name in names
            )
            for reply in await asyncio.gather(*asked):
                assert "is in use by another program; try again in a moment" in reply.text
            return time.monotonic() - started

        with another_program(path) as other:
            other.execute("BEGIN IMMEDIATE")
            alone = await greeted("alice")
            assert await greeted(*map(str, range(10))) < 3 * alone


async def test_while_the_disk_is_full(model: TasteModel, tmp_path: Path) -> None:
    path = tmp_path / "reeltwin.sqlite3"
    async with serving(model, path, busy_timeout=0) as context:
        await ask(context, "rate Alien 5")

        async def pragma(setting: str) -> int:
            writer = context.store._engine._writer  # type: ignore[attr-defined]
            ((value,),) = await writer.run(
                Session(1), lambda c: c.execute(f"PRAGMA {setting}").fetchall()
            )
            return int(value)

        most = await pragma("max_page_count")
        await pragma(f"max_page_count = {await pragma('page_count')}")
        text = ""
        for movie_id in context.model.movie_ids.tolist():
            text = (await ask(context, f"rate id:{movie_id} 3")).text
            if text.startswith(APOLOGY):
                break
        assert "disk is full" in text
        before = await rated(context)
        assert before["Alien (1979)"] == 5
        await pragma(f"max_page_count = {most}")
        await ask(context, "rate Aliens 4")
        assert await rated(context) == before | {"Aliens (1986)": 4}


async def test_after_the_file_was_damaged_and_restored(model: TasteModel, tmp_path: Path) -> None:
    path = tmp_path / "reeltwin.sqlite3"
    async with serving(model, path, busy_timeout=0) as context:
        await ask(context, "rate Alien 5")
    backup = back_up(path, tmp_path / "backups")
    damage(path)
    async with serving(model, path, busy_timeout=0) as context:
        assert "is damaged; restore it from a backup" in await refused(context, "rate Aliens 4")
        assert (await ask(context, "help")).severity is Severity.NORMAL
    restore(backup, path)
    async with serving(model, path, busy_timeout=0) as context:
        await ask(context, "rate Aliens 4")
        assert await rated(context) == BOTH


async def test_while_the_server_is_away(model: TasteModel, postgresql: PostgresServer) -> None:
    async with serving(model, postgresql.database(), busy_timeout=0) as context:
        await ask(context, "rate Alien 5")
        postgresql.kill()
        try:
            text = await refused(context, "rate Aliens 4")
            assert "postgresql://127.0.0.1" in text
            await refused(context, "help")
        finally:
            postgresql.start()
        await ask(context, "rate Aliens 4")
        assert await rated(context) == BOTH
