"""Ask whether a pinned package has a known vulnerability: python .ci/audit.py [pip-audit options].

Fails where one has. Where nobody can be asked, as without internet, it says so and does not fail.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PINS = ("constraints.txt", "benchmarks/constraints.txt")
# OSV tells a package without vulnerabilities from one that it was not asked about.
PIP_AUDIT = ("-m", "pip_audit", "--vulnerability-service=osv", "--format=json", "--no-deps")
QUIET = ("--disable-pip", "--progress-spinner=off")
OUT_OF_REACH = ("ConnectionError", "Timeout", "ServiceError")


class OutOfReachError(Exception):
    """The service does not answer; the message is the error that says so."""


def main(options: list[str]) -> int:
    """Print a line for each vulnerability, or one on the whole; returns the exit status."""
    try:
        packages = [package for pins in PINS for package in _asked(ROOT / pins, options)]
    except OutOfReachError as error:
        print(f"audit: nothing was audited, as the vulnerability service is out of reach ({error})")
        return 0
    found = {
        f"{package['name']} {package['version']} has {one['id']}, mended in "
        + (" or ".join(one["fix_versions"]) or "no version")
        for package in packages
        for one in package.get("vulns", ())
    }
    for line in sorted(found):
        print(f"audit: {line}")
    print(f"audit: {len(packages)} pins, {len(found)} known vulnerabilities")
    return 1 if found else 0


def _asked(pins: Path, options: list[str]) -> list[dict[str, Any]]:
    """What pip-audit says of each package of a file; it ends the program where it cannot run."""
    command = [sys.executable, *PIP_AUDIT, *QUIET, f"--requirement={pins}", *options]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        packages: list[dict[str, Any]] = json.loads(asked.stdout)["dependencies"]
    except ValueError:
        *_, last = asked.stderr.strip().splitlines() or [""]
        why = last.partition(":")[0]
        if why.endswith(OUT_OF_REACH):
            raise OutOfReachError(why) from None
        print(asked.stderr, file=sys.stderr)
        sys.exit(2)
    return packages


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
