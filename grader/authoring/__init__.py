"""For authors of exercises: beginning one, proving it, and making notebooks and student editions of it."""
