"""The chat in the terminal: in process, and as people run it."""

import io
import os
import pty
import re
import signal
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from bot.app.context import AppContext
from bot.console.chat import Chat
from storage import open_store
from tests.bot.chat_helpers import BOT, bare_environment, rated

Hear = Callable[..., Awaitable[str]]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


@pytest.fixture
def hear(context: AppContext, pictures: Path) -> Hear:
    """Type lines into one chat; returns what the last one printed, in a wide terminal."""
    printed = io.StringIO()
    chat = Chat(context, Console(file=printed, width=200), pictures)

    async def hear(*lines: str) -> str:
        for line in lines:
            printed.seek(0)
            printed.truncate()
            await chat.hear(line)
        return printed.getvalue()

    return hear


async def test_a_line_without_a_name_is_said_by_you(hear: Hear, context: AppContext) -> None:
    assert "Alien (1979)" in await hear("!rate Alien 5")
    assert await rated(context, "you") == {"Alien (1979)": 5.0}


async def test_a_name_before_the_line_speaks_for_somebody(hear: Hear, context: AppContext) -> None:
    await hear("alice> !rate Alien 5", "bob>!rate Up 3", "alice > !rate Coco 4")
    assert await rated(context, "alice") == {"Alien (1979)": 5.0, "Coco (2017)": 4.0}
    assert await rated(context, "bob") == {"Up (2009)": 3.0}
    assert "For bob" in await hear("bob> !recommend")


async def test_the_prefix_may_be_left_out(hear: Hear, context: AppContext) -> None:
    await hear("rate Alien 5")
    assert "Alien (1979)" in await hear("ratings")


async def test_a_list_pasted_after_the_command_is_rated_line_by_line(
    hear: Hear, context: AppContext
) -> None:
    await hear("!rate Alien 5", "Toy Story (1995) 4.5", "The Notebook 2")
    assert await rated(context, "you") == {
        "Alien (1979)": 5.0,
        "Toy Story (1995)": 4.5,
        "The Notebook (2004)": 2.0,
    }


@pytest.mark.parametrize("line", ["hello", "Alien", "5", "what now?", "x" * 5000])
async def test_other_words_are_answered_by_how_commands_look(hear: Hear, line: str) -> None:
    assert "Commands start with !" in await hear(line)


@pytest.mark.parametrize("line", ["", "   ", "alice>", "alice>   "])
async def test_nothing_said_is_nothing_answered(hear: Hear, line: str) -> None:
    assert await hear(line) == ""


async def test_a_choice_is_made_by_its_number(hear: Hear, context: AppContext) -> None:
    asked = await hear("!rate 9 3")
    number = re.findall(r"(\d+)\. 9 \(2005\)", asked)[0]
    assert "9 (2005)" in await hear(number)
    assert await rated(context, "you") == {"9 (2005)": 3.0}


async def test_stars_are_chosen_by_their_number(hear: Hear, context: AppContext) -> None:
    await hear("!rate Apollo 13", "4")
    assert await rated(context, "you") == {"Apollo 13 (1995)": 4.0}


@pytest.mark.parametrize("wrong", ["0", "99", "9" * 5000, "hello"])
async def test_after_a_wrong_number_the_choice_stays_valid(
    hear: Hear, context: AppContext, wrong: str
) -> None:
    await hear("!rate Toy Story 3")
    await hear(wrong, "1")
    assert await rated(context, "you") == {"Toy Story (1995)": 3.0}


async def test_a_number_out_of_range_is_refused_by_the_range(hear: Hear) -> None:
    await hear("!rate Toy Story 3")
    assert "3 is not among the choices, which go from 1 to 2." in await hear("3")


async def test_stars_are_chosen_by_themselves_with_point_or_comma(
    hear: Hear, context: AppContext
) -> None:
    await hear("!rate Apollo 13", "4,5")
    assert await rated(context, "you") == {"Apollo 13 (1995)": 4.5}


async def test_a_film_of_a_list_is_opened_by_its_rank_and_rated_there(
    hear: Hear, context: AppContext
) -> None:
    listed = await hear("!recommend")
    title = re.findall(r"^ *3 +(.+?\(\d{4}\))", listed, re.MULTILINE)[0]
    assert await hear("3") != ""
    assert title in await hear("4.5")
    assert await rated(context, "you") == {title: 4.5}


async def test_what_a_button_says_can_be_typed(hear: Hear, context: AppContext) -> None:
    await hear("!quiz")
    assert "not seen." in await hear("Not seen")
    assert "0 films rated in it" in await hear("stop")


async def test_a_choice_that_was_made_is_over(hear: Hear, context: AppContext) -> None:
    await hear("!rate Toy Story 3", "1")
    assert "not among the choices" in await hear("3")
    assert await rated(context, "you") == {"Toy Story (1995)": 3.0}


async def test_another_command_ends_the_question(hear: Hear, context: AppContext) -> None:
    await hear("!rate Toy Story 3", "!twin")
    await hear("1")
    assert await rated(context, "you") == {}


async def test_questions_to_several_people_do_not_mix(hear: Hear, context: AppContext) -> None:
    await hear("alice> !rate Toy Story 3", "bob> !rate Apollo 13", "alice> 1", "bob> 5")
    assert await rated(context, "alice") == {"Toy Story (1995)": 3.0}
    assert await rated(context, "bob") == {"Apollo 13 (1995)": 5.0}


