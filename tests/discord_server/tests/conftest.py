"""A loopback Discord, as the tests of the bot have it."""

from tests.bot.conftest import chat

__all__ = ["chat"]
