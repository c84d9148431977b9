"""Which members are meant: those of the group in which a user asks, by mention or name."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rapidfuzz.distance import JaroWinkler

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import message, the_command
from bot.commands.parameters import People, Person
from bot.errors import AmbiguousError, UserError
from bot.replies import Action, Choice
from bot.services.common.people import tell_apart
from bot.text import shortened
from engine.titles.parse import fold
from storage import Member

_MOST_OPTIONS = 25
_LONGEST_OPTION = 100  # characters of a message that a menu carries
_NAMED = 5  # of several who may be meant, in a sentence
_NEAR = 0.88  # how alike a name must be that is meant by a slip
_ALONE = "That works in a server, where others are. Here it is only the two of us."


async def find_member(
    context: AppContext, request: RequestContext, text: str, command: str, **values: Any
) -> Member:
    """Return the member of the asker's group whom ``text`` names; as `find_members` does."""
    (found,) = await find_members(context, request, [text], command, **values)
    return found


async def find_members(
    context: AppContext, request: RequestContext, texts: Sequence[str], command: str, **values: Any
) -> list[Member]:
    """Return the members of the asker's group whom each of some texts names.

    Parameters
    ----------
    context, request
        The members are those of the group in which the request is made.
    texts
        Mentions, or names: all of it, how a word of it begins, or with slips.
    command
        The command that asks, whose way to say members is shown in examples and choices.
    **values
        Values of other parameters of the command, said behind the members.

    Raises
    ------
    AmbiguousError
        A text may mean several; its options run the command on each of them, and on all others.
    UserError
        One means nobody, there is no group, or no option could hold all that was said.
    """
    if not all(map(str.strip, texts)):
        example = context.typed(_on_members(command, ["@friend"]))
        raise UserError(f"Whom do you mean? Name somebody, for example: {example}")
    group = group_of(request)
    members = await context.store.members(group, viewer=request.user_id)
    called = tell_apart(context, group, members)
    names = {
        member: (called[member.user_id], member.name, *context.members.names(group, member.user_id))
        for member in members
    }
    found = [await _meant(context, request, names, text) for text in texts]
    mentions = [
        mention_of(m[0]) if len(m) == 1 else text for m, text in zip(found, texts, strict=True)
    ]
    for at, (text, candidates) in enumerate(zip(texts, found, strict=True)):
        if len(candidates) > 1:
            options = tuple(
                Action(
                    called[member.user_id],
                    _on_members(
                        command, [*mentions[:at], mention_of(member), *mentions[at + 1 :]], **values
                    ),
                    detail=" · ".join(_other_names(names[member])),
                    in_place=True,
                )
                for member in candidates[:_MOST_OPTIONS]
            )
            raise _ambiguous(text, options)
    return [member for (member,) in found]


def group_of(request: RequestContext, otherwise: str = _ALONE) -> str:
    """Return the group in which a user asks; raises UserError(``otherwise``) in private."""
    if request.guild_id is None:
        raise UserError(otherwise)
    return request.guild_id


def mention_of(member: Member) -> str:
    """Return what a user types to mean just this member."""
    frontend, own_id = member.user_id.split(":", 1)
    return f"<@{own_id}>" if frontend == "discord" else f"@{own_id}"


def _other_names(names: Sequence[str]) -> list[str]:
    """Return what somebody goes by besides what they are called, the first of their names."""
    return [name for name in dict.fromkeys(names) if name not in names[0]]


def _on_members(command: str, mentions: Sequence[str], **values: Any) -> str:
    """Return the message that runs a command on members, and with values for its parameters."""
    for parameter in the_command(command).parameters:
        if isinstance(parameter, Person):
            return message(command, **{parameter.name: mentions[0]}, **values)
        if isinstance(parameter, People):
            return message(command, **{parameter.name: tuple(mentions)}, **values)
    raise LookupError(f"the command {command!r} takes no member")


def _ambiguous(text: str, options: tuple[Action, ...]) -> UserError:
    """Return the question which of several is meant; a sentence where no menu could hold it."""
    who = f"“{shortened(text)}”"
    if max(len(option.message) for option in options) > _LONGEST_OPTION:
        names = [option.label for option in options[:_NAMED]]
        return UserError(
            f"{who} may be {' or '.join(names)}. Mention whom you mean, as no menu has room for "
            "so many people."
        )
    return AmbiguousError(Choice(f"{who} is …", options, in_place=True))


async def _meant(
    context: AppContext, request: RequestContext, names: Mapping[Member, Sequence[str]], text: str
) -> list[Member]:
    """Return those whom a text may mean of members with their names; raises UserError for none."""
    wanted = _mentioned(request, text)
    if wanted is None:
        found = _named(names, text)
    else:
        found = [member for member in names if member.user_id == wanted]
    if not found:
        seen = {member.user_id for member in names}
        raise UserError(await _why_nobody(context, group_of(request), text, wanted, seen))
    return found


def _mentioned(request: RequestContext, text: str) -> str | None:
    """Return the id of the user whom a text mentions; None for a name."""
    mention = re.fullmatch(r"<@!?(\d+)>", text.strip())
    return f"{request.frontend}:{mention[1]}" if mention else None


async def _why_nobody(
    context: AppContext, group: str, text: str, wanted: str | None, seen: Collection[str]
) -> str:
    """Return why none of the members that a user may see is meant.

    That somebody is private is told only to who mentions them or knows their name in full.
    """
    private = await context.store.member_ids(group) - set(seen)
    who = f"“{shortened(text)}”"
    if wanted is None:
        name = _folded(text)
        hidden = any(name in map(_folded, _names(context, group, user)) for user in private)
    else:
        names = await context.members.find(group, wanted)
        if names is None:
            return (
                "Whoever you mention is not in this server, and I tell of nobody who is "
                f"elsewhere. Who is here: {context.typed('club')}"
            )
        who = names[0] if names else "Whoever you mention"
        hidden = wanted in private
    if hidden:
        return f"{who} keeps their ratings to themselves."
    return (
        f"{who} has not talked to me here yet. Once they have rated a few films, "
        f"it works: {context.typed('quiz')}"
    )


def _names(context: AppContext, group: str, user_id: str) -> Sequence[str]:
    """Return what a user goes by in a group; at a terminal they are their names."""
    return context.members.names(group, user_id) or (user_id.split(":", 1)[1],)


def _named(names: Mapping[Member, Sequence[str]], text: str) -> list[Member]:
    """Return those of that very name, else with a word that begins so, else of nearly that name."""
    wanted = _folded(text)
    known = [(member, {*map(_folded, own)}) for member, own in names.items()]
    if same := [member for member, own in known if wanted in own]:
        return same
    if begun := [m for m, own in known if any(f" {wanted}" in f" {name}" for name in own)]:
        return begun
    near = [
        (max(JaroWinkler.similarity(wanted, name, score_cutoff=_NEAR) for name in own), member)
        for member, own in known
    ]
    best = max((score for score, _ in near), default=0.0)
    return [member for score, member in near if score == best > 0]


def _folded(name: str) -> str:
    return fold(name.strip().removeprefix("@"))
