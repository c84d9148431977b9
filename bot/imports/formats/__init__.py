"""The files that other services give their members, one service a file.

A file here defines `SOURCE`, a `bot.imports.format.ImportSource`: the service's name, how people
get the file, and for each kind of file how it is known and the function that reads a row. Nothing
else names the service: the reader and the answer to ``import`` find it here.
"""
