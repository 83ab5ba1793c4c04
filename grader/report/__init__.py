"""Results as people read them: in the terminal and in HTML."""
