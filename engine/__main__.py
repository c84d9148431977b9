"""Run the engine's command line: ``python -m engine`` (:mod:`engine.cli`)."""

from engine.cli import main

raise SystemExit(main())
