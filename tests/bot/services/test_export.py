"""Taking one's ratings along."""

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from bot.replies import Reply, Severity
from bot.uploads import Upload
from tests.bot.chat_helpers import Say

ALICE = RequestContext("console:alice", "alice")


def upload(data: bytes, name: str = "ratings.csv", size: int | None = None) -> Upload:
    async def read() -> bytes:
        return data

    return Upload(name, len(data) if size is None else size, read)


async def send(context: AppContext, data: bytes | str, request: RequestContext = ALICE) -> Reply:
    raw = data.encode() if isinstance(data, str) else data
    return await dispatch(context, request, "import", lambda text: upload(raw))


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
