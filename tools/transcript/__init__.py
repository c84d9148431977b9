"""What every command answers, recorded from the bot as a process of its own and compared.

It knows nothing of the bot's inside, so that it runs unchanged before and after a restructuring:
`terminal` pipes lines into the chat, `discord` lets people act on the loopback Discord. What they
say stands in `terminal_script` and `discord_script`. Run it by
``python -m tools.transcript record`` and ``python -m tools.transcript check``.
"""
