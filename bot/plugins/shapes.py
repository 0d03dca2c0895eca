"""Whether a plug-in is what its types say. Nobody else can tell its author: a wrong one would stop the start, or the
telling of every act."""

from __future__ import annotations

import re

from bot.core.events.base import Event
from bot.plugins.api import Plugin, Verb

# No digits: "sev1", "p2" and "42" say something already.
_WORD = re.compile(r"[a-z](?:[a-z-]{0,28}[a-z])?")


def misshapen(plugin: Plugin) -> str:
    """What is wrong with it, to complete "is switched off: …"; empty for nothing."""
    hears: object = plugin.hears
    if not isinstance(hears, tuple | list):
        return "what it hears is no tuple of events"
    if not all(_is_public(kind) for kind in hears):
        return "it hears something that is no event of Tocsin's"
    if not _may_be_called(plugin.heard, plugin.card):
        return "what it does when it hears something is no function"
    verbs: object = plugin.verbs
    if not isinstance(verbs, tuple | list) or not all(isinstance(verb, Verb) for verb in verbs):
        return "its commands are no tuple of bot.plugins.api.Verb"
    return next((why for verb in plugin.verbs if (why := _verb(verb))), "")


def _is_public(kind: object) -> bool:
    """Whether it is one of Tocsin's own events, and not a base of several."""
    if not isinstance(kind, type) or not issubclass(kind, Event):
        return False
    return kind.__module__.startswith("bot.") and kind.public and not kind.__subclasses__()


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
