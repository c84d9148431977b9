"""The bot: what it can do (services), and its two frontends (Discord, the terminal)."""

__version__ = "0.1.0"  # as in pyproject.toml
