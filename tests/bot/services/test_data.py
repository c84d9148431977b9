"""One's own data: brought, taken along, kept to oneself, deleted; in the terminal too."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from bot.console.chat import Chat
from bot.imports.archive import MAX_BYTES
from bot.replies import Reply, Severity
from bot.uploads import Upload
from tests.bot.chat_helpers import Say, rated, shown, words

LETTERBOXD = """Date,Name,Year,Letterboxd URI,Rating
2024-01-02,Alien,1979,https://boxd.it/1,4.5
2024-01-02,The Matrix,1999,https://boxd.it/2,5
2024-01-02,No Such Film At All,1999,https://boxd.it/3,5
"""
ALICE = RequestContext("console:alice", "alice")

Send = Callable[..., object]


def upload(data: bytes, name: str = "ratings.csv", size: int | None = None) -> Upload:
    async def read() -> bytes:
        return data

    return Upload(name, len(data) if size is None else size, read)


async def send(context: AppContext, data: bytes | str, request: RequestContext = ALICE) -> Reply:
    raw = data.encode() if isinstance(data, str) else data
    return await dispatch(context, request, "import", lambda text: upload(raw))


def counts(reply: Reply) -> dict[str, str]:
    return {shown(row[0]): shown(row[1]) for row in reply.tables[0].rows}


async def test_a_file_is_looked_into_before_anything_changes(context: AppContext) -> None:
    await context.store.rate(ALICE.user_id, {2571: 3.0})  # The Matrix
    reply = await send(context, LETTERBOXD)
    assert counts(reply) == {"New ratings": "1", "Rated otherwise here": "1", "Not found": "1"}
    assert "Letterboxd" in reply.text
    assert reply.document is not None
    assert b"No Such Film At All" in reply.document.data
    assert await rated(context) == {"The Matrix (1999)": 3.0}


async def test_once_confirmed_it_is_taken_over_and_can_be_taken_back(
    say: Say, context: AppContext
) -> None:
    await context.store.rate(ALICE.user_id, {2571: 3.0})
    reply = await send(context, LETTERBOXD)
    done = await say(reply.buttons[0].message)
    assert counts(done)["New ratings"] == "1"
    assert await rated(context) == {"Alien (1979)": 4.5, "The Matrix (1999)": 3.0}
    await say("rate Up 4")
    back = await say(done.buttons[-1].message)
    assert "1 film as before" in back.text
    assert await rated(context) == {"The Matrix (1999)": 3.0, "Up (2009)": 4.0}
    assert (await say("import undo")).severity is Severity.PROBLEM


async def test_cancelled_it_changes_nothing_and_is_gone(say: Say, context: AppContext) -> None:
    reply = await send(context, LETTERBOXD)
    await say(reply.buttons[1].message)
    assert "send it again" in (await say("import confirm")).text
    assert await rated(context) == {}


async def test_one_person_cannot_confirm_the_file_of_another(say: Say, context: AppContext) -> None:
    await send(context, LETTERBOXD)
    assert (await say("import confirm", name="bob")).severity is Severity.PROBLEM
    assert await rated(context, "bob") == {}


async def test_a_file_with_nothing_new_has_nothing_to_confirm(context: AppContext) -> None:
    await context.store.rate(ALICE.user_id, {1214: 4.5, 2571: 5.0})
    reply = await send(context, LETTERBOXD)
    assert (reply.title, reply.buttons) == ("Nothing new in it", ())


async def test_films_seen_without_stars_are_never_recommended(
    say: Say, context: AppContext
) -> None:
    (best,) = (await say("recommend 1")).tables[0].actions
    title = best.detail
    name, year = title[:-7], title[-5:-1]
    watched = f"Date,Name,Year,Letterboxd URI\n2024-01-02,{name},{year},https://boxd.it/1\n"
    reply = await send(context, watched)
    assert counts(reply) == {"Seen, without stars": "1"}
    await say(reply.buttons[0].message)
    assert title not in words(await say("recommend 50"))
    await say("import undo")
    assert title in words(await say("recommend 1"))


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02" * 100, b"%PDF-1.7 nothing", b"a,b,c\n1,2,3\n", b"PK\x03\x04 no"]
)
async def test_any_other_file_is_refused_in_words(context: AppContext, data: bytes) -> None:
    reply = await send(context, data)
    assert reply.severity is Severity.PROBLEM
    assert "For example" in reply.text or "for example" in reply.text


async def test_too_large_a_file_is_not_even_read(context: AppContext) -> None:
    async def never() -> bytes:
        raise AssertionError("it was read")

    huge = Upload("ratings.csv", MAX_BYTES + 1, never)
    reply = await dispatch(context, ALICE, "import", lambda text: huge)
    assert "10 MB is the most" in reply.text


async def test_without_a_file_it_says_where_to_get_one(say: Say) -> None:
    text = words(await say("import"))
    assert all(name in text for name in ("Letterboxd", "IMDb", "Trakt", "MovieLens"))


async def test_what_is_taken_along_comes_back_the_same(say: Say, context: AppContext) -> None:
    await say("rate Alien 4.5\nAmelie (2001) 3\nUp 5")
    exported = await say("export")
    assert exported.document is not None
    before = {r.movie_id: r for r in await context.store.ratings(ALICE.user_id)}
    reply = await send(context, exported.document.data, RequestContext("console:bob", "bob"))
    await say(reply.buttons[0].message, name="bob")
    after = {r.movie_id: r for r in await context.store.ratings("console:bob")}
    assert after == before


async def test_nothing_rated_is_nothing_to_take_along(say: Say) -> None:
    assert (await say("export")).severity is Severity.PROBLEM


# privacy


async def test_what_is_kept_is_counted(say: Say) -> None:
    await say("rate Alien 5\nUp 4", guild_id="films")
    text = words(await say("privacy"))
    assert "ratings\n2 entries" in text
    assert "servers\n1 entry" in text


async def test_private_ratings_are_hidden_from_others_and_not_from_oneself(say: Say) -> None:
    await say("rate Alien 5", guild_id="films")
    await say("rate Alien 3.5", name="bob", guild_id="films")
    await say("private on")
    assert "alice" not in words(await say("seen Alien", name="bob", guild_id="films"))
    assert "alice" in words(await say("seen Alien", guild_id="films"))
    assert "has not talked" in (await say("ratings alice", name="bob", guild_id="films")).text
    await say("private off")
    assert "alice" in words(await say("seen Alien", name="bob", guild_id="films"))


async def test_everything_is_deleted_only_once_it_is_confirmed(
    say: Say, context: AppContext
) -> None:
    await say("rate Alien 5\nUp 4", guild_id="films")
    asked = await say("forget", guild_id="films")
    assert asked.severity is Severity.QUESTION
    assert len(await rated(context)) == 2
    keep = next(b for b in asked.buttons if b.label == "Keep it")
    await say(keep.message)
    assert len(await rated(context)) == 2
    done = await say(asked.buttons[0].message, guild_id="films")
    assert "2 ratings" in done.text
    assert await rated(context) == {}
    assert (await say("undo")).severity is Severity.PROBLEM
    assert "alice" not in words(await say("seen Alien", name="bob", guild_id="films"))


# in the terminal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "letter boxd.csv").write_text(LETTERBOXD)
    return tmp_path


async def test_at_the_terminal_a_file_is_named_and_files_are_saved(
    context: AppContext, folder: Path
) -> None:
    printed = io.StringIO()
    chat = Chat(context, Console(file=printed, width=120), folder)
    await chat.hear(f'!import "{folder / "letter boxd.csv"}"')
    await chat.hear("Import 2 ratings")
    await chat.hear("!export")
    assert await rated(context, "you") == {"Alien (1979)": 4.5, "The Matrix (1999)": 5.0}
    assert "Alien" in (folder / "reeltwin-ratings.csv").read_text()
    assert "No Such Film" in (folder / "reeltwin-left-out.csv").read_text("utf-8-sig")


async def test_at_the_terminal_all_vote_by_number(context: AppContext, folder: Path) -> None:
    printed = io.StringIO()
    chat = Chat(context, Console(file=printed, width=120), folder)
    for line in (
        "alice> !rate Alien 5\nUp 4\nCoco 3",
        "bob> !rate Alien 4\nJaws 4\nCoco 5",
        "alice> !movienight @bob",
        "alice> Vote: an hour",
        "alice> 1",
        "bob> 1",
        "bob> 2",
    ):
        await chat.hear(line)
    assert "alice and bob" in printed.getvalue()
    assert "2 voters" in printed.getvalue()
