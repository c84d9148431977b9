"""What can be typed about a vote: a film of its list, and its end."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from bot.replies import Reply, Severity
from tests.bot.chat_helpers import Say, column, leads, options

GUILD, HERE, THERE = "films", "70", "71"
PULP, HEAT, ENCOUNTERS, KING, TOWERS = 296, 6, 3471, 7153, 5952
ANGRY, RUNNER, ALIENS, BOND = 1203, 176371, 1200, 2989
LIST = (PULP, HEAT, ENCOUNTERS, KING, TOWERS, ANGRY, RUNNER, ALIENS, BOND)


class Group:
    """Members who type in channels of one group."""

    def __init__(self, context: AppContext) -> None:
        self.context = context

    async def say(
        self, message: str, name: str = "alice", channel: str = HERE, *, moderates: bool = False
    ) -> Reply:
        request = RequestContext(f"console:{name}", name, GUILD, channel, moderates=moderates)
        return await dispatch(self.context, request, message)

    async def begin(self, *movie_ids: int, name: str = "alice", channel: str = HERE) -> int:
        """Start a vote, and return its number."""
        films = ",".join(map(str, movie_ids or LIST))
        reply = await self.say(f"vote start 60 {films}", name, channel)
        assert reply.vote_id is not None
        return reply.vote_id

    async def is_open(self, vote_id: int) -> bool:
        vote = await self.context.store.get_vote(vote_id)
        assert vote is not None
        return vote.open


@pytest.fixture
def group(context: AppContext) -> Group:
    return Group(context)


def voters(reply: Reply) -> dict[str, str]:
    """Who votes for which films."""
    (table,) = reply.tables
    who = dict(zip(leads(table), column(table, "Who"), strict=True))
    return {film: names for film, names in who.items() if names}


async def refused(group: Group, *said: str, **more: bool) -> str:
    reply = await group.say(*said, **more)
    assert reply.severity is Severity.PROBLEM
    return reply.text


# a film


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Pulp Fiction", "Pulp Fiction (1994)"),
        ("for pulp fiction (1994)", "Pulp Fiction (1994)"),
        ("For Your Eyes Only", "For Your Eyes Only (1981)"),
        ("heat", "Heat (1995)"),
        ("Close Encounters of the Third Kind", "Close Encounters of the Third Kind (1977)"),
        ("close encounters", "Close Encounters of the Third Kind (1977)"),
        ("12 Angry Men", "12 Angry Men (1957)"),
        ("Blade Runner 2049", "Blade Runner 2049 (2017)"),
        ("return of the king", "The Lord of the Rings: The Return of the King (2003)"),
        (f"id:{PULP}", "Pulp Fiction (1994)"),
    ],
)
async def test_a_film_of_the_list_gets_a_vote_and_keeps_it(
    group: Group, typed: str, title: str
) -> None:
    vote = await group.begin()
    reply = await group.say(f"vote {typed}", "bob")
    assert reply.text.startswith(f"Your vote for {title} counts.")
    assert voters(reply) == {title: "bob"}
    assert reply.vote_id == vote
    again = await group.say(f"vote {typed}", "bob")
    assert again.text.startswith(f"{title} has your vote already")
    assert voters(again) == {title: "bob"}
    assert voters(await group.say(f"vote {typed}", "carol")) == {title: "bob and carol"}


async def test_the_button_takes_back_what_was_typed(group: Group) -> None:
    await group.begin()
    reply = await group.say("vote heat")
    assert voters(await group.say(reply.tables[0].actions[1].message)) == {}


async def test_a_film_that_is_not_on_the_list_is_told_with_those_that_are(group: Group) -> None:
    await group.begin(PULP, HEAT, ALIENS)
    told = await refused(group, "vote Alien")
    assert told == (
        "Alien (1979) is not on the list. The list: Pulp Fiction (1994), Heat (1995) and Aliens "
        "(1986). For example: !vote Pulp Fiction (1994)"
    )
    assert "“king kong” is not on the list. The list: " in await refused(group, "vote king kong")
    assert voters(await group.say("vote")) == {}


@pytest.mark.parametrize("typed", ["qwertzuiop", "close it now please", "7 xyzzy", "!!!"])
async def test_nonsense_gets_a_sentence_with_an_example(group: Group, typed: str) -> None:
    await group.begin(PULP, HEAT)
    told = await refused(group, f"vote {typed}")
    assert told.endswith(
        "The list: Pulp Fiction (1994) and Heat (1995). For example: !vote Pulp Fiction (1994)"
    )


async def test_of_several_films_of_the_list_it_asks_which_is_meant(group: Group) -> None:
    await group.begin()
    unsure = await group.say("vote lord of the rings", "bob")
    assert unsure.severity is Severity.QUESTION
    assert [option.label for option in options(unsure)] == [
        "The Lord of the Rings: The Return of the King (2003)",
        "The Lord of the Rings: The Two Towers (2002)",
    ]
    chosen = await group.say(options(unsure)[1].message, "bob")
    assert voters(chosen) == {"The Lord of the Rings: The Two Towers (2002)": "bob"}


async def test_of_several_films_the_only_one_of_the_list_is_meant(group: Group) -> None:
    await group.begin(PULP, KING)
    reply = await group.say("vote lord of the rings")
    assert voters(reply) == {"The Lord of the Rings: The Return of the King (2003)": "alice"}


async def test_a_mere_guess_is_asked_about(group: Group) -> None:
    await group.begin()
    unsure = await group.say("vote close it")
    assert unsure.severity is Severity.QUESTION
    assert [option.message for option in options(unsure)] == [f"vote id:{ENCOUNTERS}"]
    assert voters(await group.say("vote")) == {}


async def test_a_film_of_several_votes_is_asked_about_and_taken_back_by_neither(
    group: Group,
) -> None:
    first, second = await group.begin(PULP, HEAT), await group.begin(PULP, RUNNER)
    assert (await group.say("vote heat", "bob")).vote_id == first
    unsure = await group.say("vote pulp fiction", "bob")
    assert unsure.severity is Severity.QUESTION
    assert [option.label for option in options(unsure)] == [
        "Pulp Fiction (1994) and Heat (1995)",
        "Pulp Fiction (1994) and Blade Runner 2049 (2017)",
    ]
    for said in ("counts", "already"):
        reply = await group.say(options(unsure)[1].message, "bob")
        assert reply.vote_id == second
        assert said in reply.text
        assert voters(reply) == {"Pulp Fiction (1994)": "bob"}
    assert "not on the list of this vote" in await refused(group, f"vote for {second} id:{HEAT}")


async def test_the_vote_of_the_channel_is_meant_else_that_of_the_group(group: Group) -> None:
    there = await group.begin(PULP, HEAT, channel=THERE)
    assert (await group.say("vote heat", "bob")).vote_id == there
    here = await group.begin(PULP, HEAT)
    assert (await group.say("vote heat", "bob")).vote_id == here
    assert (await group.say("vote heat", "bob", THERE)).vote_id == there


async def test_too_late_a_vote_is_told_and_does_not_count(
    group: Group, context: AppContext
) -> None:
    over = datetime.now(UTC) - timedelta(seconds=1)
    vote = await context.store.open_vote(GUILD, HERE, "console:alice", [HEAT], over)
    reply = await group.say(f"vote for {vote} id:{HEAT}")
    assert (reply.title, reply.text) == ("The vote is over", "That was too late. Nobody voted.")
    assert "No vote is open here." in await refused(group, "vote heat")


# the end


@pytest.mark.parametrize("typed", ["close", "CLOSE", " close "])
async def test_whoever_started_it_closes_it(group: Group, typed: str) -> None:
    vote = await group.begin()
    await group.say("vote heat", "bob")
    ended = await group.say(f"vote {typed}")
    assert (ended.title, ended.vote_id) == ("The vote is over: Heat (1995)", vote)
    assert not await group.is_open(vote)


@pytest.mark.parametrize("typed", ["close", "close 1"])
async def test_others_close_it_only_where_they_may_manage_messages(
    group: Group, typed: str
) -> None:
    vote = await group.begin()
    told = await refused(group, f"vote {typed}", "bob")
    assert told.startswith("Only whoever started the vote can close it before its time")
    assert told == await refused(group, f"vote {typed}", "bob", THERE, moderates=True)
    assert await group.is_open(vote)
    ended = await group.say(f"vote {typed}", "bob", moderates=True)
    assert ended.title == "The vote is over"
    assert not await group.is_open(vote)


async def test_a_vote_whose_starter_was_forgotten_is_anybodys_to_close(group: Group) -> None:
    vote = await group.begin()
    await group.say("forget yes, everything")
    assert (await group.say("vote close", "bob")).title == "The vote is over"
    assert not await group.is_open(vote)


async def test_of_several_that_one_may_close_it_asks_which(group: Group) -> None:
    votes = [await group.begin(PULP, HEAT), await group.begin(RUNNER, ANGRY)]
    bobs = await group.begin(KING, TOWERS, name="bob")
    unsure = await group.say("vote close")
    assert unsure.severity is Severity.QUESTION
    assert [option.label for option in options(unsure)] == [
        "Pulp Fiction (1994) and Heat (1995)",
        "Blade Runner 2049 (2017) and 12 Angry Men (1957)",
    ]
    assert [await group.is_open(vote) for vote in votes] == [True, True]
    assert (await group.say(options(unsure)[0].message)).vote_id == votes[0]
    assert (await group.say("vote close", "bob")).vote_id == bobs
    assert [await group.is_open(vote) for vote in (*votes, bobs)] == [False, True, False]


@pytest.mark.parametrize("typed", ["close", "Pulp Fiction", "nonsense"])
async def test_without_an_open_vote_that_is_said(group: Group, typed: str) -> None:
    plainly = "No vote is open here. A new one begins with a shortlist: !movienight"
    assert await refused(group, f"vote {typed}") == plainly
    await group.begin()
    await group.say("vote close")
    assert await refused(group, f"vote {typed}") == plainly


async def test_alone_there_is_nothing_to_vote_on(say: Say) -> None:
    for typed in ("vote close", "vote heat"):
        assert "start one in a server" in (await say(typed)).text
