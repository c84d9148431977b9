"""Everybody approves of as many films as they like until the vote closes, also at once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import Ballot, Member, MovieVotes, open_store

from .conftest import REFUSED

ALICE, BOB = "discord:400", "console:bob"
FILMS = [318, 1214, 2]


def tally(vote):
    return {film.movie_id: [member.user_id for member in film.voters] for film in vote.movies}


@pytest.fixture
async def vote_id(store):
    await store.remember(ALICE, "Alice", "7")
    await store.remember(BOB, "Bob", "7")
    return await store.open_vote("7", "70", ALICE, FILMS)


async def test_a_new_vote_has_its_films_in_order_and_nobody_approves_yet(store):
    closes_at = datetime.now(UTC).replace(microsecond=7000) + timedelta(hours=1)
    first = await store.open_vote("7", "70", ALICE, FILMS, closes_at)
    assert await store.open_vote("7", "70", BOB, FILMS[::-1]) != first
    vote = await store.get_vote(first)
    assert vote.open
    assert (vote.guild_id, vote.channel_id, vote.starter) == ("7", "70", ALICE)
    assert (vote.closes_at, vote.closed_at) == (closes_at, None)
    assert abs(vote.opened_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert vote.movies == tuple(MovieVotes(movie_id, ()) for movie_id in FILMS)


async def test_a_person_approves_of_several_films_and_changes_their_mind(store, vote_id):
    assert await store.vote(vote_id, BOB, 318) is Ballot.GIVEN
    assert await store.vote(vote_id, ALICE, 318) is Ballot.GIVEN
    assert await store.vote(vote_id, ALICE, 2) is Ballot.GIVEN
    assert tally(await store.get_vote(vote_id)) == {318: [ALICE, BOB], 1214: [], 2: [ALICE]}
    assert await store.vote(vote_id, ALICE, 318) is Ballot.TAKEN_BACK
    assert tally(await store.get_vote(vote_id)) == {318: [BOB], 1214: [], 2: [ALICE]}


async def test_whoever_votes_is_in_the_guild(store, vote_id):
    await store.vote(vote_id, "discord:9", 2)
    assert (await store.get_vote(vote_id)).movies[2].voters == (Member("discord:9", "discord:9"),)
    assert "discord:9" in await store.member_ids("7")


async def test_votes_of_other_films_or_in_other_votes_are_unknown(store, vote_id, sql):
    assert await store.vote(vote_id, BOB, 999) is Ballot.UNKNOWN
    assert await store.vote(vote_id + 1, BOB, 318) is Ballot.UNKNOWN
    assert sql("SELECT * FROM approvals") == []
    assert await store.get_vote(vote_id + 1) is None
    with pytest.raises(LookupError, match="no vote"):
        await store.close_vote(vote_id + 1)


async def test_a_closed_vote_stays_as_it_ended(store, vote_id):
    await store.vote(vote_id, BOB, 318)
    ended = await store.close_vote(vote_id)
    assert not ended.open
    assert tally(ended)[318] == [BOB]
    assert await store.vote(vote_id, BOB, 318) is Ballot.CLOSED
    assert await store.vote(vote_id, ALICE, 2) is Ballot.CLOSED
    assert await store.close_vote(vote_id) == await store.get_vote(vote_id) == ended


async def test_no_vote_counts_once_the_time_is_over_even_if_nobody_closed_it(store):
    over = datetime.now(UTC) - timedelta(seconds=1)
    vote_id = await store.open_vote("7", "70", ALICE, FILMS, over)
    assert await store.vote(vote_id, ALICE, 2) is Ballot.CLOSED
    assert [vote.vote_id for vote in await store.open_votes()] == [vote_id]
    assert tally(await store.close_vote(vote_id))[2] == []


async def test_votes_under_way_go_on_after_a_restart(database):
    async with open_store(database) as store:
        ids = [await store.open_vote(guild, "70", ALICE, FILMS) for guild in ("7", "8", "7")]
        await store.vote(ids[1], BOB, 2)
        await store.close_vote(ids[0])
        before = [await store.get_vote(vote_id) for vote_id in ids[1:]]
    async with open_store(database) as store:
        assert await store.open_votes() == before
        assert await store.open_votes("8") == before[:1]
        assert await store.open_votes("9") == []
        assert await store.vote(ids[1], BOB, 2) is Ballot.TAKEN_BACK


async def test_the_latest_vote_is_that_of_the_guild_open_or_closed(store):
    ids = [await store.open_vote(guild, "70", ALICE, FILMS) for guild in ("7", "7", "8")]
    await store.close_vote(ids[1])
    assert (await store.latest_vote("7")).vote_id == ids[1]
    assert (await store.latest_vote("8")).vote_id == ids[2]
    assert await store.latest_vote("9") is None


@pytest.mark.parametrize("films", [[], [1, 2, 1]])
async def test_a_vote_needs_films_each_of_them_once(store, sql, films):
    with pytest.raises(ValueError, match="needs films"):
        await store.open_vote("7", "70", ALICE, films)
    with pytest.raises(ValueError, match="no time zone"):
        await store.open_vote("7", "70", ALICE, [1], datetime(2030, 1, 1))
    assert sql("SELECT * FROM votes") == []


async def test_a_hundred_people_vote_at_once_and_each_vote_counts(store, vote_id):
    people = [f"discord:{n}" for n in range(1000, 1100)]
    ballots = await asyncio.gather(
        *(store.vote(vote_id, user, film) for film in FILMS for user in people),
        *(store.vote(vote_id, user, 2) for user in people[:40]),
    )
    assert ballots == [Ballot.GIVEN] * 300 + [Ballot.TAKEN_BACK] * 40
    counts = {film: len(users) for film, users in tally(await store.get_vote(vote_id)).items()}
    assert counts == {318: 100, 1214: 100, 2: 60}


async def test_votes_at_the_time_of_closing_count_or_say_that_it_is_closed(store, vote_id):
    people = [f"discord:{n}" for n in range(1000, 1100)]
    early = [asyncio.create_task(store.vote(vote_id, user, 2)) for user in people[:50]]
    await asyncio.sleep(0)
    closing = [asyncio.create_task(store.close_vote(vote_id)) for _ in range(3)]
    await asyncio.sleep(0)
    late = [asyncio.create_task(store.vote(vote_id, user, 2)) for user in people[50:]]
    ballots = await asyncio.gather(*early, *late)
    counted = [user for user, ballot in zip(people, ballots, strict=True) if ballot is Ballot.GIVEN]
    ends = await asyncio.gather(*closing)
    assert ends == [await store.get_vote(vote_id)] * 3
    assert sorted(tally(ends[0])[2]) == sorted(counted)
    assert set(ballots) == {Ballot.GIVEN, Ballot.CLOSED}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presses=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(FILMS)), max_size=25))
async def test_an_odd_number_of_presses_approves_and_an_even_one_does_not(store, presses):
    vote_id = await store.open_vote("7", "70", ALICE, FILMS)
    for user, film in presses:
        await store.vote(vote_id, user, film)
    assert tally(await store.get_vote(vote_id)) == {
        film: [user for user in "abc" if presses.count((user, film)) % 2] for film in FILMS
    }


async def test_the_schema_itself_refuses_approvals_of_films_not_voted_on(store, vote_id, sql):
    sql("INSERT INTO approvals (vote_id, movie_id, user_id) VALUES ($1, 318, $2)", vote_id, ALICE)
    for film, user, refused in (
        (999, ALICE, "(?i)foreign"),
        (2, "x", "(?i)foreign"),
        (318, ALICE, "(?i)uniq"),
    ):
        with pytest.raises(REFUSED, match=refused):
            sql(
                "INSERT INTO approvals (vote_id, movie_id, user_id) VALUES ($1, $2, $3)",
                vote_id,
                film,
                user,
            )
