"""The embedded web chat: a chat platform like the others, kept in our own database."""
