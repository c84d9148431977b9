"""The Discord face: the commands by prefix, as slash commands and by select menus."""
