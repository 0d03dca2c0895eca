"""What memory offers, noun by noun."""
