"""Movie titles: taken apart, brought to comparable forms, and searched. Knows no movie."""
