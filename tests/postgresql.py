"""A real PostgreSQL server on this machine, for as long as the tests run."""

import asyncio
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from tests.ports import free_port

T = TypeVar("T")

MISSING = "PostgreSQL is not installed: the package postgresql has it"
_USER = "postgres"  # the server refuses to run as root
_NUMBERS = count(1)


def programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``; Debian does not put it on the path."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb", path=os.pathsep.join([*map(str, homes), os.environ["PATH"]]))
    return Path(found).resolve().parent if found else None


class PostgresServer:
    """A server on a free port of 127.0.0.1. Made by `postgresql_server`."""

    def __init__(self, command: list[str], port: int, options: dict[str, Any]) -> None:
        self._command = command
        self._options = options
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None

    def database(self) -> str:
        """The address of an empty database of its own; it is a schema, which is quicker to make."""
        name = f"test_{next(_NUMBERS)}"
        self.run(lambda connection: connection.execute(f"CREATE SCHEMA {name}"))
        return f"{self.address}?search_path={name}"

    @property
    def address(self) -> str:
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/postgres"

    def run(
        self, work: Callable[[asyncpg.Connection], Awaitable[T]], address: str | None = None
    ) -> T:
        """Do some work on a connection of its own, whether or not a loop is running."""
        return in_a_thread(lambda: asyncio.run(_work(address or self.address, work)))

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, **self._options)
        while True:
            with suppress(OSError, asyncpg.CannotConnectNowError):
                self.run(lambda connection: connection.fetchval("SELECT 1"))
                return
            if self._process.poll() is not None:
                raise RuntimeError(f"{self._command[0]} ended with {self._process.returncode}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a loss of power would, but for what the operating system has in memory."""
        assert self._process is not None
        self._process.send_signal(subprocess.signal.SIGQUIT)
        self._process.wait()


async def _work(address: str, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    connection = await asyncpg.connect(address)
    try:
        return await work(connection)
    finally:
        await connection.close()


def in_a_thread(work: Callable[[], T]) -> T:
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001 - raised below, where somebody waits
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]


def _started(command: list[str], options: dict[str, Any]) -> PostgresServer:
    """Start a server on a free port, on another one where that was taken in the meantime."""
    for _ in range(5):
        port = free_port()
        server = PostgresServer([*command, "-c", f"port={port}"], port, options)
        with suppress(RuntimeError):
            server.start()
            return server
    raise RuntimeError(f"{command[0]} does not start")


@contextmanager
def postgresql_server(folder: Path, bin_folder: Path) -> Iterator[PostgresServer]:
    """Run a server whose files are in a folder, and stop it at the end."""
    options: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if os.getuid() == 0:
        options |= {"user": _USER, "group": _USER, "extra_groups": []}
        shutil.chown(folder, _USER, _USER)
    subprocess.run(
        [
            *(bin_folder / "initdb", "--pgdata", folder / "data", "--username", _USER),
            *("--auth", "trust", "--encoding", "UTF8", "--no-sync"),
        ],
        check=True,
        cwd="/",
        **options,
    )
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",  # no test pulls the plug of the machine
        "lc_messages": "C",
    }
    command = [str(bin_folder / "postgres"), "-D", str(folder / "data")]
    command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = _started(command, options | {"cwd": "/"})
    try:
        yield server
    finally:
        server.kill()
