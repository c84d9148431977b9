"""What people are called in answers: no two look the same, whatever is known of them."""

import pytest

from bot.app.context import AppContext
from bot.services.common.people import told_apart, written_in_picture
from storage import Member

GROUP = "films"


async def called(context: AppContext, *names: str, others: tuple[str, ...] = ()) -> list[str]:
    """What members of these names are called, and others who are not seen to be of the group."""
    for number, name in enumerate(names):
        await context.store.remember(f"discord:{9 + number}", name, GROUP)
    more = [Member(f"discord:{100 + number}", name) for number, name in enumerate(others)]
    return [*(await told_apart(context, GROUP, more)).values()]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("Ann", "Bob"), ["Ann", "Bob"]),
        (("Ann", "ann", "A\u200bnn", "\uff21nn"), ["Ann", "ann (2)", "Ann (3)", "\uff21nn (4)"]),
        (("Zoe\u0308", "Zo\u00eb"), ["Zoe\u0308", "Zo\u00eb (2)"]),
        (("Ann (2)", "Ann", "Ann"), ["Ann (2)", "Ann", "Ann (3)"]),
        (("Ann", "Ann", "Ann (2)"), ["Ann", "Ann (2)", "Ann (2) (2)"]),
        (("\u200b", "", "\u2800\u3164"), ["somebody", "somebody (2)", "somebody (3)"]),
        ((" Ann\n Lee ", "Ann Lee"), ["Ann Lee", "Ann Lee (2)"]),
    ],
)
async def test_names_that_look_the_same_are_numbered_by_how_old_the_account_is(
    context: AppContext, names: tuple[str, ...], told: list[str]
) -> None:
    assert await called(context, *names) == told


async def test_who_is_not_shown_in_the_group_is_told_apart_too(context: AppContext) -> None:
    assert await called(context, "Ann", others=("Ann", "Bob")) == ["Ann", "Ann (2)", "Bob"]


async def test_a_private_twin_is_seen_in_the_names_for_themselves_alone(
    context: AppContext,
) -> None:
    await called(context, "Ann", "Ann")
    await context.store.set_private("discord:10", True)
    assert await told_apart(context, GROUP) == {"discord:9": "Ann"}
    seen = await told_apart(context, GROUP, viewer="discord:10")
    assert seen == {"discord:9": "Ann", "discord:10": "Ann (2)"}


async def test_what_a_picture_cannot_write_is_said(context: AppContext) -> None:
    people = [Member(f"discord:{n}", "") for n in range(5)]
    names = dict(
        zip((p.user_id for p in people), ("Bob", "王小明", "🦊 Eve", "李 Bob", "🦊"), strict=True)
    )
    written, legend = await written_in_picture(context, GROUP, people, names)
    assert written == ["Bob", "member 2", "Eve", "Bob (4)", "member 5"]
    assert legend == "In the picture member 2 is 王小明, Bob (4) is 李 Bob and member 5 is 🦊."
    assert await written_in_picture(context, GROUP, people[:1], names) == (["Bob"], "")
