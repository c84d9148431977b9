"""What a user rated, as a list."""

import pytest

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from bot.replies import Severity
from tests.bot.chat_helpers import Say, column, leads, options, rated


async def test_ratings_are_listed_latest_first_with_their_stars(say: Say) -> None:
    await say("rate Alien 5\nUp 2.5")
    reply = await say("ratings")
    listed = dict(zip(leads(reply.tables[0]), column(reply.tables[0], "Stars"), strict=True))
    assert listed == {"Alien (1979)": "★★★★★", "Up (2009)": "★★½"}
    assert reply.text.startswith("2 films")
    assert reply.choices == ()


async def test_many_ratings_are_turned_over_page_by_page(say: Say, context: AppContext) -> None:
    titles = {context.model.catalogue.by_row(row).title for row in context.model.well_known[:25]}
    await say("rate\n" + "\n".join(f"{title} 4" for title in titles))
    pages = [(await say(f"ratings {page}")).tables[0] for page in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [10, 10, 5]
    assert sorted(title for page in pages for title in leads(page)) == sorted(titles)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("ratings by stars", ["Up (2009)", "Alien (1979)", "Coco (2017)"]),
        ("ratings by title", ["Alien (1979)", "Coco (2017)", "Up (2009)"]),
        ("ratings title page 1", ["Alien (1979)", "Coco (2017)", "Up (2009)"]),
    ],
)
async def test_ratings_are_sorted_as_wished(say: Say, typed: str, titles: list[str]) -> None:
    await say("rate Alien 3.5\nUp 5\nCoco 2")
    assert leads((await say(typed)).tables[0]) == titles


async def test_a_page_that_is_not_there_is_refused_by_the_last_one(say: Say) -> None:
    await say("rate Alien 5")
    assert "For example: !ratings" in (await say("ratings 2")).text
    for wrong in ("0", "-1", "page two", "1.5", "1" * 500):
        reply = await say(f"ratings {wrong}")
        assert reply.severity is Severity.PROBLEM
        assert "from 1 to 1000" in reply.text


async def test_whoever_rated_nothing_is_told_how_to_begin_and_it_works(
    say: Say, context: AppContext
) -> None:
    reply = await say("ratings")
    assert reply.severity is Severity.NORMAL
    lines = reply.text.splitlines()
    example = "\n".join(lines[next(i for i, line in enumerate(lines) if "!rate" in line) :])
    assert (await say(example.removeprefix("!"))).severity is Severity.NORMAL
    assert len(await rated(context)) == 3


async def test_the_ratings_of_another_member_are_listed_by_name(say: Say) -> None:
    await say("rate Alien 5\nUp 2.5", name="Robert", guild_id="films")
    for typed in ("ratings Robert", "ratings @robert", "ratings rboert by stars"):
        reply = await say(typed, guild_id="films")
        assert reply.title == "Ratings of Robert"
        assert sorted(leads(reply.tables[0])) == ["Alien (1979)", "Up (2009)"]


async def test_nobody_of_another_group_is_shown(say: Say) -> None:
    await say("rate Alien 5", name="bob", guild_id="games")
    assert "has not talked to me here" in (await say("ratings bob", guild_id="films")).text
    assert "Nobody here has rated it" in (await say("seen Alien", guild_id="films")).text


@pytest.mark.parametrize("typed", ["ratings bob", "seen Alien", "compare bob"])
async def test_alone_there_are_no_others(say: Say, typed: str) -> None:
    reply = await say(typed)
    assert reply.severity is Severity.PROBLEM
    assert "only the two of us" in reply.text


async def test_two_members_of_one_name_are_asked_about(say: Say, context: AppContext) -> None:
    for number in (401, 402):
        await context.store.remember(f"discord:{number}", "Bob", "films")
        await context.store.rate(f"discord:{number}", {1214: 5.0})
    request = RequestContext("discord:400", "Ann", "films")
    asked = await dispatch(context, request, "ratings bob")
    assert asked.severity is Severity.QUESTION
    assert [option.message for option in options(asked)] == ["ratings <@401>", "ratings <@402>"]
    chosen = await dispatch(context, request, "ratings <@402>")
    assert chosen.title == "Ratings of Bob (2)"
