"""Bringing one's history: files of other services read as ratings, and ratings written as a file.

Nothing here knows Discord or storage, and nothing touches the disk.

>>> from bot.imports.movie_matching import MovieIndex
>>> from bot.imports.reader import read_history
>>> movies = MovieIndex(model.catalogue)  # once  # doctest: +SKIP
>>> history = read_history("ratings.csv", data, movies)  # doctest: +SKIP
>>> history.source, len(history.stars)  # doctest: +SKIP
('Letterboxd', 412)
"""
