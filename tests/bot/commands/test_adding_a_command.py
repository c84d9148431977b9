"""A command is added as docs/adding.md says: by one file in the package of the services."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.services
from bot.commands import registry
from bot.commands.actions import action
from bot.commands.command import Command
from bot.commands.parameters import MovieTitle, Number
from bot.replies import Severity
from tests.bot.chat_helpers import Say, words

TOY = '''
"""A film called loudly, for a test."""

from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.commands.parameters import Number
from bot.replies import Reply
from bot.services.common.arguments import MovieArgument
from bot.services.common.movie_lookup import find_movie


@command(
    CommandCategory.FIND,
    "A film's title, called as loudly as you like.",
    examples=("shout Alien", "shout 3 Alien"),
    aliases=("yell",),
)
async def shout(
    context: AppContext,
    request: RequestContext,
    film: MovieArgument,
    times: Annotated[int, Number(description="How loudly", minimum=1, maximum=9)] = 1,
) -> Reply:
    movie = await find_movie(context, film, "shout", times=times)
    louder = action("shout", "Louder", film=movie.movie_id, times=times + 1)
    return Reply(text=movie.title.upper() + "!" * times, buttons=(louder,))
'''


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose files are modules of the services while the test runs."""
    monkeypatch.setattr(bot.services, "__path__", [*bot.services.__path__, str(tmp_path)])
    registry.load.cache_clear()
    yield tmp_path
    registry.load.cache_clear()
    for name in [f"bot.services.{file.stem}" for file in tmp_path.glob("*.py")]:
        sys.modules.pop(name, None)


@pytest.fixture
def _toy(add: Path) -> None:
    (add / "shout.py").write_text(TOY)


@pytest.mark.usefixtures("_toy")
async def test_a_command_is_added_by_its_file_alone(say: Say) -> None:
    assert (await say("shout Alien")).text == "ALIEN (1979)!"
    assert (await say("yell 3 alien 1979")).text == "ALIEN (1979)!!!"


@pytest.mark.usefixtures("_toy")
async def test_an_added_command_is_told_of_by_the_help(say: Say) -> None:
    assert "!shout" in words(await say("help"))
    in_detail = words(await say("help yell"))
    assert "How loudly" in in_detail
    assert "!shout 3 Alien" in in_detail
    assert "Did you mean !shout?" in (await say("shoot Alien")).text


@pytest.mark.usefixtures("_toy")
async def test_what_an_added_command_offers_and_asks_goes_on_with_it(say: Say) -> None:
    (louder,) = (await say("shout Alien")).buttons
    assert (await say(louder.message)).text == "ALIEN (1979)!!"
    unsure = await say("shout 2 toy")
    assert unsure.severity is Severity.QUESTION
    assert (await say(unsure.choices[0].options[0].message)).text.endswith("!!")


@pytest.mark.usefixtures("_toy")
def test_the_parameters_of_a_command_are_those_of_its_signature() -> None:
    command = registry.find_command("shout")
    assert isinstance(command, Command)
    film, times = command.parameters
    assert isinstance(film, MovieTitle)
    assert isinstance(times, Number)
    assert [(film.name, film.required), (times.name, times.required)] == [
        ("film", True),
        ("times", False),
    ]
    assert command.usage == "shout <film> [times]"


@pytest.mark.usefixtures("_toy")
def test_what_an_added_command_does_not_take_is_refused_where_it_is_built() -> None:
    assert action("shout", "", film=1214, times=2).message == "shout id:1214 2"
    with pytest.raises(LookupError, match="'shout' has no parameter 'volume'"):
        action("shout", "", volume=2)


def test_without_its_file_a_command_is_unknown() -> None:
    assert registry.find_command("shout") is None


def test_two_commands_of_one_name_are_refused(add: Path) -> None:
    (add / "shout.py").write_text(TOY.replace('aliases=("yell",)', 'aliases=("rate",)'))
    with pytest.raises(ValueError, match="'rate' and 'shout' are both called 'rate'"):
        registry.commands()


def test_an_argument_that_says_nothing_of_how_it_is_typed_is_refused(add: Path) -> None:
    (add / "shout.py").write_text(TOY.replace("film: MovieArgument", "film: str"))
    with pytest.raises(TypeError, match="how 'film' is typed must be said"):
        registry.commands()
