"""The loopback Discord and the real services, as the tests of the bot have them."""

from tests.bot.conftest import chat, database, services

__all__ = ["chat", "database", "services"]
