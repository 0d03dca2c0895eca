"""Logging in: who is behind a request, log-in links, OpenID Connect, and a person's own sessions."""
