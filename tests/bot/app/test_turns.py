"""Who gives much to do waits for most of it alone."""

import asyncio
import threading
from collections.abc import AsyncIterator
from functools import partial
from itertools import islice
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app.context import AppContext, RequestContext
from bot.app.turns import Asker, FairQueue, Turns, working_for
from bot.app.workers import FairThreads
from bot.commands.dispatch import dispatch
from bot.replies import Reply, Severity
from engine import TasteModel
from storage import open_store

A1, A2 = Asker("ann", "A"), Asker("amy", "A")
B1, ALONE = Asker("bob", "B"), Asker("cid", "cid")


def test_each_server_has_its_turn_and_in_it_each_person() -> None:
    queue: FairQueue[str] = FairQueue()
    for n in range(6):
        queue.put(A1, f"ann {n}")
    queue.put(A2, "amy 0")
    for n in range(2):
        queue.put(B1, f"bob {n}")
    queue.put(ALONE, "cid 0")
    taken = []
    while queue:
        taken.append(queue.take())
    assert taken == [
        "ann 0",
        "bob 0",
        "cid 0",
        "amy 0",
        "bob 1",
        *(f"ann {n}" for n in range(1, 6)),
    ]


def test_direct_messages_are_a_server_of_the_persons_own() -> None:
    assert RequestContext("discord:1", "ann").asker == Asker("discord:1", "discord:1")
    assert RequestContext("discord:1", "ann", "77").asker == Asker("discord:1", "77")


async def test_of_one_server_s_flood_another_waits_for_one_piece() -> None:
    threads, may_go_on, done = FairThreads(1, "test"), threading.Event(), list[str]()

    async def ask(asker: Asker, name: str) -> None:
        with working_for(asker):
            await threads.run(partial(done.append, name))

    with working_for(A1):
        first = asyncio.create_task(threads.run(may_go_on.wait))
    await asyncio.sleep(0)
    flood = [asyncio.create_task(ask(Asker(f"a{n % 13}", "A"), "A")) for n in range(200)]
    await asyncio.sleep(0)
    other = asyncio.create_task(ask(B1, "B"))
    await asyncio.sleep(0)
    may_go_on.set()
    await asyncio.gather(first, other, *flood)
    threads.close()
    assert done.index("B") <= 1
    assert len(done) == 201


async def test_a_turn_that_nobody_waits_for_any_more_is_passed_on() -> None:
    turns, log = Turns(1), list[str]()

    async def take(name: str) -> None:
        async with turns.turn():
            log.append(name)
            await asyncio.sleep(0)

    async with turns.turn():
        tasks = [asyncio.create_task(take(name)) for name in "abc"]
        await asyncio.sleep(0)
        tasks[0].cancel()
    tasks[1].cancel()  # whose turn has just come
    await asyncio.wait(tasks)
    assert log == ["c"]
    async with asyncio.timeout(5), turns.turn():
        pass


@pytest_asyncio.fixture
async def context(model: TasteModel, tmp_path: Path) -> AsyncIterator[AppContext]:
    async with open_store(tmp_path / "reeltwin.sqlite3") as store:
        context = AppContext(model, store)
        yield context
        context.close()


def flood(context: AppContext, messages: int, people: int, lines: int) -> list[asyncio.Task[Reply]]:
    """Messages of some people of server A, each of many misspelt lines, no two of them alike."""
    asked = []
    for n in range(messages):
        person = f"a{n % people}"
        text = "\n".join(
            f"3 teh {n}x{line} shawshenk of the redemtion 1994 4" for line in range(lines)
        )
        request = RequestContext(f"console:{person}", person, "A")
        asked.append(asyncio.create_task(dispatch(context, request, f"rate\n{text}")))
    return asked


async def test_a_flood_in_one_server_holds_up_another_by_little(context: AppContext) -> None:
    # Both threads of the engine are held until all of the flood that is admitted waits for one.
    may_go_on = threading.Event()
    held = [asyncio.create_task(context.in_engine_thread(may_go_on.wait)) for _ in range(2)]
    asked = flood(context, messages=65, people=13, lines=4)
    for put_off in islice(asyncio.as_completed(asked), 65 - 48):
        await put_off
    await asyncio.sleep(0.2)
    refused = [task.result() for task in asked if task.done()]
    assert all("ask me again in a few seconds" in reply.text for reply in refused)
    assert len(refused) <= 65 - 13  # each of them is heard

    bob = RequestContext("console:bob", "bob", "B")
    other = asyncio.create_task(dispatch(context, bob, "similar Alien"))
    await asyncio.sleep(0.2)
    may_go_on.set()
    assert (await other).severity is Severity.NORMAL
    still_going = sum(not task.done() for task in asked)
    assert still_going >= 13, "most of the flood came first"
    await asyncio.gather(*held, *asked)


@pytest.mark.parametrize("people", [13, 60])
async def test_whoever_has_nothing_under_way_is_heard_in_another_server(
    context: AppContext, people: int
) -> None:
    asked = flood(context, messages=5 * people, people=people, lines=3)
    await asyncio.sleep(0)
    bob = RequestContext("console:bob", "bob", "B")
    assert (await dispatch(context, bob, "recommend")).severity is Severity.NORMAL
    await asyncio.gather(*asked)


async def test_a_person_beside_a_flood_of_thirteen_others_is_heard_in_the_same_server(
    context: AppContext,
) -> None:
    asked = flood(context, messages=65, people=13, lines=3)
    await asyncio.sleep(0)
    bob = RequestContext("console:bob", "bob", "A")
    assert (await dispatch(context, bob, "recommend")).severity is Severity.NORMAL
    await asyncio.gather(*asked)


async def test_ninety_right_titles_at_once_are_all_rated(context: AppContext) -> None:
    titles = [context.model.catalogue.by_row(row).title for row in context.model.well_known[:90]]
    request = RequestContext("console:ann", "ann", "A")
    reply = await dispatch(context, request, "rate\n" + "\n".join(f"{t} 4" for t in titles))
    assert reply.severity is Severity.NORMAL
    assert len(reply.tables[0].rows) == 90
