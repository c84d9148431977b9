"""Why a file cannot be read at all."""


class UnreadableFileError(Exception):
    """The file is refused as a whole: one sentence on what is wrong with it, made for people.

    `bot.imports.reader.read_history` adds what to send instead.
    """
