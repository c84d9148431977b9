"""Who is meant by a name: all of it, a word of it, or a slip; and a question where several are."""

import pytest

from tests.bot.chat_helpers import Say, options

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
