"""The heads of the model: each scores movies in its own way, and an ensemble adds them up."""
