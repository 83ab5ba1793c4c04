"""What students hand in: where it lies, whose it is, which exercise it answers, its bytes. None of it is run here."""
