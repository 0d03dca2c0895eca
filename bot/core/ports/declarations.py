"""What a chat platform's module declares of itself: values only, read before anything of its vendor is imported.

A module (a package below ``handlers.chat``, one that TOCSIN_PLUGINS names, or an entry point
``tocsin.platforms``) offers one constant, ``PLATFORM``, which is a ``PlatformModule``. Nothing else of
the module is looked at. What a running platform can do is said by the protocols of ``bot.core.ports.platforms``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.ports.platforms import Connector, Finding

# What a connector and checks are given: the settings as text.
Environ = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """How the organisation file says who somebody is on the platform: ``people.<key>.<field>``.

    ``pattern`` is a regular expression that the whole value fits; ``says`` is the sentence for one that
    does not, said after the field's name ("must be …"). Without a pattern any text on one line will do.
    """

    field: str
    pattern: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class OrgSetting:
    """One field below ``chat.<platform>`` of the organisation file.

    A tuple as ``default`` makes it a list of texts, else it is a text; ``choices`` are all it may be.
    ``required`` is the sentence for a file that uses the platform and leaves the setting empty.
    """

    name: str
    default: str | tuple[str, ...] = ""
    choices: tuple[str, ...] = ()
    required: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class PlatformModule:
    """One chat platform, whether it is configured or not.

    - ``name`` is what settings, the organisation file and the database call it; ``title`` what people do.
    - ``connector(environ)`` gives the platform when its settings are present, else None, and imports its
      vendor's library only then.
    - ``variables``: its settings, name to help, for the documentation.
    - ``checks(environ)`` is what ``tocsin doctor`` says of it: nothing when it is not configured; which
      rights its token lacks and what then does not work. Bounds its own calls in time.
    - ``commands``: verbs of ``tocsin <platform> <verb>``. Each is a plain function whose parameters and
      docstring typer reads, and which returns the text to print.
    - ``notices``: which tasks leave a notice of the platform's own in the room (``pin_card``,
      ``set_topic``, ``invite``). They count towards what the bot may say in a room in an hour.
    - ``identity`` and ``settings``: its fields of the organisation file.
    - ``rank``: where platforms are listed, the lower comes first.
    """

    name: str
    title: str
    connector: Callable[[Environ], Connector | None] | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    checks: Callable[[Environ], Awaitable[Sequence[Finding]]] | None = None
    commands: Mapping[str, Callable[..., str]] = field(default_factory=dict)
    notices: tuple[str, ...] = ("pin_card", "set_topic", "invite")
    identity: Identity | None = None
    settings: tuple[OrgSetting, ...] = ()
    rank: int = 50
