"""The commands `grade` and `grader`: parse, call, print. One module a command, and what they share in `options`."""
