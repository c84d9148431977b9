"""What several services share: looking films and members up, wording, pictures, thresholds."""
