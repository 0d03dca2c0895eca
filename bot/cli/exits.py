"""The exit codes of ``tocsin``, and which error leads to which."""

from __future__ import annotations

from enum import IntEnum

from bot.core.errors import TocsinError, UserError


class Exit(IntEnum):
    """What a script may rely on. docs/cli.md prints this table."""

    DONE = 0
    REFUSED = 1
    WRONG = 2
    AWAY = 3
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "done",
    Exit.REFUSED: "understood and refused: no such incident, not allowed, a check that found a fault",
    Exit.WRONG: "the command, the settings or the organisation file is wrong; nothing was done",
    Exit.AWAY: "the database or the bot cannot be reached now; the same command may work later",
    Exit.INTERRUPTED: "interrupted from the keyboard",
}


def exit_of(error: TocsinError) -> Exit:
    """The code for an error that is said in a sentence."""
    from bot.core.ports.jobs import OutcomeUnknown, Unavailable
    from storage.database.lock import AlreadyLocked

    if isinstance(error, UserError):
        return Exit.REFUSED
    return (
        Exit.AWAY if isinstance(error, (Unavailable, OutcomeUnknown, AlreadyLocked)) else Exit.WRONG
    )
