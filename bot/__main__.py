"""Start the bot: ``python -m bot``, on Discord where DISCORD_TOKEN is set, else in the terminal."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import AsyncExitStack

from threadpoolctl import threadpool_limits

from bot import __version__
from bot.app import memory
from bot.app.backups import backing_up, remove_left
from bot.app.context import AppContext
from bot.app.workers import process_renderer
from bot.console.chat import run_console
from bot.errors import UserError
from bot.settings import Settings, SettingsError, load_settings
from engine import BundleError, TasteModel, load_model
from storage import StorageError, open_store

SWITCH_INTERVAL = 0.001  # seconds; Python's own is 0.005


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until stopped; return the exit status: 0, 1 after a line on what is wrong, or 130."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Reeltwin, the movie-taste bot: on Discord where DISCORD_TOKEN is set (in the "
        "environment or .env), else as a chat in the terminal. .env.example lists all settings.",
    )
    parser.add_argument("--version", action="version", version=f"Reeltwin {__version__}")
    parser.add_argument("--console", action="store_true", help="chat in the terminal in any case")
    options = parser.parse_args(arguments)
    try:
        settings = load_settings()
        # One user's solve is too small to gain from threads; many at once would fight over cores,
        # and each would keep one busy by waiting for the next.
        threadpool_limits(1)
        memory.keep_few_arenas()
        model = load_model(settings.model_path)
        if options.console or settings.discord_token is None:
            # A traceback has no place in the chat: the file is made when there is one to write.
            _log_to(logging.FileHandler("reeltwin.log", delay=True), logging.WARNING)
            run_console(settings, model)
            return 0
        _log_to(logging.StreamHandler(), logging.INFO)
        # The loop is not to wait long for a thread that computes or draws to let go of Python.
        sys.setswitchinterval(SWITCH_INTERVAL)
        # The process that draws looks up no titles: it is forked before their index is there, and
        # before there are threads.
        model.warm_up(search=False)
        with process_renderer(model, settings.model_path) as renderer:
            model.warm_up()
            memory.settle()
            asyncio.run(_on_discord(settings, model, renderer))
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except (SettingsError, BundleError, StorageError, UserError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _log_to(handler: logging.Handler, level: int) -> None:
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=level, format=form, handlers=[handler])


async def _on_discord(settings: Settings, model: TasteModel, renderer: Executor) -> None:
    from bot.discord.run import run_discord  # slow to import, and not wanted in the terminal

    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings.database))
        context = AppContext(
            model,
            store,
            settings.command_prefix,
            renderer=renderer,
            backups_kept_hours=settings.backups_kept_hours,
        )
        stack.callback(context.close)
        await remove_left(settings.database, settings.folder_of_backups)
        if settings.backups is not None:
            backups = backing_up(
                settings.database,
                settings.backups,
                settings.backup_hours,
                settings.backup_keep,
                context.metrics.backed_up,
            )
            await stack.enter_async_context(backups)
        await run_discord(settings, context)


if __name__ == "__main__":
    sys.exit(main())
