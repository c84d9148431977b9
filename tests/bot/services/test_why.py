"""What each rating says about a film."""

import re

from tests.bot.chat_helpers import TEN_RATINGS, Say, column


async def test_the_shares_of_all_reasons_sum_to_the_whole(say: Say) -> None:
    await say(TEN_RATINGS)
    reply = await say("why the matrix")
    shares = [int(share[2:-1]) for share in column(reply.tables[0], "Share")]
    assert len(shares) == 10
    assert 95 <= sum(shares) <= 105
    assert shares == sorted(shares, reverse=True)
    up, against = map(int, re.findall(r"\d+", reply.text)[:2])
    assert up + against == 10


async def test_without_ratings_there_is_no_why_but_a_way_forward(say: Say) -> None:
    reply = await say("why Alien")
    assert "not rated anything yet" in reply.text
    assert reply.buttons[0].message == "quiz"
