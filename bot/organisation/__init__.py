"""The organisation file: its format, its checks, and what changes when it is applied."""
