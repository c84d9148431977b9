"""Which members are meant: those of the group in which a user asks, by mention or name."""

import re
from collections.abc import Collection, Sequence

from rapidfuzz.distance import JaroWinkler

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import message, the_command
from bot.commands.parameters import People, Person
from bot.errors import AmbiguousError, UserError
from bot.replies import Action, Choice
from bot.text import shortened
from engine.titles.parse import fold
from storage import Member

_MOST_OPTIONS = 25
_NEAR = 0.88  # how alike a name must be that is meant by a slip
_ALONE = "That works in a server, where others are. Here it is only the two of us."


async def find_member(
    context: AppContext, request: RequestContext, text: str, command: str
) -> Member:
    """Return the member of the asker's group whom ``text`` names.

    Parameters
    ----------
    context, request
        The members are those of the group in which the request is made.
    text
        A mention, or a name: all of it, how a word of it begins, or with slips.
    command
        The command that asks, whose way to say a member is shown in examples and choices.

    Raises
    ------
    AmbiguousError
        Several members are meant; its options run the command on each.
    UserError
        None is meant, or there is no group.
    """
    example = context.typed(_on_member(command, "@friend"))
    if not text.strip():
        raise UserError(f"Whom do you mean? Name somebody, for example: {example}")
    group = group_of(request)
    members = await context.store.members(group, viewer=request.user_id)
    wanted = _mentioned(request, text)
    if wanted is not None:
        found = [member for member in members if member.user_id == wanted]
    else:
        found = _named(context, group, members, text)
    if not found:
        seen = {member.user_id for member in members}
        raise UserError(await _why_nobody(context, group, text, wanted, seen))
    if len(found) > 1:
        options = tuple(
            Action(
                member.name,
                _on_member(command, mention_of(member)),
                detail=" · ".join(context.members.names(group, member.user_id)[1:]),
                in_place=True,
            )
            for member in found[:_MOST_OPTIONS]
        )
        raise AmbiguousError(Choice(f"“{shortened(text)}” is …", options, in_place=True))
    return found[0]


def group_of(request: RequestContext, otherwise: str = _ALONE) -> str:
    """Return the group in which a user asks; raises UserError(``otherwise``) in private."""
    if request.guild_id is None:
        raise UserError(otherwise)
    return request.guild_id


def mention_of(member: Member) -> str:
    """Return what a user types to mean just this member."""
    frontend, own_id = member.user_id.split(":", 1)
    return f"<@{own_id}>" if frontend == "discord" else f"@{own_id}"


def _on_member(command: str, mention: str) -> str:
    """Return the message that runs a command on one member."""
    for parameter in the_command(command).parameters:
        if isinstance(parameter, Person):
            return message(command, **{parameter.name: mention})
        if isinstance(parameter, People):
            return message(command, **{parameter.name: (mention,)})
    raise LookupError(f"the command {command!r} takes no member")


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


def _named(context: AppContext, group: str, members: list[Member], text: str) -> list[Member]:
    """Return those of that very name, else with a word that begins so, else of nearly that name."""
    wanted = _folded(text)
    names = [
        (member, {*map(_folded, (member.name, *context.members.names(group, member.user_id)))})
        for member in members
    ]
    if same := [member for member, own in names if wanted in own]:
        return same
    if begun := [m for m, own in names if any(f" {wanted}" in f" {name}" for name in own)]:
        return begun
    near = [
        (max(JaroWinkler.similarity(wanted, name, score_cutoff=_NEAR) for name in own), member)
        for member, own in names
    ]
    best = max((score for score, _ in near), default=0.0)
    return [member for score, member in near if score == best > 0]


def _folded(name: str) -> str:
    return fold(name.strip().removeprefix("@"))
