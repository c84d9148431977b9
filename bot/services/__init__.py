"""What the bot can do: one file a command, plain async functions that return replies.

Each takes the :class:`bot.app.context.AppContext` it stands on, the
:class:`bot.app.context.RequestContext` of who asks, and typed arguments, whose annotations say how
they are typed. A function becomes a command by :func:`bot.commands.command.command`;
:mod:`bot.commands.registry` finds all modules of this package.
"""
