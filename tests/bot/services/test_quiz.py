"""The quiz: ten films by a tap, left and taken up again."""

from pathlib import Path

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from bot.replies import Reply, Severity
from engine import TasteModel
from storage import open_store
from tests.bot.chat_helpers import Say, rated

STARS = [str(n) for n in range(1, 6)]


def tap(reply: Reply, label: str) -> str:
    """What a button says."""
    return next(button.message for button in reply.buttons if button.label == label)


def film(reply: Reply) -> str:
    return reply.title.partition(". ")[2]


async def test_ten_films_are_asked_about_and_rated_by_a_tap(say: Say, context: AppContext) -> None:
    reply, given = await say("quiz"), dict[str, float]()
    for number in range(1, 11):
        assert reply.title.startswith(f"{number}. ")
        assert f"{number - 1} of 10" in reply.text
        assert reply.text.startswith("●" * (number - 1) + "○" * (11 - number))
        assert [button.key for button in reply.buttons[:5]] == STARS
        assert all(button.in_place for button in reply.buttons)
        stars = number % 5 + 1
        given[film(reply)] = float(stars)
        reply = await say(tap(reply, f"{stars}★"))
    assert reply.title == "That was the quiz"
    assert "10 films rated in it" in reply.text
    assert await rated(context) == given
    assert (await say(tap(reply, "Recommend"))).title == "For alice"


async def test_a_film_not_seen_brings_another_and_never_comes_back(
    say: Say, context: AppContext
) -> None:
    reply, unseen = await say("quiz"), list[str]()
    for _ in range(15):
        unseen.append(film(reply))
        reply = await say(tap(reply, "Not seen"))
        assert "0 of 10" in reply.text
    assert len({*unseen, film(reply)}) == 16
    await say(tap(reply, "Stop"))
    assert film(await say("quiz")) not in unseen
    assert await rated(context) == {}


async def test_it_goes_on_where_it_was_left_even_after_a_restart(
    model: TasteModel, tmp_path: Path
) -> None:
    request = RequestContext("console:alice", "alice")
    async with open_store(tmp_path / "quiz.sqlite3") as store:
        context = AppContext(model, store)
        first = await dispatch(context, request, "quiz")
        second = await dispatch(context, request, tap(first, "4★"))
        context.close()
    async with open_store(tmp_path / "quiz.sqlite3") as store:
        context = AppContext(model, store)
        resumed = await dispatch(context, request, "quiz")
        assert (resumed.title, resumed.buttons) == (second.title, second.buttons)
        assert "1 of 10" in resumed.text
        assert "Where we left off" in resumed.text
        context.close()


async def test_an_old_button_changes_nothing(say: Say, context: AppContext) -> None:
    first = await say("quiz")
    second = await say(tap(first, "4★"))
    for label in ("1★", "4★", "Not seen"):
        assert (await say(tap(first, label))).title == second.title
    assert await rated(context) == {film(first): 4.0}


async def test_half_stars_that_are_typed_count_as_an_answer(say: Say, context: AppContext) -> None:
    first = await say("quiz")
    await say(f"rate {film(first)} 3.5")
    assert "1 of 10" in (await say("quiz")).text
    assert await rated(context) == {film(first): 3.5}


async def test_it_stops_when_told_and_begins_anew(say: Say) -> None:
    reply = await say("quiz")
    reply = await say(tap(await say(tap(reply, "5★")), "Stop"))
    assert "1 film rated in it" in reply.text
    assert "0 of 10" in (await say(tap(reply, "Another round"))).text


async def test_stopped_at_the_first_question_it_was_a_quiz_all_the_same(say: Say) -> None:
    assert (await say(tap(await say("quiz"), "Stop"))).title == "That was the quiz"
    again = await say("quiz stop")
    assert (again.title, again.text) == ("No quiz is running", "0 films in all.")


async def test_films_rated_or_put_aside_are_not_asked_about(say: Say) -> None:
    expected = film(await say("quiz"))
    await say("quiz stop")
    await say(f"skip {expected}")
    assert film(await say("quiz")) != expected


async def test_two_people_have_quizzes_of_their_own(say: Say, context: AppContext) -> None:
    mine, theirs = await say("quiz"), await say("quiz", name="bob")
    await say(tap(mine, "5★"))
    assert "0 of 10" in (await say("quiz", name="bob")).text
    assert await rated(context, "bob") == {}
    assert film(mine) == film(theirs)


async def test_what_no_button_says_is_answered_by_how_it_goes(say: Say) -> None:
    reply = await say("quiz Alien 5")
    assert reply.severity is Severity.PROBLEM
    assert "!quiz" in reply.text
