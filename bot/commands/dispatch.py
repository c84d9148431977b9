"""From a message to its reply: the one way of all frontends, whatever goes wrong on it."""

from collections.abc import Callable, Mapping
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from bot.app.context import AppContext, RequestContext
from bot.commands.command import Command
from bot.commands.paging import page_of
from bot.commands.parameters import Attachment, format_values, parse_values
from bot.commands.registry import find_command, load
from bot.errors import AmbiguousError, UserError
from bot.replies import Reply, Severity
from bot.text import shortened
from bot.uploads import Upload
from engine import EngineError
from storage import ForgottenError, Incarnation, StorageError

APOLOGY = "Something went wrong on my side. What you told me before is safe; please try again."

FORGOTTEN = (
    "Everything of yours was deleted while I was at this, so nothing of it is kept. "
    "You are welcome to begin anew."
)

Values = Mapping[str, Any]

# The file that comes with a message, given the text behind the command.
FindUpload = Callable[[str], Upload | None]


def no_upload(text: str) -> None:
    """Find no file: with this message none can come."""


async def dispatch(
    context: AppContext,
    request: RequestContext,
    message: str,
    find_upload: FindUpload = no_upload,
) -> Reply:
    """Answer a typed message: find its command, parse its text, and invoke it.

    Parameters
    ----------
    context, request
        What the command stands on, and who asks.
    message
        The command's name and then its text, without the prefix.
    find_upload
        Gives the file that comes with the message, where a command takes one.
    """
    command, name, text = split_message(message)
    if command is None:
        return unknown_command(context, name)
    return await invoke(
        context, request, command, lambda: read_values(context, command, text, find_upload)
    )


def split_message(message: str) -> tuple[Command | None, str, str]:
    """Return the command that a typed message names, if any, the name as typed, and its text."""
    name, text = (*message.split(maxsplit=1), "", "")[:2]
    return find_command(name), name, text


async def invoke(
    context: AppContext, request: RequestContext, command: Command, values: Callable[[], Values]
) -> Reply:
    """Run a command with typed values; whatever fails on the way becomes a reply too.

    The asker is remembered as a member of the group they speak in; bad input is answered with its
    sentence, anything unforeseen with an apology, while the traceback goes to the log.

    Parameters
    ----------
    context, request
        What the command stands on, and who asks.
    command
        The command, found already.
    values
        Gives the values by the names of the command's parameters. It is called here, so that what
        it refuses is answered, counted and logged as any other bad input.
    """
    with context.metrics.command(command.name, request.user_id, request.guild_id) as ended:
        try:
            with context.room_for_command(request.asker), context.store.session() as session:
                # From here on nothing is written for who is forgotten while this goes on.
                session.member = await _remember(context, request)
                if command.group and request.guild_id is not None:
                    await context.members.sync(request.guild_id)
                given = dict(values())
                page = given.pop("page", 1)
                reply = await command.run(context, request, **given)
                return _page_of(context, command, given, page, reply) if command.paged else reply
        except AmbiguousError as unsure:
            return Reply(title="Which one?", choices=(unsure.choice,), severity=Severity.QUESTION)
        except UserError as error:
            ended.refused()
            return Reply(text=str(error), severity=Severity.PROBLEM)
        except ForgottenError:
            ended.refused()
            return Reply(text=FORGOTTEN, severity=Severity.PROBLEM)
        except (StorageError, EngineError) as error:
            ended.failed(error)
            return Reply(text=f"{APOLOGY} ({error})", severity=Severity.PROBLEM)
        except Exception as error:  # noqa: BLE001 - the metrics log it with its traceback
            ended.failed(error)
            return Reply(text=APOLOGY, severity=Severity.PROBLEM)


def nearest_command(name: str) -> str | None:
    """Return the command that ``name`` is a slip of; other bots', like "date", are none."""
    by_name = load().by_name
    best = process.extractOne(
        name.casefold(), list(by_name), scorer=JaroWinkler.similarity, score_cutoff=0.87
    )
    return by_name[best[0]].name if best else None


def unknown_command(context: AppContext, name: str) -> Reply:
    """Return what a user is told who names no command, with a guess at the one that was meant."""
    if not name:
        return Reply(
            text=f"Say what you want, for example {context.typed('rate Alien 5')}. "
            f"All commands: {context.typed('help')}",
            severity=Severity.PROBLEM,
        )
    near = nearest_command(name)
    guess = f" Did you mean {context.typed(near)}?" if near else ""
    return Reply(
        text=f"There is no command {context.typed(shortened(name))}.{guess} "
        f"All commands: {context.typed('help')}",
        severity=Severity.PROBLEM,
    )


async def _remember(context: AppContext, request: RequestContext) -> Incarnation:
    return await context.store.remember(
        request.user_id, request.name, request.guild_id, request.channel_id
    )


def read_values(
    context: AppContext, command: Command, text: str, find_upload: FindUpload = no_upload
) -> Values:
    """Return the values of a command from the text behind its name, or the file beside it.

    Parameters
    ----------
    context
        Its prefix stands in what is told of a text that cannot be read.
    command, text
        The command, and what was typed behind its name.
    find_upload
        As in `dispatch`.

    Raises
    ------
    UserError
        A value is out of its range, or part of the text means nothing.
    """
    files = [parameter for parameter in command.parameters if isinstance(parameter, Attachment)]
    if files and (upload := find_upload(text)):
        return {files[0].name: upload}
    example = context.typed(command.examples[-1])
    return parse_values(command.parameters, text, context.typed(command.usage), example)


def _page_of(
    context: AppContext, command: Command, given: dict[str, Any], page: int, reply: Reply
) -> Reply:
    typed = f"{command.name} {format_values(command.parameters, given)}".rstrip()
    return page_of(reply, page, context.rows_per_page, typed, context.prefix)
