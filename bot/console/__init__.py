"""The terminal frontend: the same commands, one message per line."""
