"""Channels beside chat, each by its own library."""
