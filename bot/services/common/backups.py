"""How long backups keep what a person had deleted, in words."""

from bot.app.context import AppContext
from bot.text import counted


def backups_text(context: AppContext) -> str:
    """Return the sentence on what is left in backups, and for how long."""
    hours = context.backups_kept_hours
    if hours is None:
        return "Whoever runs me may keep backups, and what is deleted stays in older ones."
    days, rest = divmod(hours, 24)
    time = counted(int(days), "day") if days and not rest else counted(max(1, round(hours)), "hour")
    return f"What is deleted stays in older backups for {time} more, then it is gone."
