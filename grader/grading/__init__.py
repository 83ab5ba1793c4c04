"""From submissions to results: one file, or a class on all cores, with what was graded before kept."""
