"""What a user can put right themselves."""

from bot.replies import Choice


class UserError(Exception):
    """Bad input. The message names what was wrong and gives an example; it is shown as it is."""


class AmbiguousError(UserError):
    """Input that may mean several films or members: a choice among them."""

    def __init__(self, choice: Choice) -> None:
        super().__init__(choice.prompt)
        self.choice = choice
