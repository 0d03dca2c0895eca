"""What an operator may ask of Tocsin. Each request is a frozen dataclass with a typed answer; ``table`` says
which function answers it, and ``codec`` turns both into JSON.

The table has two transports: the unix socket of a running bot (``handlers/control``), and a process of the
command line that works alone on the database (``bot/cli/reach.py``). REST is to be a third one: a transport
decodes, calls ``ask`` and encodes, and holds no verb of its own.
"""

from bot.admin.context import AdminContext, Refusal
from bot.admin.request import Request
from bot.admin.table import VERBS, Needs, Verb, ask, verb_named, verb_of

__all__ = [
    "VERBS",
    "AdminContext",
    "Needs",
    "Refusal",
    "Request",
    "Verb",
    "ask",
    "verb_named",
    "verb_of",
]
