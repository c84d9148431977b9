"""What turns ratings into scores: a list of heads, each trained on its own, and their sum."""
