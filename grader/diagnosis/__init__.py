"""From failed checks to the known mistakes that explain them."""
