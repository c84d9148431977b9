"""Who in a group rated a film."""

from tests.bot.chat_helpers import Say, leads


async def test_who_has_seen_a_film_is_told_most_stars_first(say: Say) -> None:
    for name, stars in (("alice", 4), ("bob", 5), ("carol", 1.5)):
        await say(f"rate Alien {stars}", name=name, guild_id="films")
    reply = await say("seen alien", guild_id="films")
    assert leads(reply.tables[0]) == ["bob", "alice", "carol"]
    assert "3 people here: ★ 3.5 on average" in reply.text
    assert reply.choices == ()
    asked = await say("seen alien", name="dave", guild_id="films")
    await say(asked.choices[0].options[0].message, name="dave", guild_id="films")
    assert leads((await say("seen alien", guild_id="films")).tables[0])[:2] == ["bob", "dave"]
