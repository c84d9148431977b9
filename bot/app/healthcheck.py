"""Ask the bot of this machine whether it answers commands: ``python -m bot.app.healthcheck``.

For the health check of a container. Exits with 0 where it does, else with 1 and a line on why.
"""

import os
import sys
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

_TIMEOUT = 4.0  # seconds


def main() -> int:
    port = os.environ.get("HEALTH_PORT", "")
    if not port.isdecimal() or not 0 < int(port[:6]) <= 65535:
        print("HEALTH_PORT must be the port of the bot, for example 8081.", file=sys.stderr)
        return 1
    try:
        # The address begins with http and goes to this machine, whatever the port is.
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=_TIMEOUT) as answer:  # nosec B310
            print(answer.read().decode())
    except HTTPError as error:
        with error:
            print(f"not ready: {error.read().decode()}", file=sys.stderr)
        return 1
    except URLError as error:
        print(f"no answer: {error.reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
