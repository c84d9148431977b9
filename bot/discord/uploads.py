"""Files that users send on Discord, read when a service wants to know what is in them."""

import discord

from bot.errors import UserError
from bot.uploads import Upload


def upload_of(attachment: discord.Attachment) -> Upload:
    """Return an attachment as the services take files."""

    async def read() -> bytes:
        try:
            return await attachment.read()
        except discord.HTTPException:
            raise UserError(
                f"Discord does not give me {attachment.filename} any more. Please send it again."
            ) from None

    return Upload(attachment.filename, attachment.size, read)


def upload_of_message(message: discord.Message) -> Upload | None:
    """Return the first file of a message, None where it has none."""
    return upload_of(message.attachments[0]) if message.attachments else None
