"""How the bot looks on Discord: its colours, and how much fits into a message."""

from bot.replies import Severity

COLOURS = {Severity.NORMAL: 0x5865F2, Severity.QUESTION: 0xF0B232, Severity.PROBLEM: 0xDA373C}

BLANK = "…"  # where there is nothing to read, which Discord does not take

# Discord's limits, https://docs.discord.com/developers/components/reference
COMPONENTS = 40  # in a message, with those inside others
TEXT = 4_000  # characters in all of a message
BUTTONS = 5  # in a row
OPTIONS = 25  # of a menu
LABEL = 80  # characters on a button
PICTURE_TEXT = 1_024  # characters of a picture's description
OPTION_TEXT = 100  # characters of an option's label, description or value
PLACEHOLDER = 150
CUSTOM_ID = 100
