"""Training: from pooled ratings to a bundle, measured on users held out of it."""
