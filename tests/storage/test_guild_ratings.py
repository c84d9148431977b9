"""Who is in a guild, who talked in a channel of it, and what they rated."""

from storage import Member

ALICE, BOB, CLEO = "discord:400", "console:bob", "discord:401"
MEMBERS = [Member(ALICE, "Alice"), Member(BOB, "Bob"), Member(CLEO, "Cleo")]


async def gather(store):
    """Three members of guild 7 with one, two and three ratings; Alice did not talk in 70."""
    for n, (member, channel) in enumerate(zip(MEMBERS, ["71", "70", "70"], strict=True), 1):
        await store.remember(member.user_id, member.name, "7", channel)
        await store.rate(member.user_id, dict.fromkeys(range(n), n / 2 + 1))


async def test_members_of_a_channel_are_those_who_talked_in_it(store):
    await gather(store)
    await store.remember(BOB, "Bob", "7", "70")
    await store.remember(BOB, "Bob", "7", "71")
    await store.remember(BOB, "Bob", "7")
    assert await store.members("7") == MEMBERS
    assert await store.members("7", "70") == MEMBERS[1:]
    assert await store.members("7", "71") == MEMBERS[:2]
    assert await store.members("8", "70") == await store.members("7", "72") == []


async def test_a_channel_outside_a_guild_is_not_noted(store, sql):
    await store.remember(ALICE, "Alice", None, "70")
    assert sql("SELECT * FROM channels") == []


async def test_whoever_leaves_a_guild_is_in_its_lists_no_longer_and_keeps_the_ratings(store):
    await gather(store)
    await store.remember(BOB, "Bob", "8", "80")
    await store.add_to_watchlist("7", BOB, 1)
    vote_id = await store.open_vote("7", "70", ALICE, [1])
    await store.vote(vote_id, BOB, 1)
    assert [BOB in await store.member_ids(guild) for guild in "78"] == [True, True]
    assert await store.leave("7", BOB)
    assert not await store.leave("7", BOB)
    assert [BOB in await store.member_ids(guild) for guild in "78"] == [False, True]
    assert await store.members("7") == [MEMBERS[0], MEMBERS[2]]
    assert await store.members("7", "70") == [MEMBERS[2]]
    assert await store.members("8", "80") == [MEMBERS[1]]
    assert BOB not in [member.user_id for member, _ in await store.raters("7", 1)]
    assert MEMBERS[1] not in await store.group_ratings("7")
    assert [entry.added_by for entry in await store.watchlist("7")] == [None]
    assert (await store.get_vote(vote_id)).movies[0].voters == ()
    assert len(await store.ratings(BOB)) == 2


async def test_whoever_comes_back_has_votes_and_entries_again_but_no_channel(store):
    await gather(store)
    await store.add_to_watchlist("7", BOB, 1)
    vote_id = await store.open_vote("7", "70", ALICE, [1])
    await store.vote(vote_id, BOB, 1)
    await store.leave("7", BOB)
    await store.remember(BOB, "Bob", "7")
    assert [entry.added_by for entry in await store.watchlist("7")] == [MEMBERS[1]]
    assert (await store.get_vote(vote_id)).movies[0].voters == (MEMBERS[1],)
    assert await store.members("7", "70") == [MEMBERS[2]]


async def test_group_ratings_are_of_members_with_so_many_by_name(store):
    await gather(store)
    await store.remember("discord:5", "Elsewhere", "8")
    await store.rate("discord:5", {1: 5})
    await store.remember("discord:6", "Silent", "7")
    assert await store.group_ratings("7", min_ratings=2) == {
        MEMBERS[1]: {0: 2.0, 1: 2.0},
        MEMBERS[2]: {0: 2.5, 1: 2.5, 2: 2.5},
    }
    assert list(await store.group_ratings("7")) == MEMBERS
    assert list(await store.group_ratings("7", channel_id="71")) == MEMBERS[:1]
    assert list(await store.group_ratings("7", 3, "70")) == MEMBERS[2:]
    assert await store.group_ratings("7", min_ratings=4) == await store.group_ratings("9") == {}


async def test_people_of_one_name_are_two_people(store):
    for user in (ALICE, BOB):
        await store.remember(user, "Robin", "7")
        await store.rate(user, {1: 4})
    assert await store.group_ratings("7") == {
        Member(BOB, "Robin"): {1: 4},
        Member(ALICE, "Robin"): {1: 4},
    }
