"""Buttons: what is in place stays in place, what leads away is for the asker alone."""

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import (
    ALIEN,
    BACK,
    MORE,
    RATINGS,
    ask,
    by_slash,
    choose,
    labels,
    offers,
    plain,
    press,
    stars_of,
)
from tests.discord_server import FILMS_THREAD, Driver

CARD = "!predict Alien (1979)"


async def test_the_star_menu_of_a_card_rates_in_place_and_undo_takes_it_back(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    card = await ask(chat, CARD)
    assert len(offers(card)) == 10
    rated = await choose(chat, card, f"rate {ALIEN} 4.5")
    assert rated.id == card.id
    assert await stars_of(context) == {"Alien (1979)": 4.5}
    undone = await press(chat, rated, "Undo")
    assert undone.id == card.id
    assert "not rated" in plain(undone)
    assert await stars_of(context) == {}


async def test_not_interested_is_said_in_place_and_can_be_undone(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    card = await ask(chat, CARD)
    skipped = await press(chat, card, "Not interested")
    assert skipped.id == card.id
    assert await context.store.skipped("discord:400") == {1214}
    undone = await press(chat, skipped, "Undo")
    assert undone.id == card.id
    assert await context.store.skipped("discord:400") == set()


async def test_more_like_this_and_why_come_to_the_asker_alone_and_leave_the_card(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await ask(chat, RATINGS)
    card = await ask(chat, "!predict Blade Runner (1982)")
    like, why = await press(chat, card, "More like this"), await press(chat, card, "Why")
    assert "Like Blade Runner" in like.text
    assert "Why Blade Runner" in why.text
    assert like.ephemeral
    assert why.ephemeral
    assert [shown.kind for shown in chat.record if shown.message.id == card.id] == ["new"]


async def test_a_recommendation_opens_as_a_card_that_can_be_rated_in_place(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await ask(chat, RATINGS)
    films = await ask(chat, "!recommend 3")
    assert labels(films) == ["Open"] * 3
    await chat.click(films, films.buttons[1]["custom_id"])
    card = await chat.reply()
    assert card.ephemeral
    title = card.text.split("[", 1)[1].split("]", 1)[0]
    assert title in films.text
    rated = await choose(chat, card, offers(card)[0])
    assert (rated.id, rated.ephemeral) == (card.id, True)
    assert (await stars_of(context))[title] == 5.0


async def test_pages_are_turned_in_place_both_ways(bot: ReeltwinBot, chat: Driver) -> None:
    first = await ask(chat, "!recommend 30")
    assert labels(first)[10:] == [MORE, "Make it yours: quiz"]
    second = await press(chat, first, MORE)
    third = await press(chat, second, MORE)
    assert first.id == second.id == third.id
    for n, page in enumerate((first, second, third), start=1):
        assert f"Page {n} of 3" in page.text
    assert BACK in labels(third)
    assert MORE not in labels(third)
    again = await press(chat, third, BACK)
    assert again.text == second.text
    assert (await press(chat, again, BACK)).text == first.text


async def test_a_page_by_number_is_the_page_that_buttons_turn_to(
    bot: ReeltwinBot, chat: Driver
) -> None:
    first = await ask(chat, "!recommend 20")
    second = await press(chat, first, MORE)
    assert (await ask(chat, "!recommend 20 page 2")).text == second.text
    assert (await by_slash(chat, "recommend", count=20, page=2)).text == second.text
    assert "There is no page 3" in (await by_slash(chat, "recommend", count=20, page=3)).text


async def test_the_answer_to_a_slash_command_has_the_same_buttons(
    bot: ReeltwinBot, chat: Driver
) -> None:
    first = await by_slash(chat, "recommend", count=20)
    second = await press(chat, first, MORE)
    assert second.id == first.id
    assert "Page 2 of 2" in second.text


async def test_buttons_work_in_threads_and_in_direct_messages(
    bot: ReeltwinBot, chat: Driver
) -> None:
    for channel in (FILMS_THREAD, chat.direct()):
        first = await ask(chat, "!recommend 20", channel=channel)
        assert first.channel == channel
        second = await press(chat, first, MORE)
        assert (second.id, second.channel) == (first.id, channel)


async def test_the_opposite_and_the_like_of_a_film_lead_to_each_other(
    bot: ReeltwinBot, chat: Driver
) -> None:
    like = await ask(chat, "!similar Toy Story (1995)")
    least = await press(chat, like, "The opposite")
    assert "The opposite of Toy Story (1995)" in least.text
    assert (await press(chat, least, "Films like it")).text == like.text


async def test_help_shows_a_theme_and_goes_back_in_place(bot: ReeltwinBot, chat: Driver) -> None:
    overview = await ask(chat, "!help")
    theme = await press(chat, overview, "Find films")
    assert theme.id == overview.id
    assert "!recommend" in theme.text
    assert (await press(chat, theme, "All commands")).text == overview.text
