"""A shortlist for several people: who is counted in, what is shown of each, and how to go on."""

import re

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from bot.services.movienight import MOST_PEOPLE, SHORTLIST
from tests.bot.discord.discord_helpers import (
    TASTE,
    ask,
    ask_in_private,
    by_slash,
    choose,
    films_of,
    offers,
    press,
    rate,
)
from tests.discord_server import ANN, BOB, CARL, FILM_CLUB, FILMS, TALK, Driver, Message, User

OTHERS, BACK = "Others →", "← Back"


def company(message: Message) -> str:
    """Who a shortlist is for."""
    return message.text.split("\n", 1)[0].removeprefix("### Movie night: ")


def each(message: Message) -> list[list[str]]:
    """By film, the names beside which stars stand."""
    lines = [line for line in message.text.split("\n") if line.startswith("-# ")]
    found = [re.findall(r"(\w+) [0-5]\.[0-9](?= ·|$)", line) for line in lines]
    return [names for names in found if names]


async def test_those_named_are_counted_in_and_whoever_asks(bot: ReeltwinBot, chat: Driver) -> None:
    await rate(chat, TASTE, BOB, CARL, channel=TALK)
    for text in (
        "!movienight <@401> <@402>",
        "!movienight @bob and carl",
        "<@100> movienight bob, carl",
    ):
        night = await ask(chat, text)
        assert company(night) == "Ann, Bob and Carl"
        assert len(films_of(night)) == SHORTLIST
        assert night.pings == []


