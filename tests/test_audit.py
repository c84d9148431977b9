"""The audit fails where a package is known to be vulnerable; it says so where it cannot ask."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

pytestmark = pytest.mark.slow
pytest.importorskip("pip_audit", reason="it comes with make lint")

ROOT = Path(__file__).parents[1]


async def audit(*options: str) -> tuple[int | None, str]:
    """Run the audit; returns its status and all it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / ".ci" / "audit.py"), *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode, printed.decode()


async def with_feed(vulnerable: str | None) -> tuple[int | None, str]:
    """Audit by a feed of vulnerabilities on loopback, in which one package has one."""

    async def query(request: web.Request) -> web.Response:
        name = json.loads(await request.text())["package"]["name"]
        fixed = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}
        package = {"name": name, "ecosystem": "PyPI"}
        found: dict[str, Any] = {
            "id": "GHSA-test",
            "summary": "bad",
            "affected": [{"package": package, "ranges": [fixed]}],
        }
        return web.json_response({"vulns": [found]} if name == vulnerable else {})

    app = web.Application()
    app.router.add_post("/query", query)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        return await audit(f"--osv-url=http://127.0.0.1:{port}/query")
    finally:
        await runner.cleanup()


async def test_a_known_vulnerability_of_a_pinned_package_fails() -> None:
    status, printed = await with_feed("aiohttp")
    assert status == 1, printed
    assert "audit: aiohttp" in printed
    assert "GHSA-test, mended in 99.0" in printed


async def test_without_one_it_passes_and_tells_how_many_were_looked_at() -> None:
    status, printed = await with_feed(None)
    assert status == 0, printed
    assert "0 known vulnerabilities" in printed


async def test_where_nobody_can_be_asked_it_says_so_in_one_line_and_passes() -> None:
    status, printed = await audit("--osv-url=http://127.0.0.1:9/query")
    assert status == 0, printed
    assert printed.startswith("audit: nothing was audited, as the vulnerability service is out of")
    assert printed.count("\n") == 1


async def test_an_audit_that_fails_otherwise_fails() -> None:
    status, printed = await audit("--no-such-option")
    assert status == 2
    assert "no-such-option" in printed
