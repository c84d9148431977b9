"""The store in one SQLite file: nothing to install, one machine."""