async def test_without_names_all_of_the_channel_who_rated_enough_are_counted_in(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await rate(chat, TASTE, ANN, BOB)
    await rate(chat, "Alien 5\nAliens (1986) 4", CARL)  # too few
    assert company(await ask(chat, "!movienight")) == "Ann and Bob"
    await rate(chat, "Heat (1995) 4", CARL)
    assert company(await ask(chat, "!movienight")) == "Ann, Bob and Carl"


async def test_two_channels_are_kept_apart(bot: ReeltwinBot, chat: Driver) -> None:
    await rate(chat, TASTE, BOB, channel=FILMS)
    await rate(chat, TASTE, CARL, channel=TALK)
    for channel, friend in ((FILMS, "Bob"), (TALK, "Carl")):
        for night in (
            await ask(chat, "!movienight", channel=channel),
            await by_slash(chat, "movienight", channel=channel),
        ):
            assert company(night) == f"Ann and {friend}"


async def test_where_nobody_else_rated_enough_it_says_so(bot: ReeltwinBot, chat: Driver) -> None:
    await rate(chat, TASTE, BOB, channel=TALK)
    assert (
        "Nobody else in this channel has rated 3 films yet"
        in (await ask(chat, "!movienight", channel=FILMS)).text
    )


async def test_in_direct_messages_it_takes_a_server(bot: ReeltwinBot, chat: Driver) -> None:
    for night in (
        await ask(chat, "!movienight", channel=chat.direct()),
        await by_slash(chat, "movienight", channel=chat.direct()),
    ):
        assert night.text.startswith("A movie night takes several people.")


async def test_nobody_has_rated_or_put_aside_what_is_shown(bot: ReeltwinBot, chat: Driver) -> None:
    await rate(chat, TASTE, ANN, BOB)
    first, second, *rest = films_of(await ask(chat, "!movienight <@401>"))
    await ask(chat, f"!rate id:{first} 4", user=BOB)
    await ask(chat, f"!skip id:{second}", user=ANN)
    again = films_of(await ask(chat, "!movienight <@401>"))
    assert set(rest) < set(again)
    assert not {first, second} & set(again)
    without_bob = films_of(await ask(chat, "!movienight <@402>", user=ANN))
    assert second not in without_bob


async def test_each_line_shows_every_member(bot: ReeltwinBot, chat: Driver) -> None:
    await rate(chat, TASTE, ANN, BOB)
    await rate(chat, "The Notebook 5\nTitanic (1997) 5\nAlien 1", CARL)
    night = await ask(chat, "!movienight <@401> <@402>")
    assert each(night) == [["Ann", "Bob", "Carl"]] * SHORTLIST


async def test_who_rated_nothing_is_counted_in_by_name_and_said_to_be_guessed_at(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await rate(chat, TASTE, ANN)
    await ask(chat, "!help", user=BOB)
    night = await ask(chat, "!movienight <@401>")
    assert company(night) == "Ann and Bob"
    assert "Bob rated nothing yet, so I guess" in night.text


async def test_others_take_its_place_and_lead_back(bot: ReeltwinBot, chat: Driver) -> None:
    await rate(chat, TASTE, ANN, BOB)
    for first in (
        await ask(chat, "!movienight <@401> since 1990"),
        await by_slash(chat, "movienight", members="bob", years="since 1990"),
    ):
        second = await press(chat, first, OTHERS)
        assert (second.id, company(second)) == (first.id, company(first))
        assert "`6.`" in second.text
        assert not set(films_of(first)) & set(films_of(second))
        assert (await press(chat, second, BACK)).text == first.text


async def test_another_member_may_leaf_through_the_list_of_the_channel(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await rate(chat, TASTE, ANN, BOB)
    first = await ask(chat, "!movienight")
    second = await press(chat, first, OTHERS, user=BOB)
    assert second.id == first.id
    assert set(company(second).split(" and ")) == {"Ann", "Bob"}


@pytest.mark.parametrize("user", [BOB, CARL], ids=lambda user: user.name)
async def test_others_are_for_the_same_people_whoever_presses(
    bot: ReeltwinBot, chat: Driver, user: User
) -> None:
    await rate(chat, TASTE, ANN, BOB)
    first = await ask(chat, "!movienight <@401>")
    second = await press(chat, first, OTHERS, user=user)
    assert company(second) == company(first)
    assert company(await press(chat, second, "← Back", user=user)) == company(first)


async def test_private_members_are_left_out_for_all_but_themselves(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await rate(chat, TASTE, ANN, BOB, CARL)
    await ask_in_private(chat, "!private on", user=BOB)
    assert company(await ask(chat, "!movienight")) == "Ann and Carl"
    named = await ask(chat, "!movienight <@401>")
    assert named.text == "Bob keeps their ratings to themselves."
    assert company(await ask(chat, "!movienight", user=BOB)) == "Bob, Ann and Carl"
    await ask_in_private(chat, "!private off", user=BOB)
    assert company(await ask(chat, "!movienight")) == "Ann, Bob and Carl"


@pytest.mark.parametrize("members", ["<@401>", "bob", "@Bob, carl", "<@401> <@402>"])
async def test_members_are_typed_into_the_form_of_the_slash_command(
    bot: ReeltwinBot, chat: Driver, members: str
) -> None:
    await rate(chat, TASTE, BOB, CARL)
    night = await by_slash(chat, "movienight", members=members)
    assert not night.ephemeral
    assert company(night) == (
        "Ann, Bob and Carl" if "," in members or " " in members else "Ann and Bob"
    )


async def test_the_way_of_weighing_and_the_wish_are_named(bot: ReeltwinBot, chat: Driver) -> None:
    await rate(chat, TASTE, ANN, BOB)
    typed = await ask(chat, "!movienight <@401> misery horror before 1990")
    filled = await by_slash(
        chat, "movienight", members="bob", way="misery", genre="Horror", years="before 1990"
    )
    assert typed.text == filled.text
    assert "By whoever would like a film least. Only Horror, until 1989." in typed.text
    assert typed.text.count("Horror") > SHORTLIST


async def test_whoever_is_chosen_joins_all_others_who_were_named(
    bot: ReeltwinBot, chat: Driver
) -> None:
    others = [User("410", "Bob Smith"), User("411", "bob62953")]
    for user in others:
        await chat.arrives(user, FILM_CLUB)
    await rate(chat, TASTE, CARL, *others)
    for asked in (
        await ask(chat, "!movienight <@402> bob since 1990"),
        await by_slash(chat, "movienight", members="<@402> bob", years="since 1990"),
    ):
        (smith,) = [value for value in offers(asked) if "410" in value]
        night = await choose(chat, asked, smith)
        assert night.id == asked.id
        assert company(night) == "Ann, Carl and Bob Smith"
        assert "Only since 1990" in night.text
    asked = await ask(chat, "!map <@402> @bob")
    shown = await choose(chat, asked, offers(asked)[0])
    assert "Carl" in shown.text
    assert "Bob Smith" in shown.text


async def test_a_movie_night_with_oneself_is_a_recommendation(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await rate(chat, TASTE, ANN, BOB)
    for night in (
        await ask(chat, "!movienight <@400>"),
        await by_slash(chat, "movienight", members="<@400>"),
    ):
        assert night.text.startswith("A movie night needs somebody besides you")
        assert "!recommend" in night.text


async def test_a_crowd_is_asked_to_be_smaller(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    crowd = [User(f"{500 + n}", f"Guest {n}") for n in range(MOST_PEOPLE)]
    for user in crowd:
        await chat.arrives(user, FILM_CLUB)
        await context.store.remember(f"discord:{user.id}", user.name, FILM_CLUB.id, FILMS.id)
        await context.store.rate(f"discord:{user.id}", dict.fromkeys((1214, 1200, 1), 4.0))
    assert "12 is the most" in (await ask(chat, "!movienight")).text
    names = " ".join(f"<@{user.id}>" for user in crowd[:-1])
    night = await ask(chat, f"!movienight {names}")
    assert [len(names) for names in each(night)] == [MOST_PEOPLE] * SHORTLIST
    # No button can carry so many names.
    assert "“round:2” behind it" in night.text
    assert OTHERS not in [button.get("label") for button in night.buttons]
    assert company(await ask(chat, f"!movienight {names} round:2")) == company(night)
