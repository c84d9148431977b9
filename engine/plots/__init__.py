"""Pictures: maps of all movies, charts of tastes, groups and the model itself."""
