"""The bot: what it can do (services), and its two frontends (Discord, the terminal)."""

from importlib.metadata import version

__version__ = version("reeltwin")
