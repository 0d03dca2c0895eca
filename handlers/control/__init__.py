"""The unix socket beside the data, on which a running bot answers operators, and the client that speaks to it."""
