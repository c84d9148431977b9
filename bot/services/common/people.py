"""What people are called in answers and pictures, where names may be alike or undrawable."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from bot.app.context import AppContext
from bot.text import listed, one_line
from engine.plots.text import drawable_name, drawn_names
from storage import Member

_NAMELESS = "somebody"


async def told_apart(
    context: AppContext, group: str, people: Iterable[Member] = (), *, viewer: str | None = None
) -> Mapping[str, str]:
    """Return what each member of a group is called (by user id), no two the same to the eye.

    That is the name that is shown of them; where several look the same, with the account's behind
    it, or else a number: ``Ann @ann_1``, ``Ann (2)``. All of the group count, so that a name means
    the same person in every answer.

    Parameters
    ----------
    context, group
        The members, and what the frontend has told of their accounts.
    people
        Others who are named in the answer, such as private ones who voted.
    viewer
        Who is shown the answer (a user id): private members are not counted, but for themselves.
    """
    members = await context.store.members(group, viewer=viewer)
    return tell_apart(context, group, (*members, *people))


def tell_apart(context: AppContext, group: str, members: Iterable[Member]) -> Mapping[str, str]:
    """Return what these members of a group are called, as `told_apart` does."""
    names = {member.user_id: one_line(member.name) for member in members}
    oldest_first = sorted(names, key=lambda user_id: (len(user_id), user_id))
    accounts = {user_id: _account(context, group, user_id) for user_id in oldest_first}
    called = {user: names[user] or accounts[user] or _NAMELESS for user in oldest_first}
    alike = Counter(map(_look, called.values()))
    return _numbered({
        user: f"{name} @{accounts[user]}" if alike[_look(name)] > 1 and accounts[user] else name
        for user, name in called.items()
    })  # fmt: skip


async def written_in_picture(
    context: AppContext, group: str, people: Sequence[Member], names: Mapping[str, str]
) -> tuple[list[str], str]:
    """Return how a picture writes people, and what is to be said of those it has to rename.

    The latter is for the text beside it: ``In the picture @tanaka is 田中さくら.``; "" for none.
    """
    called = [names[person.user_id] for person in people]
    accounts = [_account(context, group, person.user_id) for person in people]
    others = [
        f"@{account}" if drawable_name(account) == account != "" else f"member {n}"
        for n, account in enumerate(accounts, start=1)
    ]
    written = await context.in_engine_thread(drawn_names, called, others)
    renamed = [
        f"{drawn} is {name}"
        for drawn, name in zip(written, called, strict=True)
        if drawn != drawable_name(name)
    ]
    return written, f"In the picture {listed(renamed)}." if renamed else ""


def _account(context: AppContext, group: str, user_id: str) -> str:
    """Return the name of somebody's account, which nobody shares; "" where it is not known."""
    known = context.members.names(group, user_id)
    return one_line(known[-1]) if known else ""


def _look(name: str) -> str:
    """Return what is the same for names that look the same."""
    return unicodedata.normalize("NFKC", name).casefold()


def _numbered(names: Mapping[str, str]) -> dict[str, str]:
    """Return names with numbers behind those that still look like one before them."""
    numbers: defaultdict[str, count[int]] = defaultdict(lambda: count(2))
    taken: set[str] = set()
    made = {}
    for user, name in names.items():
        made[user] = name
        while _look(made[user]) in taken:
            made[user] = f"{name} ({next(numbers[_look(name)])})"
        taken.add(_look(made[user]))
    return made
