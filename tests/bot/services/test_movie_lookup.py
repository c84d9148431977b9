"""From what people call a film to the film, in every command that takes one."""

import pytest

from bot.app.context import AppContext
from bot.replies import Severity
from bot.services.common.movie_lookup import complete_title
from tests.bot.chat_helpers import Say, options, words

TAKE_A_FILM = ["similar", "map", "unrate"]


@pytest.mark.parametrize("command", ["similar", "unrate"])
async def test_no_film_is_answered_by_an_example(say: Say, command: str) -> None:
    reply = await say(f"{command}  ")
    assert reply.severity is Severity.PROBLEM
    assert f"!{command} Toy Story (1995)" in reply.text


@pytest.mark.parametrize("command", TAKE_A_FILM)
async def test_an_unknown_film_is_named_with_advice(say: Say, command: str) -> None:
    reply = await say(f"{command} xqzzy wvut")
    assert reply.severity is Severity.PROBLEM
    assert "“xqzzy wvut”" in reply.text
    assert "for example" in reply.text


@pytest.mark.parametrize("command", TAKE_A_FILM)
async def test_an_unsure_title_is_a_choice_whose_options_run_the_command(
    say: Say, context: AppContext, command: str
) -> None:
    reply = await say(f"{command} harry potter")
    assert reply.severity is Severity.QUESTION
    assert 2 <= len(options(reply)) <= 6
    assert len({option.message for option in options(reply)}) == len(options(reply))
    for option in options(reply)[:2]:
        further = await say(option.message)
        assert further.severity is not Severity.QUESTION
        assert option.label in words(further)


@pytest.mark.parametrize("command", TAKE_A_FILM)
async def test_very_long_titles_are_cut_short_in_the_answer(say: Say, command: str) -> None:
    reply = await say(f"{command} " + "wvutxqzzy" * 500)
    assert reply.severity is Severity.PROBLEM
    assert len(words(reply)) < 400


@pytest.mark.parametrize("typed", ["[bold]wvutxqzzy[/bold]", "**wvut** _xqzzy_", "wvut `xqzzy`"])
async def test_what_looks_like_markup_comes_back_as_it_was_typed(say: Say, typed: str) -> None:
    assert f"“{typed}”" in (await say(f"similar {typed}")).text
    assert f"“{typed}”" in (await say(f"rate {typed} 4")).text


@pytest.mark.parametrize("typed", ["id:0", "id:999999999", "id:" + "9" * 30, "id:x"])
async def test_an_id_that_is_none_is_no_film(say: Say, typed: str) -> None:
    assert (await say(f"unrate {typed}")).severity in (Severity.PROBLEM, Severity.QUESTION)


async def test_in_doubt_it_asks_and_goes_on_with_the_chosen_film(say: Say) -> None:
    reply = await say("similar the thing")
    assert reply.severity is Severity.QUESTION
    assert "“the thing” is …" in words(reply)
    chosen = next(option for option in options(reply) if option.label == "The Thing (2011)")
    assert (await say(chosen.message)).title == "Like The Thing (2011)"


@pytest.mark.parametrize(
    ("typed", "title"),
    [("toy sto", "Toy Story (1995)"), ("the matr", "The Matrix (1999)"), ("léon", "Léon: The Pr")],
)
async def test_half_a_title_is_completed(context: AppContext, typed: str, title: str) -> None:
    assert (await complete_title(context, typed))[0].title.startswith(title)


async def test_before_anything_is_typed_known_films_are_proposed(context: AppContext) -> None:
    proposed = [movie.title for movie in await complete_title(context, " ")]
    assert len(set(proposed)) == 25
    assert "The Matrix (1999)" in proposed
