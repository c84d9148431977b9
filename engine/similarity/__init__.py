"""Movie to movie: how similar two are, by audience, tags, genres, age and series."""
