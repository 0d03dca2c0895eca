"""Text through templates: the only module that imports Jinja. A user's folder overrides single files,
and then everything renders in Jinja's sandbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    select_autoescape,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment


def _environment(kind: type[Environment], loader: BaseLoader) -> Environment:
    return kind(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html.j2", "xml.j2")),
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _OldNames(FileSystemLoader):
    """A user's folder, where the incident pages' templates may be by their old name, ``tracker/``."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        old = template.replace("incident_pages/", "tracker/", 1)
        return super().get_source(environment, old)


_OURS = PackageLoader("templates", "")
_current = [_environment(Environment, _OURS)]


def override(folder: Path | None) -> None:
    """Take templates from ``folder`` first; None takes ours alone."""
    if folder is None:
        _current[0] = _environment(Environment, _OURS)
        return
    loader = ChoiceLoader([FileSystemLoader(folder), _OldNames(folder), _OURS])
    _current[0] = _environment(ImmutableSandboxedEnvironment, loader)


def render(template: str, **context: object) -> str:
    """The template with its context; an undefined name is an error."""
    return _current[0].get_template(template).render(**context)


_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~])")


def escaped(text: str) -> str:
    """User text in Markdown: on one line, and nothing in it a link, a heading or a tag."""
    flat = " ".join(text.split())
    return _MARKUP.sub(r"\\\1", flat)
