"""What several benchmarks share: data sets and splits, timing, intervals and tables."""
