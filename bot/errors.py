"""What a person can put right themselves."""


class UserError(Exception):
    """Bad input. The message names what was wrong and gives an example; it is shown as it is."""
