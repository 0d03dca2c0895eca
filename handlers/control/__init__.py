"""The operator's door: a unix socket beside the data, and the client that speaks through it."""
