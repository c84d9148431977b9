"""An edit is carried out once, by whom it is taken first, and only just after it was made."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from storage import open_store
from storage.edits import JUST_NOW, KEPT

MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def present():
    return datetime.now(UTC)


async def test_an_edit_is_taken_once_also_by_several_processes_and_after_a_restart(
    store, database, present
):
    async with open_store(database) as other:
        taken = await asyncio.gather(
            *(one.claim_edit("7", present) for one in (store, other, store))
        )
        assert sorted(taken) == [False, False, True]
    async with open_store(database) as later:
        assert not await later.claim_edit("7", present)
        assert await later.claim_edit("8", present)


async def test_a_later_edit_is_another_one_and_an_earlier_one_comes_too_late(store, present):
    assert await store.claim_edit("7", present)
    assert await store.claim_edit("7", present + MOMENT)
    assert not await store.claim_edit("7", present)


async def test_what_was_edited_long_ago_is_nobodys_whatever_was_taken_before(store, present):
    assert not await store.claim_edit("7", present - JUST_NOW - MOMENT)
    assert await store.claim_edit("7", present - JUST_NOW + timedelta(minutes=1))


async def test_edits_are_kept_for_as_long_as_they_could_come_again(store, sql, present):
    await store.claim_edit("7", present)
    sql(f"UPDATE edits SET edited_at = edited_at - {(KEPT - JUST_NOW) // MOMENT}")
    await store.claim_edit("8", present)
    assert sql("SELECT message_id FROM edits ORDER BY message_id") == [("7",), ("8",)]
    sql(f"UPDATE edits SET edited_at = edited_at - {2 * JUST_NOW // MOMENT}")
    await store.claim_edit("9", present)
    assert sql("SELECT message_id FROM edits ORDER BY message_id") == [("8",), ("9",)]


async def test_a_time_without_a_zone_is_refused(store, present):
    with pytest.raises(ValueError, match="no time zone"):
        await store.claim_edit("7", present.replace(tzinfo=None))
