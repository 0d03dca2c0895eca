"""Keys under which messages of ours are remembered, and marks by which they are found again."""

from __future__ import annotations


def message_key(incident: int, platform: str, what: str) -> str:
    """The key under which a message of an incident is remembered."""
    return f"inc{incident}:{platform}:{what}"


def whisper_key(incident: int, platform: str, job: int) -> str:
    """The key under which a direct message is remembered: by the job that sent it."""
    return message_key(incident, platform, f"whisper{job}")


def marker(uow_install: str, incident: int, platform: str, what: str) -> str:
    """What finds a message or a room of ours again after a lost answer. At most 100 characters."""
    return f"{uow_install}:inc{incident}:{platform}:{what}"
