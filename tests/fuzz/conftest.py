"""The loopback Discord and the real services, as the tests of the bot have them."""

from tests.bot.conftest import chat, context, database

__all__ = ["chat", "context", "database"]
