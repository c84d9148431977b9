"""What help can be asked for: every command, and words beside them."""

COMMANDS = (
    *("quiz", "help", "rate", "unrate", "undo", "ratings", "skip", "recommend", "predict", "why"),
    *("similar", "opposite", "taste", "fit", "map", "twin", "compare", "seen", "movienight"),
    *("vote", "watchlist", "club", "import", "export", "privacy", "private", "forget", "bias"),
    *("dimension", "model"),
)
THEMES = ("start", "Find films", "Your data")
ODD = ("commands", "r", "rec", "film", "!rate", "recomend", "nonsense")
TOPICS = (*COMMANDS, *THEMES, *ODD)
