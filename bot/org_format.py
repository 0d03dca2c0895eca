"""The organisation file's text: YAML whose scalars are strings, with the line of every value.

Read as strings, so that ``17:00`` and ``NO`` are not 1020 and false; a key that stands twice is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.domain.errors import Fault

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """``path`` is where in the file; ``line`` counts from 1."""

    line: int
    path: Path
    text: str


class OrgError(Fault):
    """The organisation file cannot be used; one line for each problem."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda p: (p.line, p.path and str(p.path)))
        lines = [f"{name}:{p.line}: {dotted(p.path)}: {p.text}" for p in self.problems]
        super().__init__("\n".join(lines))


def dotted(path: Path) -> str:
    """``services.checkout.tier``; list items by their place, from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path) or "file"


@dataclass(slots=True)
class Document:
    """Plain data, and the line of each value by its path."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of the value, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str) -> Document:
    """Parse. Faults of the YAML itself are problems too."""
    document = Document()
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        document.problems.append(Problem(line, (), f"{error.problem}"))
        return document
    document.data = {} if node is None else _value(node, (), document)
    return document


def _value(node: yaml.Node, path: Path, document: Document) -> Any:
    document.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, at), document) for at, item in enumerate(node.value)]
    plain = isinstance(node, yaml.ScalarNode) and node.style is None
    empty = plain and node.value in ("", "null", "~")
    return None if empty else node.value


def _mapping(node: yaml.MappingNode, path: Path, document: Document) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = (*path, key)
        if key in found:
            line = key_node.start_mark.line + 1
            document.problems.append(Problem(line, here, "stands twice; keep one of them."))
            continue
        found[key] = _value(value_node, here, document)
    return found
