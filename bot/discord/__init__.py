"""The Discord frontend: the commands by prefix, as slash commands, by controls and a form."""
