"""What makes the project's pictures, gallery and transcripts."""
