"""What Reeltwin is measured against, one method a file."""
