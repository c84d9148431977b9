"""What the model knows, in words: dimensions of taste, affinities, biases, regions of the map."""
