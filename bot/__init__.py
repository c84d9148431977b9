"""The bot: what it can do (services) and the two faces that offer it (Discord, the terminal)."""

from importlib.metadata import version

__version__ = version("reeltwin")
