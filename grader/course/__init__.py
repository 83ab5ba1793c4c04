"""Exercises on disk: which course grades, its files, and the key that answers are judged by."""
