"""Long tables, a page at a time."""

import pytest

from bot.commands.paging import page_of
from bot.errors import UserError
from bot.replies import Action, Column, ColumnKind, Reply, Table
from tests.bot.chat_helpers import Say

LEAD = (Column("Film", ColumnKind.LEAD),)


def listing(n: int) -> Reply:
    rows = tuple((f"film {i}",) for i in range(n))
    actions = tuple(Action("Open", f"predict id:{i}") for i in range(n))
    return Reply(text="Films.", tables=(Table(LEAD, rows, actions=actions),))


def test_what_fits_on_a_page_is_left_as_it_is() -> None:
    assert page_of(listing(10), 1, 10, "ratings") == listing(10)
    assert page_of(Reply(text="none"), 1, 10, "ratings") == Reply(text="none")


def test_each_row_is_on_one_page_with_its_action() -> None:
    pages = [page_of(listing(25), number, 10, "ratings").tables[0] for number in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [10, 10, 5]
    assert sum((page.rows for page in pages), ()) == listing(25).tables[0].rows
    assert sum((page.actions for page in pages), ()) == listing(25).tables[0].actions


@pytest.mark.parametrize(
    ("page", "messages"),
    [
        (1, ["ratings by stars page:2"]),
        (2, ["ratings by stars", "ratings by stars page:3"]),
        (3, ["ratings by stars page:2"]),
    ],
)
def test_pages_are_turned_in_place(page: int, messages: list[str]) -> None:
    reply = page_of(listing(25), page, 10, "ratings by stars")
    assert [button.message for button in reply.buttons] == messages
    assert all(button.in_place for button in reply.buttons)
    assert f"Page {page} of 3" in reply.text


@pytest.mark.parametrize(("rows", "said"), [(25, "there are 3 pages"), (5, "all on one page")])
def test_a_page_that_is_not_there_is_refused_with_the_last_one(rows: int, said: str) -> None:
    with pytest.raises(UserError, match=said):
        page_of(listing(rows), 4, 10, "ratings")


@pytest.mark.parametrize(
    ("typed", "turned"),
    [
        ("recommend", ["recommend page:2"]),
        ("recs page 2", ["recommend", "recommend page:3"]),
        ("recommend 1990s horror 20", ["recommend 20 Horror 1990-1999 page:2"]),
        ("recommend comedy since 2000 gems", ["recommend Comedy since 2000 gems page:2"]),
    ],
)
async def test_a_page_says_what_was_asked_for_in_the_order_of_the_parameters(
    say: Say, typed: str, turned: list[str]
) -> None:
    """As in the custom ids of messages that were sent before."""
    buttons = [button for button in (await say(typed)).buttons if button.in_place]
    assert [button.message for button in buttons] == turned
