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


async def test_too_large_a_file_is_not_even_read(context: AppContext) -> None:
    async def never() -> bytes:
        raise AssertionError("it was read")

    huge = Upload("ratings.csv", MAX_BYTES + 1, never)
    reply = await dispatch(context, ALICE, "import", lambda text: huge)
    assert "10 MB is the most" in reply.text


async def test_without_a_file_it_says_where_to_get_one(say: Say) -> None:
    text = words(await say("import"))
    assert all(name in text for name in ("Letterboxd", "IMDb", "Trakt", "MovieLens"))
