"""Movie to movie: how alike two are, by audience, tags, genres, age and series."""
