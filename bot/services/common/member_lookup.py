"""Which members are meant: those of the group in which a user asks, by mention or name."""

import re

from rapidfuzz import process, utils
from rapidfuzz.distance import JaroWinkler

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import message, the_command
from bot.commands.parameters import People, Person
from bot.errors import AmbiguousError, UserError
from bot.replies import Action, Choice
from bot.text import shortened
from storage import Member

_MOST_OPTIONS = 25
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
        A mention, or a name with slips.
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
    members = await context.store.members(group_of(request), viewer=request.user_id)
    if mention := re.fullmatch(r"<@!?(\d+)>", text.strip()):
        wanted = f"{request.frontend}:{mention[1]}"
        found = [member for member in members if member.user_id == wanted]
        who = text.strip()
    else:
        found = _named(members, text)
        who = f"“{shortened(text)}”"
    if not found:
        raise UserError(
            f"{who} has not talked to me here yet. Once they have rated a few films, "
            f"it works: {context.typed('quiz')}"
        )
    if len(found) > 1:
        options = tuple(
            Action(member.name, _on_member(command, mention_of(member)), in_place=True)
            for member in found[:_MOST_OPTIONS]
        )
        raise AmbiguousError(Choice(f"{who} is …", options, in_place=True))
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


def _named(members: list[Member], text: str) -> list[Member]:
    """Return those of that very name, else those of nearly that name."""
    wanted = text.strip().removeprefix("@")
    same = [member for member in members if member.name.casefold() == wanted.casefold()]
    if same:
        return same
    near = process.extract(
        wanted,
        [member.name for member in members],
        scorer=JaroWinkler.similarity,
        processor=utils.default_process,
        score_cutoff=0.88,
        limit=_MOST_OPTIONS,
    )
    best = max((score for _, score, _ in near), default=0.0)
    return [members[at] for _, score, at in near if score == best]
