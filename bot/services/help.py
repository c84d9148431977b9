"""All commands, or one of them or a category in detail."""

from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.command import CommandCategory, command
from bot.commands.help import overview, topic_help
from bot.commands.parameters import Text
from bot.replies import Reply


@command(
    CommandCategory.START,
    "All commands, or one of them in detail.",
    name="help",
    examples=("help", "help recommend"),
    aliases=("commands", "start"),
    order=20,
)
async def show_help(
    context: AppContext,
    request: RequestContext,
    topic: Annotated[str, Text(description="A command, such as recommend")] = "",
) -> Reply:
    """Answer with all commands, or one or a category in detail."""
    return topic_help(context, topic) if topic else overview(context)
