"""The model bundle: what training leaves behind and serving loads."""
