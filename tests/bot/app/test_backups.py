"""The bot backs up its database by itself, and goes on where it cannot."""

import asyncio
from datetime import UTC, datetime
from itertools import pairwise

from bot.app import backups as backing
from bot.app.backups import backing_up, remove_left
from storage import open_store
from storage.backups import back_up, backups, made_at

PATIENCE = 30.0  # seconds
HOUR = 3600
INTERVAL = 0.2  # seconds


async def test_each_backup_follows_when_the_one_before_is_old_enough_and_few_are_kept(tmp_path):
    path, folder = tmp_path / "reeltwin.sqlite3", tmp_path / "backups"
    told: asyncio.Queue[datetime] = asyncio.Queue()
    async with open_store(path), asyncio.timeout(PATIENCE):
        async with backing_up(path, folder, INTERVAL / HOUR, 2, told.put_nowait):
            times = [await told.get() for _ in range(4)]
        kept = backups(folder)
    assert all(
        (later - earlier).total_seconds() > 0.95 * INTERVAL for earlier, later in pairwise(times)
    )
    assert len(kept) in (2, 3)  # the oldest goes once the newest is there
    assert made_at(kept[-1]) > times[0]


async def test_a_restart_makes_no_backup_while_the_newest_is_young(tmp_path):
    path, folder = tmp_path / "reeltwin.sqlite3", tmp_path / "backups"
    told: asyncio.Queue[datetime] = asyncio.Queue()
    async with open_store(path), asyncio.timeout(PATIENCE):
        made = await asyncio.to_thread(back_up, path, folder)
        for _ in range(3):
            async with backing_up(path, folder, 24, 2, told.put_nowait):
                assert await told.get() == made_at(made)
                await asyncio.sleep(0.05)
    assert backups(folder) == [made]


async def test_one_that_fails_is_told_in_the_log_and_tried_again(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(backing, "RETRY_AFTER", 0.05)
    path, folder = tmp_path / "reeltwin.sqlite3", tmp_path / "backups"
    folder.write_text("no folder")
    told: asyncio.Queue[datetime] = asyncio.Queue()
    async with (
        open_store(path),
        asyncio.timeout(PATIENCE),
        backing_up(path, folder, 24, 2, told.put_nowait),
    ):
        while not caplog.records:  # noqa: ASYNC110 - a log cannot be waited for
            await asyncio.sleep(0.01)
        folder.unlink()
        assert await told.get() <= datetime.now(UTC)
    assert caplog.records[0].message == "no backup was made"
    assert f"{folder}" in caplog.text
    assert len(backups(folder)) == 1


async def test_what_killed_ones_left_goes_at_the_start_also_beside_the_database(tmp_path):
    path, folder = tmp_path / "reeltwin.sqlite3", tmp_path / "backups"
    folder.mkdir()
    stamp = "20260102T030405.678901Z"
    left = [
        folder / f"reeltwin-{stamp}.sqlite3.part",
        folder / f"reeltwin-{stamp}.sqlite3.part-journal",
        tmp_path / f"{path.name}.before-{stamp}.part",
    ]
    whole = [folder / f"reeltwin-{stamp}.sqlite3", tmp_path / f"{path.name}.before-{stamp}", path]
    for file in [*left, *whole]:
        file.write_text("")
    await remove_left(path, folder)
    assert [file for file in left if file.exists()] == []
    assert all(file.exists() for file in whole)
    await remove_left("postgresql://localhost/reeltwin", tmp_path / "no such folder")
