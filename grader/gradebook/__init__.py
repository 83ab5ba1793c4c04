"""What was handed in and every result there is, and exports of it for other programs."""
