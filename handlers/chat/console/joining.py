"""The console's modules as one script: on a first visit two dozen files cost more than what is in them.

Each module becomes a function that is called once, in the order of the imports; names stay private to it. It
reads the little of the language that the modules use, and refuses what it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_IMPORT = re.compile(r'^import \{ ([\w$]+(?:, [\w$]+)*) \} from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const)\*? ([\w$]+))", re.MULTILINE)
_OTHER = re.compile(
    r"^.*?(?:\b(?:import|export)\b ?[{*(\"'.]|^(?:import|export)\b).*$", re.MULTILINE
)


class CannotJoin(ValueError):
    """A module that this does not understand, or two that import each other; the text names them."""


def joined(modules: Mapping[str, str], start: str) -> str:
    """One module that does what ``start`` and all that it imports do; ``modules`` by name without ``.js``.

    Raises ``CannotJoin``.
    """
    return "\n".join(_called(name, modules[name]) for name in _in_order(modules, start, ()))


def _in_order(modules: Mapping[str, str], name: str, above: tuple[str, ...]) -> list[str]:
    """What ``name`` needs, each once and before whoever imports it."""
    if name in above:
        raise CannotJoin(f"{' imports '.join([*above, name])}: break the circle.")
    order: list[str] = []
    for needed in (found[2] for found in _IMPORT.finditer(modules[name])):
        order += _in_order(modules, needed, (*above, name))
    return list(dict.fromkeys([*order, name]))


def _called(name: str, text: str) -> str:
    given = [found[2] for found in _EXPORT.finditer(text)]
    body = _EXPORT.sub(r"\1", _IMPORT.sub(r"const { \1 } = $\2;", text))
    if (strange := _OTHER.search(_without_words(body))) is not None:
        raise CannotJoin(f"{name}.js: cannot join {strange[0].strip()!r}.")
    answer = f"return {{ {', '.join(given)} }};\n" if given else ""
    return f"const ${name} = (() => {{\n{body}{answer}}})();"


def _without_words(text: str) -> str:
    """Without comments, which may say anything."""
    return "\n".join(_code(text))


def _code(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.lstrip().startswith(("//", "/*", "*")):
            yield line
