"""What a command is, how what people type becomes its values, and the way from there to a reply."""
