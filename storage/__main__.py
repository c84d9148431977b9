"""Run the storage's command line: ``python -m storage`` (:mod:`storage.cli`)."""

from storage.cli import main

raise SystemExit(main())