async def test_each_of_several_questions_can_be_answered(hear: Hear, context: AppContext) -> None:
    asked = await hear("!rate Toy Story 3\nAlien 3")
    assert "2. Toy Story 3" in asked
    assert "3. Alien (1979)" in asked
    left = await hear("3")
    number = re.findall(r"(\d+)\. Toy Story \(1995\)", left)[0]
    assert ". Alien (1979) ★★★" not in left
    await hear(number)
    assert await rated(context, "you") == {"Toy Story (1995)": 3.0, "Alien (1979)": 3.0}


async def test_pages_are_turned_by_number(hear: Hear, context: AppContext) -> None:
    titles = [context.model.catalogue.by_row(row).title for row in context.model.well_known[:25]]
    await hear("!rate\n" + "\n".join(f"{title} 4" for title in titles))
    assert "11. More →" in await hear("!ratings")
    assert "Page 2 of 3" in await hear("11")
    assert "Page 1 of 3" in await hear("← Back")


def assert_is_png(path: Path) -> None:
    assert path.read_bytes().startswith(b"\x89PNG")


async def test_a_picture_is_saved_and_its_place_told(hear: Hear, pictures: Path) -> None:
    printed = await hear("!map")
    assert f"Picture saved: {pictures / 'reeltwin-map.png'}" in printed.replace("\n", "")
    assert_is_png(pictures / "reeltwin-map.png")


async def test_a_picture_that_cannot_be_saved_is_a_sentence(hear: Hear, pictures: Path) -> None:
    (pictures / "reeltwin-map.png").mkdir()
    assert "cannot be saved" in await hear("!map")


@pytest.mark.parametrize("typed", ["[bold]wvutxqzzy[/bold]", "wvut [/] *xqzzy*", "`wvut` :bomb:"])
async def test_markup_is_printed_as_it_was_typed(hear: Hear, typed: str) -> None:
    assert typed in await hear(f"!similar {typed}")
    name, _, _ = typed.partition(" ")
    assert name in await hear(f"!{typed}")


@pytest.mark.parametrize("width", [80, 110])
async def test_help_fits_one_screen(context: AppContext, tmp_path: Path, width: int) -> None:
    printed = io.StringIO()
    await Chat(context, Console(file=printed, width=width), tmp_path).hear("!help")
    lines = printed.getvalue().rstrip("\n").splitlines()
    assert len(lines) <= 23, "one line of 24 is for the prompt"
    assert max(map(len, lines)) <= width


# the real process


def run(folder: Path, typed: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*BOT, "--console"],
        cwd=folder,
        env=bare_environment(folder),
        input=typed,
        capture_output=True,
        check=False,
    )


def test_a_chat_by_pipe_is_answered_line_by_line_to_its_end(tmp_path: Path) -> None:
    typed = (
        "!rate Alien 5\n!recommend\n!similar Toy Story (1995)\n!twin\n!map\nalice> !rate Up 3\n"
        "alice> !ratings\n"
    )
    ended = run(tmp_path, typed.encode() + b"!similar \xff\n!help")
    printed = ended.stdout.decode()
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "Toy Story 2 (1999)" in printed
    assert printed.count("MovieLens user ") == 5
    assert_is_png(tmp_path / "reeltwin-map.png")
    alices = printed.split("Your ratings")[1].split("I know no film")[0]
    assert "Up (2009)" in alices
    assert "Alien" not in alices
    assert "!recommend, !predict" in printed
    assert "Traceback" not in printed


def stop_after(
    folder: Path, typed: bytes, printed: bytes, stop: signal.Signals
) -> tuple[int, bytes]:
    """Send a signal once something was printed; returns the exit status and the errors."""
    with subprocess.Popen(
        [*BOT, "--console"],
        cwd=folder,
        env=bare_environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(typed)
        process.stdin.flush()
        while line := process.stdout.readline():
            if printed in line:
                break
        process.send_signal(stop)
        errors = process.stderr.read()
    return process.returncode, errors


@pytest.mark.slow
async def test_a_confirmed_rating_survives_the_death_of_the_process(tmp_path: Path) -> None:
    typed = b"alice> !rate Alien 4.5\n"
    status, _ = stop_after(tmp_path, typed, b"Alien (1979)", signal.SIGKILL)
    assert status == -signal.SIGKILL
    async with open_store(tmp_path / "reeltwin.sqlite3") as store:
        assert [row.stars for row in await store.ratings("console:alice")] == [4.5]


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let processes be interrupted though this one may not be, as in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_amid_an_answer_stops_without_a_traceback(tmp_path: Path) -> None:
    typed = b"!help\n" + b"!map\n" * 20
    assert stop_after(tmp_path, typed, b"Picture saved", signal.SIGINT) == (130, b"")


@pytest.mark.slow
def test_at_a_terminal_it_prompts_and_leaves_when_told(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = bare_environment(tmp_path) | {"TERM": "xterm"}
    with subprocess.Popen(
        [*BOT], cwd=tmp_path, env=environment, stdin=theirs, stdout=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        printed = read_until(ours, b"you> ")
        os.write(ours, b"rate Alien 5\n")
        printed += read_until(ours, b"you> ")
        os.write(ours, b"exit\n")
        assert process.wait() == 0
    os.close(ours)
    assert b"Alien (1979)" in printed


def read_until(terminal: int, wanted: bytes) -> bytes:
    printed = b""
    while wanted not in re.sub(rb"\x1b\[[0-9;?]*[a-zA-Z]", b"", printed):
        printed += os.read(terminal, 4096)
    return printed
