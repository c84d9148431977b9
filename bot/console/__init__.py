"""The terminal face: the same commands, one message per line."""
