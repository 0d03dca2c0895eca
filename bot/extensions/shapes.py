"""Whether a plug-in is what its types say. Nobody else can tell its author: a wrong one would stop the start, or the
telling of every act."""

from __future__ import annotations

import re

from bot.events import incidents, oncall, organisation, paging, public, warrooms, working
from bot.events.base import kinds
from bot.plugin import Plugin, Verb

# No digits: "sev1", "p2" and "42" say something already.
_WORD = re.compile(r"[a-z](?:[a-z-]{0,28}[a-z])?")
_MODULES = (incidents, working, paging, warrooms, public, oncall, organisation)
_EVENTS = frozenset(kind for kind in kinds(*_MODULES) if kind.public)


def misshapen(plugin: Plugin) -> str:
    """What is wrong with it, to complete "is switched off: …"; empty for nothing."""
    hears: object = plugin.hears
    if not isinstance(hears, tuple | list):
        return "what it hears is no tuple of events"
    if not all(isinstance(kind, type) and kind in _EVENTS for kind in hears):
        return "it hears something that is no event of bot.events"
    if not _may_be_called(plugin.heard, plugin.card):
        return "what it does when it hears something is no function"
    verbs: object = plugin.verbs
    if not isinstance(verbs, tuple | list) or not all(isinstance(verb, Verb) for verb in verbs):
        return "its commands are no tuple of bot.plugin.Verb"
    return next((why for verb in plugin.verbs if (why := _verb(verb))), "")


def _may_be_called(*functions: object) -> bool:
    return all(each is None or callable(each) for each in functions)


def _verb(verb: Verb) -> str:
    name: object = verb.name
    if not isinstance(name, str) or not _WORD.fullmatch(name):
        return f"{name!r} is no word for a command: letters a to z and dashes, at most 30"
    run: object = verb.run
    if not callable(run):
        return f"what its command {name} runs is no function"
    examples: object = verb.examples
    texts = [verb.help, *examples] if isinstance(examples, tuple | list) and examples else [None]
    if not all(isinstance(each, str) and each.strip() for each in texts):
        return f"its command {name} lacks help, or a tuple of examples"
    return ""
