"""Plug-ins of others: found, called outside of any transaction, and switched off where they do harm."""
