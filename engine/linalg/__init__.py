"""Linear algebra that knows no movie: sparse rows, Gaussian posteriors, factor rotation."""
