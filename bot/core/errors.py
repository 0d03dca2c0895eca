"""Errors, in two families: what a person did that cannot be done, and what is broken.

TocsinError
├── UserError            told to the person; says what to do next
│   ├── NotFound         no such thing, or none that they may see
│   ├── NotAllowed       policy says no, and who can
│   ├── IllegalMove      the incident is not in a state for that
│   └── Invalid          an argument cannot be read
└── Fault                reaches the log with its context
"""

from __future__ import annotations


class TocsinError(Exception):
    """Anything Tocsin raises on purpose."""


class UserError(TocsinError):
    """Told to the person as it stands; the text says what happened and what to do next."""


class NotFound(UserError):
    """There is no such thing, or none that this viewer may see: the two are never told apart."""


class NotAllowed(UserError):
    """The policy refuses; the text names who can."""


class IllegalMove(UserError):
    """The life cycle has no such move; the text names those that are possible."""


class Invalid(UserError):
    """An argument cannot be read; the text says what is accepted."""


class Fault(TocsinError):
    """Something is broken that no person did."""


# What these say is ours, the system's or the interpreter's; what others say may quote what people wrote, as a
# failed statement quotes its parameters. A UserError does so on purpose.
_QUOTES_NOBODY = (Fault, OSError, AttributeError, ImportError, NameError, TypeError)


def loggable(error: BaseException) -> str:
    """An error as a log may show it: its type, and its words where they quote nobody."""
    named = type(error).__name__
    return f"{named}: {error}" if isinstance(error, _QUOTES_NOBODY) and str(error) else named
