"""Data: the catalogue of movies, ratings, and how MovieLens releases become both."""
