"""What several services share: look-ups, wording, pictures, thresholds, common ways to go on."""
