"""A film's card."""

import re

from bot.app.context import AppContext, RequestContext
from tests.bot.chat_helpers import TEN_RATINGS, Say, column, leads, rated


async def test_each_film_of_a_list_opens_its_card(say: Say) -> None:
    await say(TEN_RATINGS)
    (table,) = (await say("recommend")).tables
    for title, action in list(zip(leads(table), table.actions, strict=True))[:3]:
        assert (await say(action.message)).title == title


async def test_the_card_foretells_what_the_list_promised_and_names_reasons(say: Say) -> None:
    await say(TEN_RATINGS)
    (table,) = (await say("recommend")).tables
    card = await say(table.actions[0].message)
    assert f"You would give it {column(table, 'You would give')[0]}" in card.text
    assert "www.imdb.com/title/tt" in card.url
    assert 1 <= len(card.tables[0].rows) <= 3


async def test_from_the_card_a_film_is_rated_put_aside_compared_and_explained(
    say: Say, context: AppContext
) -> None:
    await say(TEN_RATINGS)
    card = await say("predict the matrix")
    assert card.choices[0].options[0].label == "★★★★★ 5"
    assert len(card.choices[0].options) == 10
    titles = {button.label: (await say(button.message)).title for button in card.buttons}
    assert titles == {
        "Not interested": "Not interested",
        "More like this": "Like The Matrix (1999)",
        "Why": "Why The Matrix (1999)",
    }
    await say(card.choices[0].options[1].message)
    assert (await rated(context))["The Matrix (1999)"] == 4.5


async def test_a_rated_film_is_foretold_from_the_other_ratings_alone(
    say: Say, context: AppContext
) -> None:
    await say(TEN_RATINGS)
    ratings = await context.stars_of(RequestContext("console:alice", "alice"))
    alien = context.model.titles.resolve("Alien").matches[0].row
    movie = context.model.catalogue.by_row(alien)
    del ratings[movie.movie_id]
    (stars,), _ = context.model.fit(ratings).predict([movie.movie_id])
    card = await say("predict Alien")
    assert (
        f"You gave it ★★★★★. From your other ratings I would have said ★ {stars:.1f}" in card.text
    )
    assert "Not interested" not in [button.label for button in card.buttons]
    assert "Alien (1979)" not in leads(card.tables[0])


async def test_without_ratings_the_card_tells_what_most_people_think(say: Say) -> None:
    card = await say("predict Alien")
    assert re.search(r"Most people would give it ★ \d\.\d ± ", card.text)
    assert card.tables == ()
