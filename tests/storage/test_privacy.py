"""What is kept of a person is theirs: told, hidden, and gone without a trace when they say so."""

from datetime import UTC, datetime

from storage import Member, Quiz, open_store
from storage.privacy import DATA_KINDS

from .schemas import read_schema

ALICE, BOB = "discord:4001234567890", "console:bob"


async def leave_traces(store, user, name):
    """Have something of a person in every table that can hold it."""
    await store.remember(user, name, "7", "70")
    await store.rate(user, {1: 4}, "message 7")
    await store.import_ratings(user, {5: (3, None)}, "ratings.csv", seen=[6])
    await store.skip(user, 2)
    await store.mark_unseen(user, 3)
    await store.save_quiz(user, Quiz(1, 4))
    await store.set_private(user, True)
    vote_id = await store.open_vote("7", "70", user, [1, 2])
    await store.vote(vote_id, user, 1)
    await store.add_vote_message(vote_id, "70", str(vote_id))
    await store.add_to_watchlist("7", user, len(name))
    await store.mark_watched("7", 100 + len(name), user)
    await store.claim_edit(str(len(name)), datetime.now(UTC))


def columns_of_people(schema):
    """Return the columns, as (table, column), that refer to a member or to something that does."""
    people = {("members", "user_id")}
    for _ in schema.references:
        people |= {
            (table, column)
            for table, column, parent, key in schema.references
            if (parent, key) in people
        }
    return people


async def test_forgetting_somebody_leaves_nothing_of_them_in_any_table(store, sql):
    await leave_traces(store, ALICE, "Alice")
    await leave_traces(store, BOB, "Bob")
    columns = columns_of_people(read_schema(sql))
    for table, column in columns:
        people = {who for (who,) in sql(f"SELECT {column} FROM {table}")}
        assert people == {ALICE, BOB}, f"{table}.{column} is not covered by this test"
    await store.forget(ALICE)
    for table, column in columns:
        people = {who for (who,) in sql(f"SELECT {column} FROM {table}")}
        assert people - {None} == {BOB}, f"{table}.{column}"
    assert sum((await store.data_summary(ALICE)).values()) == 0
    assert await store.undo(ALICE) == []


def test_every_column_that_could_name_a_person_refers_to_them_and_is_counted(store, sql):
    schema = read_schema(sql)
    named = {
        (table, column)
        for table, column, *_ in schema.columns
        if column == "user_id" or column.endswith("_by")
    }
    people = columns_of_people(schema)
    assert named <= people
    assert set(DATA_KINDS.values()) == people


async def test_forgetting_says_how_much_it_deleted_and_is_done_once(store):
    await leave_traces(store, ALICE, "Alice")
    kept = await store.data_summary(ALICE)
    assert min(kept.values()) >= 1
    gone = await store.forget(ALICE)
    assert gone.ratings == kept["ratings"] == 2
    assert gone.everything == kept
    again = await store.forget(ALICE)
    assert again.ratings == sum(again.everything.values()) == 0
    assert set((await store.data_summary("discord:unknown")).values()) == {0}


async def test_what_somebody_gave_to_the_group_stays_without_their_name(store):
    await store.remember(ALICE, "Alice", "7")
    vote_id = await store.open_vote("7", "70", ALICE, [1, 2])
    for user in (ALICE, BOB):
        await store.vote(vote_id, user, 1)
    await store.add_vote_message(vote_id, "70", str(vote_id))
    await store.add_to_watchlist("7", ALICE, 1)
    await store.mark_watched("7", 2, ALICE)
    await store.forget(ALICE)
    vote = await store.get_vote(vote_id)
    assert vote.open
    assert vote.starter is None
    assert [film.voters for film in vote.movies] == [(Member(BOB, BOB),), ()]
    assert [(entry.movie_id, entry.added_by) for entry in await store.watchlist("7")] == [(1, None)]
    assert [(film.movie_id, film.marked_by) for film in await store.watched("7")] == [(2, None)]


async def test_whoever_is_forgotten_may_begin_anew(store):
    await leave_traces(store, ALICE, "Alice")
    await store.forget(ALICE)
    await store.remember(ALICE, "Alice", "7")
    assert not await store.is_private(ALICE)
    assert await store.rate(ALICE, {1: 5}) == {1: None}


async def test_privacy_is_kept_over_a_restart_until_it_is_ended(database):
    async with open_store(database) as store:
        for private in (True, True):
            await store.set_private(ALICE, private)
        await store.set_private(BOB, False)
    async with open_store(database) as store:
        assert await store.is_private(ALICE)
        assert not await store.is_private(BOB)
        await store.set_private(ALICE, False)
        assert not await store.is_private(ALICE)


async def test_others_do_not_see_private_members_but_these_see_themselves(store):
    for user, name in ((ALICE, "Alice"), (BOB, "Bob")):
        await store.remember(user, name, "7", "70")
        await store.rate(user, {1: 4})
    await store.set_private(ALICE, True)

    async def visible(viewer):
        return [
            [member.name for member in await store.members("7", viewer=viewer)],
            [member.name for member in await store.members("7", "70", viewer=viewer)],
            [member.name for member, _ in await store.raters("7", 1, viewer=viewer)],
            [member.name for member in await store.group_ratings("7", viewer=viewer)],
        ]

    assert await visible(None) == await visible(BOB) == [["Bob"]] * 4
    assert await visible(ALICE) == [["Alice", "Bob"]] * 4
    assert await store.member_ids("7") == {ALICE, BOB}
    await store.set_private(ALICE, False)
    assert await visible(BOB) == [["Alice", "Bob"]] * 4
