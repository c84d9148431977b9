"""What the whole bot stands on: its context, limits, workers, metrics, health and backups."""
