"""The files that other services give their members, one service a file."""
