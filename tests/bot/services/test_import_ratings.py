"""Bringing one's ratings, after a look at what would change."""

import pytest

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
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


async def test_a_file_that_is_no_list_is_told_which_are_read(context: AppContext) -> None:
    text = (await send(context, "Song,Artist\nAlien,Me\n")).text
    assert "columns “song, artist”" in text
    assert all(kind in text for kind in ("CSV", "JSON", "zip", "Letterboxd", "IMDb", "Trakt"))


async def test_of_too_many_rows_left_out_it_says_how_many_are_in_the_file(
    context: AppContext,
) -> None:
    rows = "".join(f"2024-01-02,{'wvut' * 70}{n},1999,https://b/1,4\n" for n in range(29_000))
    reply = await send(context, LETTERBOXD + rows)
    assert reply.document is not None
    assert len(reply.document.data) < 9_000_000
    held = reply.document.data.count(b"\n") - 1
    assert f"left-out.csv holds the first {held:,} of 29,001 rows" in reply.text


@pytest.mark.parametrize(
    "said", ["nowhere.csv", "something", "letterboxd.zip", "/tmp/nowhere at all.zip"]
)
async def test_a_file_that_is_not_there_is_said_not_to_be(
    say: Say, context: AppContext, said: str
) -> None:
    here = await say(f"import {said}")
    assert here.severity is Severity.PROBLEM
    assert f"There is no file “{said}” here" in here.text
    carl = RequestContext("discord:1", "carl", "films")
    there = await dispatch(context, carl, f"import {said}")
    assert there.severity is Severity.PROBLEM
    assert f"No file came with “{said}”. Attach it" in there.text


async def test_whoever_names_a_service_is_told_how_to_get_its_file(say: Say) -> None:
    assert (await say("import from letterboxd")).title == "Bring your ratings"


async def test_too_large_a_file_is_not_even_read(context: AppContext) -> None:
    async def never() -> bytes:
        raise AssertionError("it was read")

    huge = Upload("ratings.csv", MAX_BYTES + 1, never)
    reply = await dispatch(context, ALICE, "import", lambda text: huge)
    assert "10 MB is the most" in reply.text


async def test_without_a_file_it_says_where_to_get_one(say: Say) -> None:
    text = words(await say("import"))
    assert all(name in text for name in ("Letterboxd", "IMDb", "Trakt", "MovieLens"))
