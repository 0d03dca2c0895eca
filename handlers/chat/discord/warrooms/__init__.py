"""War rooms on Discord: channels, threads, who is let in, the archive."""
