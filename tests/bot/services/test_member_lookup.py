"""Who is meant by a name: all of it, a word of it, or a slip; and a question where several are."""

import pytest

from bot.replies import Severity
from tests.bot.chat_helpers import Say, options, words

GROUP = "films"


async def meet(say: Say, *names: str) -> None:
    for name in names:
        await say("rate Alien 5", name=name, guild_id=GROUP)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("bob62953", "bob"),
        ("Bob Smith", "bob"),
        ("Bob Smith", "smith"),
        ("Zoë Œuvre", "zoe"),
        ("Zoë Œuvre", "@ZOE OEUVRE"),
        ("Ελένη", "ελενη"),
        ("Robert", "rboert"),
    ],
)
async def test_a_member_is_found_by_how_a_word_of_the_name_begins(
    say: Say, name: str, typed: str
) -> None:
    await meet(say, name, "Carol")
    assert (await say(f"ratings {typed}", guild_id=GROUP)).title == f"Ratings of {name}"


async def test_where_several_may_be_meant_it_is_asked(say: Say) -> None:
    await meet(say, "bob62953", "Bob Smith", "Kabob")
    reply = await say("compare bob", guild_id=GROUP)
    assert [option.label for option in options(reply)] == ["Bob Smith", "bob62953"]
    await meet(say, "Bob")
    assert (await say("ratings bob", guild_id=GROUP)).title == "Ratings of Bob"


TWO_BOBS = ("Bob Smith", "bob62953")


@pytest.mark.parametrize(
    ("typed", "as_typed"),
    [
        ("movienight carol, bob and dan", "movienight @carol, @Bob Smith and @dan"),
        (
            "movienight bob comedy since 2000 misery",
            "movienight @Bob Smith comedy since 2000 misery",
        ),
        ("movienight just carol and bob", "movienight just @carol and @Bob Smith"),
        ("movienight bob round:2", "movienight @Bob Smith round:2"),
        ("map @carol @bob @dan", "map @carol @Bob Smith @dan"),
        ("ratings bob by stars", "ratings Bob Smith by stars"),
    ],
)
async def test_the_choice_who_is_meant_carries_out_all_that_was_said(
    say: Say, typed: str, as_typed: str
) -> None:
    await meet(say, *TWO_BOBS, "carol", "dan")
    asked = await say(typed, guild_id=GROUP)
    assert [option.label for option in options(asked)] == list(TWO_BOBS)
    chosen = await say(options(asked)[0].message, guild_id=GROUP)
    assert chosen == await say(as_typed, guild_id=GROUP)
    assert chosen.severity is Severity.NORMAL
    assert chosen.title


async def test_where_several_names_are_unsure_each_is_asked_for(say: Say) -> None:
    await meet(say, *TWO_BOBS, "Dan Brown", "Dan Black")
    first = await say("movienight bob, dan", guild_id=GROUP)
    second = await say(options(first)[1].message, guild_id=GROUP)
    assert [option.label for option in options(second)] == ["Dan Black", "Dan Brown"]
    night = await say(options(second)[0].message, guild_id=GROUP)
    assert night.title == "Movie night: alice, bob62953 and Dan Black"


async def test_what_no_menu_could_carry_out_is_asked_in_a_sentence(say: Say) -> None:
    crowd = [
        "bartholomew",
        "maximiliana",
        "christopher",
        "wilhelmina",
        "montgomery",
        "persephone",
        "anastasia",
    ]
    await meet(say, *TWO_BOBS, *crowd)
    asked = await say(f"movienight {', '.join(crowd)}, bob", guild_id=GROUP)
    assert asked.severity is Severity.PROBLEM
    assert "“bob” may be Bob Smith or bob62953. Mention whom you mean" in asked.text
    assert "maximiliana" not in words(asked)
