"""A server as a whole: its picture, its films, and who is counted in."""

from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import (
    ask,
    ask_in_private,
    by_slash,
    choose,
    offers,
    plain,
    press,
    rate,
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
)

HERS = "Alien (1979) 5\nAliens (1986) 4.5\nHeat (1995) 5\nFargo (1996) 4\nThe Notebook 1"
HIS = "Alien (1979) 5\nAliens (1986) 4\nHeat (1995) 4.5\nFargo (1996) 4.5\nThe Notebook 1.5"
OTHER = "Alien (1979) 1\nTitanic (1997) 5\nThe Notebook 5\nToy Story (1995) 4\nHeat (1995) 2"


async def fill(chat: Driver) -> None:
    await rate(chat, HERS, ANN)
    await rate(chat, HIS, BOB)
    await rate(chat, OTHER, CARL, channel=TALK)


async def test_the_club_is_a_picture_told_in_words_with_its_films(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await fill(chat)
    for club in (await ask(chat, "!club"), await by_slash(chat, "club", user=BOB, channel=TALK)):
        assert not club.ephemeral
        assert club.picture is not None
        assert club.picture.startswith(b"\x89PNG")
        described = club.picture_description or ""
        assert described.startswith("Heat map")
        assert all(name in described for name in ("Ann", "Bob", "Carl"))
        words = plain(club)
        assert "3 people with 5 or more ratings" in words
        assert "Closest to each other: Ann and Bob" in words
        assert "What divides you most" in words
        assert "★ 2.5 from 3" in words  # The Notebook
        assert club.pings == []


async def test_too_few_are_told_so(bot: ReeltwinBot, chat: Driver) -> None:
    assert "here is none" in (await ask(chat, "!club")).text
    await rate(chat, HERS, ANN)
    await rate(chat, "Alien 5", BOB)
    for club in (await ask(chat, "!club"), await by_slash(chat, "club")):
        assert club.text.startswith("A club takes two people with 5 ratings each")
        assert "here is one" in club.text
        assert club.picture is None
    assert "use it in a server" in (await ask(chat, "!club", channel=chat.direct())).text


async def test_private_members_are_absent_but_to_themselves(bot: ReeltwinBot, chat: Driver) -> None:
    await fill(chat)
    await ask_in_private(chat, "!private on", user=BOB)
    others = await ask(chat, "!club")
    assert "Bob" not in others.text + (others.picture_description or "")
    assert "2 people" in others.text
    own = await ask(chat, "!club", user=BOB)
    assert "Bob" in own.text


async def test_those_who_left_are_absent(bot: ReeltwinBot, chat: Driver) -> None:
    await fill(chat)
    await chat.leaves(BOB, FILM_CLUB)
    club = await ask(chat, "!club")
    assert "Bob" not in club.text + (club.picture_description or "")
    assert "2 people" in club.text


async def test_two_servers_are_kept_apart(bot: ReeltwinBot, chat: Driver) -> None:
    await rate(chat, HERS, ANN, channel=FILMS)
    await rate(chat, HIS, BOB, channel=OTHER_GUILD_FILMS)
    for channel in (FILMS, OTHER_GUILD_FILMS):
        assert "here is one" in (await ask(chat, "!club", channel=channel, user=CARL)).text


async def test_a_movie_night_begun_from_the_club_is_for_all_to_vote_on(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await fill(chat)
    night = await press(chat, await ask(chat, "!club"), "Movie night", user=BOB)
    assert not night.ephemeral
    vote = await choose(chat, night, offers(night)[0], user=BOB)
    assert "1 voter so far" in (await press(chat, vote, "Vote", user=CARL)).text
