"""A vote on a shortlist: anyone's buttons, tallies, its end by hand and by the clock."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from bot.services import vote as vote_service
from tests.bot.discord.discord_helpers import (
    TASTE,
    ask,
    assert_silent,
    by_slash,
    choose,
    films_of,
    labels,
    make_bot,
    offers,
    plain,
    press,
    rate,
    switched_off,
    until,
)
from tests.discord_server import (
    ANN,
    BOB,
    CARL,
    FILM_CLUB,
    FILMS,
    OTHER_GUILD_FILMS,
    TALK,
    Driver,
    Message,
    User,
    connected,
)

Soon = Callable[..., None]
OPEN = "What shall we watch?"
CLOSE, WATCHED, KEEP = "Close the vote", "We watched it", "Put it on the watchlist"
NOT_YOURS = "whoever started the vote"


async def shortlist(chat: Driver) -> Message:
    await rate(chat, TASTE, ANN, BOB)
    return await ask(chat, "!movienight <@401>")


async def start(chat: Driver) -> Message:
    """A vote that Ann started on five films for her and Bob."""
    night = await shortlist(chat)
    return await choose(chat, night, offers(night)[0])


async def approve(chat: Driver, vote: Message, n: int, user: User) -> Message:
    """Press the button of the n-th film, from 0, and see how the vote stands then."""
    await chat.click(vote, vote.buttons[n]["custom_id"], user=user)
    return await chat.reply()


def tally(vote: Message) -> list[tuple[str, str]]:
    """For each film how many votes it has, and whose."""
    lines = plain(vote).split("\n")
    at = [n for n, line in enumerate(lines) if line.startswith("`")]
    rows = [(lines[n].rsplit(" · ", 1)[1], [*lines, ""][n + 1]) for n in at]
    voters = re.compile(r"-# (?!Closes )(.+)")
    return [(votes, who[1] if (who := voters.match(line)) else "") for votes, line in rows]


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> Soon:
    """From then on votes that are to be open for minutes close within seconds."""

    def soon(seconds: float = 1.0) -> None:
        monkeypatch.setattr(vote_service, "timedelta", lambda minutes: timedelta(seconds=seconds))

    return soon


# begun and voted in


async def test_a_vote_begins_in_the_place_of_the_shortlist_on_its_films(
    bot: ReeltwinBot, chat: Driver
) -> None:
    night = await shortlist(chat)
    vote = await choose(chat, night, offers(night)[1])
    assert vote.id == night.id
    assert OPEN in vote.text
    assert re.search(r"-# Closes <t:\d+:R>", vote.text)
    assert films_of(vote) == films_of(night)
    assert labels(vote) == ["Vote"] * 5 + [CLOSE]
    assert tally(vote) == [("0 votes", "")] * 5
    assert vote.pings == []


async def test_anyone_may_begin_it_from_the_shortlist(bot: ReeltwinBot, chat: Driver) -> None:
    night = await shortlist(chat)
    vote = await choose(chat, night, offers(night)[0], user=CARL)
    assert NOT_YOURS in (await press(chat, vote, CLOSE, user=ANN)).text
    assert "Nobody voted." in (await press(chat, vote, CLOSE, user=CARL)).text


async def test_anyone_may_approve_of_several_and_change_their_mind(
    bot: ReeltwinBot, chat: Driver
) -> None:
    vote = await start(chat)
    vote = await approve(chat, vote, 0, ANN)
    vote = await approve(chat, vote, 0, CARL)
    vote = await approve(chat, vote, 2, CARL)
    none = ("0 votes", "")
    assert tally(vote) == [("2 votes", "Ann and Carl"), none, ("1 vote", "Carl"), none, none]
    assert "2 voters so far." in vote.text
    vote = await approve(chat, vote, 0, ANN)
    assert tally(vote)[0] == ("1 vote", "Carl")
    assert "1 voter so far." in vote.text
    vote = await approve(chat, vote, 0, ANN)
    assert tally(vote)[0] == ("2 votes", "Ann and Carl")
    assert len({shown.message.id for shown in chat.record if OPEN in shown.message.text}) == 1


async def test_the_votes_of_many_who_press_at_the_same_moment_all_count(
    bot: ReeltwinBot, chat: Driver
) -> None:
    vote = await start(chat)
    crowd = [User(f"{500 + n}", f"Guest {n}") for n in range(8)]
    for user in crowd:
        await chat.arrives(user, FILM_CLUB)
    pressed = [(n % 2, user) for n, user in enumerate(crowd)]
    await asyncio.gather(
        *(chat.click(vote, vote.buttons[n]["custom_id"], user=user) for n, user in pressed)
    )
    shown = [await chat.reply() for _ in crowd]
    assert {message.id for message in shown} == {vote.id}
    assert [votes for votes, _ in tally(shown[-1])[:3]] == ["4 votes", "4 votes", "0 votes"]
    assert tally(shown[-1])[1][1] == "Guest 1, Guest 3, Guest 5 and Guest 7"
    assert "8 voters so far." in shown[-1].text


async def test_a_tally_that_discord_delays_is_not_shown_over_a_later_one(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context), chat):
        vote = await start(chat)
        chat.server.rest.limit("/messages/@original", 0.05, method="PATCH")
        for user in (ANN, BOB, CARL):
            await chat.click(vote, vote.buttons[0]["custom_id"], user=user)
        shown = [await chat.reply() for _ in range(3)]
    assert [tally(message)[0][0] for message in shown] == ["1 vote", "2 votes", "3 votes"]
    assert [call.status for call in chat.refused] == [429]


async def test_the_vote_as_it_stands_can_be_asked_for_and_used_there(
    bot: ReeltwinBot, chat: Driver
) -> None:
    vote = await approve(chat, await start(chat), 1, BOB)
    for again in (await ask(chat, "!vote", user=CARL), await by_slash(chat, "vote", user=CARL)):
        assert again.text == vote.text
        assert tally(await approve(chat, again, 1, CARL))[1] == ("2 votes", "Bob and Carl")
        await approve(chat, again, 1, CARL)


async def test_without_a_vote_it_says_how_one_begins(bot: ReeltwinBot, chat: Driver) -> None:
    await start(chat)
    assert (
        "There was no vote here yet." in (await ask(chat, "!vote", channel=OTHER_GUILD_FILMS)).text
    )
    assert "start one in a server" in (await ask(chat, "!vote", channel=chat.direct())).text


async def test_a_vote_of_another_server_is_out_of_reach(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await start(chat)
    for said in ("1 id:1214", "close 1"):
        told = await ask(chat, f"!vote {said}", channel=OTHER_GUILD_FILMS)
        assert "That vote is not of this server." in told.text
    vote = await context.store.get_vote(1)
    assert vote is not None
    assert vote.open


# over


async def test_only_whoever_started_it_closes_it(bot: ReeltwinBot, chat: Driver) -> None:
    vote = await approve(chat, await start(chat), 3, BOB)
    refusal = await press(chat, vote, CLOSE, user=BOB)
    assert NOT_YOURS in refusal.text
    assert refusal.ephemeral
    closed = await press(chat, vote, CLOSE, user=ANN)
    assert closed.id == vote.id
    assert closed.text.startswith("### [The vote is over: ")
    assert "With 1 vote." in closed.text


async def test_the_result_is_ranked_and_a_tie_goes_by_the_shortlist(
    bot: ReeltwinBot, chat: Driver
) -> None:
    vote = await start(chat)
    films = films_of(vote)
    for n, user in ((4, ANN), (4, BOB), (2, ANN), (2, CARL), (1, BOB)):
        vote = await approve(chat, vote, n, user)
    closed = await press(chat, vote, CLOSE)
    assert tally(closed) == [
        ("2 votes", "Ann and Carl"),
        ("2 votes", "Ann and Bob"),
        ("1 vote", "Bob"),
        ("0 votes", ""),
        ("0 votes", ""),
    ]
    assert "first on the shortlist of those with as many" in closed.text
    assert films_of(closed) == [films[2]] * 2


async def test_a_closed_vote_no_longer_changes(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    vote = await approve(chat, await start(chat), 0, BOB)
    closed = await press(chat, vote, CLOSE)
    # Somebody's client may still show the buttons of before.
    custom_id = vote.buttons[1]["custom_id"].split(":", 3)[3]
    late = await ask(chat, f"!{custom_id}", user=CARL)
    assert (late.text, labels(late)) == (closed.text, labels(closed))
    again = await ask(chat, "!vote close 1")
    assert again.text == closed.text


async def test_it_closes_at_its_time_by_itself(bot: ReeltwinBot, chat: Driver, soon: Soon) -> None:
    night = await shortlist(chat)
    soon()
    vote = await choose(chat, night, offers(night)[0])
    assert OPEN in vote.text
    closed = await chat.reply()
    assert closed.id == vote.id
    assert "Nobody voted." in closed.text
    assert closed.buttons == []
    await assert_silent(chat)


async def test_it_closes_wherever_it_is_shown(bot: ReeltwinBot, chat: Driver, soon: Soon) -> None:
    night = await shortlist(chat)
    soon(2.0)
    vote = await choose(chat, night, offers(night)[0])
    others = [await ask(chat, "!vote", channel=channel) for channel in (FILMS, TALK)]
    ends = [await chat.reply() for _ in range(3)]
    assert {end.id for end in ends} == {vote.id, *(other.id for other in others)}
    assert all("Nobody voted." in end.text for end in ends)


async def test_closed_by_hand_it_is_closed_wherever_else_it_is_shown(
    bot: ReeltwinBot, chat: Driver
) -> None:
    vote = await start(chat)
    other = await ask(chat, "!vote", channel=TALK)
    await chat.press(vote, CLOSE)
    ends = [await chat.reply() for _ in range(2)]
    assert {end.id for end in ends} == {vote.id, other.id}
    assert all("Nobody voted." in end.text for end in ends)
    await assert_silent(chat)


async def test_a_message_that_shows_something_else_by_now_is_left_alone(
    bot: ReeltwinBot, chat: Driver, soon: Soon
) -> None:
    night = await shortlist(chat)
    soon(2.0)
    vote = await choose(chat, night, offers(night)[0])
    asked = await chat.say("!vote")
    shown = await chat.reply()
    await chat.edit(asked, "!help vote")
    assert (await chat.reply()).id == shown.id
    assert (await chat.reply()).id == vote.id
    await assert_silent(chat)


async def test_a_vote_closed_by_hand_is_not_closed_again_by_the_clock(
    bot: ReeltwinBot, chat: Driver, soon: Soon
) -> None:
    night = await shortlist(chat)
    soon(2.0)
    vote = await choose(chat, night, offers(night)[0])
    closed = await press(chat, vote, CLOSE)
    assert "Nobody voted." in closed.text
    await asyncio.sleep(2.2)
    await assert_silent(chat)


# controls and restarts


async def test_the_controls_of_an_open_vote_are_never_switched_off(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context, view_timeout=2.0), chat):
        vote = await start(chat)
        await approve(chat, vote, 0, BOB)
        again = await ask(chat, "!vote")
        await approve(chat, vote, 1, BOB)
        refusal = await press(chat, vote, CLOSE, user=BOB)
        assert NOT_YOURS in refusal.text
        changed = await switched_off(chat)
        assert changed  # what was said before the vote
        assert not {vote.id, again.id} & changed
        assert tally(await approve(chat, again, 2, BOB))[2] == ("1 vote", "Bob")
    assert chat.refused == []


async def test_the_buttons_work_after_a_restart_and_stay_on(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context), chat):
        vote = await approve(chat, await start(chat), 0, ANN)
    await chat.offline()
    async with connected(make_bot(context, view_timeout=1.0), chat):
        vote = await approve(chat, vote, 0, BOB)
        assert tally(vote)[0] == ("2 votes", "Ann and Bob")
        assert NOT_YOURS in (await press(chat, vote, CLOSE, user=BOB)).text
        assert await switched_off(chat) == set()
        assert "With 2 votes." in (await press(chat, vote, CLOSE)).text
    assert chat.refused == []


@pytest.mark.parametrize("seconds", [-1.0, 0.5], ids=["in the meantime", "afterwards"])
async def test_a_vote_closes_at_its_time_though_the_bot_was_restarted(
    chat: Driver, context: AppContext, seconds: float
) -> None:
    async with connected(make_bot(context), chat):
        message = await ask(chat, "!help")  # as good as any to show a vote
    await chat.offline()
    vote = await context.store.open_vote(
        FILM_CLUB.id,
        FILMS.id,
        "discord:400",
        [1214, 541],
        closes_at=datetime.now(UTC) + timedelta(seconds=seconds),
    )
    await context.store.add_vote_message(vote, message.channel.id, message.id)
    async with connected(make_bot(context), chat):
        closed = await chat.reply()
    assert closed.id == message.id
    assert "Nobody voted." in closed.text
    assert chat.refused == []


async def test_a_vote_whose_message_was_deleted_closes_all_the_same(
    chat: Driver, context: AppContext, soon: Soon
) -> None:
    bot = make_bot(context)
    async with connected(bot, chat):
        night = await shortlist(chat)
        soon()
        vote = await choose(chat, night, offers(night)[0])
        await chat.delete(vote)
        await until(lambda: [call.status for call in chat.refused] == [404])
        assert "Nobody voted." in (await ask(chat, "!vote")).text


# what comes of it


async def test_the_winner_goes_to_the_watchlist_before_all(bot: ReeltwinBot, chat: Driver) -> None:
    vote = await start(chat)
    winner = films_of(vote)[1]
    closed = await press(chat, await approve(chat, vote, 1, BOB), CLOSE)
    kept = await press(chat, closed, KEEP, user=CARL)
    assert "is on the watchlist now." in kept.text
    assert not kept.ephemeral
    watchlist = await ask(chat, "!watchlist", user=BOB)
    assert films_of(watchlist) == [winner]
    assert "put there by Carl" in watchlist.text


async def test_having_watched_it_asks_everyone_to_rate_each_for_themselves(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    vote = await start(chat)
    winner = films_of(vote)[0]
    closed = await press(chat, await approve(chat, vote, 0, BOB), CLOSE)
    watched = await press(chat, closed, WATCHED, user=CARL)
    assert not watched.ephemeral
    assert "Everybody who was there may say." in watched.text
    for user, stars in ((ANN, 4.5), (BOB, 2.0)):
        rated = await choose(chat, watched, f"rate id:{winner} {stars:g}", user=user)
        assert rated.ephemeral
        assert "Rated" in rated.text
    who = await press(chat, watched, "Who rated it", user=CARL)
    assert "Rated by 2 people here: ★ 3.2 on average." in who.text
