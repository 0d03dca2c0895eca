"""Static files: minified and compressed once at the start, and cached by browsers until they change."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from aiohttp import web

_COMMENT = re.compile(r"^\s*/\*.*?\*/\s*$\n?", re.MULTILINE | re.DOTALL)
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    small: bytes
    kind: str


class Assets:
    """The files of one folder, below ``/static/<prefix>/<version>/``: modules import one another by
    relative names, so that all of them are of one version. ``made`` are files that stand in no folder."""

    def __init__(
        self, folder: Path, prefix: str, made: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        texts = {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}
        self._files = {name: _file(name, text) for name, text in {**texts, **made}.items()}
        digest = hashlib.sha256(b"".join(file.body for file in self._files.values()))
        self._version = digest.hexdigest()[:12]
        self._prefix = prefix

    def url(self, name: str) -> str:
        """Raises ``KeyError`` for a file that is not there."""
        if name not in self._files:
            raise KeyError(name)
        return f"{self.base}{name}"

    @property
    def base(self) -> str:
        """What all addresses begin with."""
        return f"/static/{self._prefix}/{self._version}/"

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get(f"/static/{self._prefix}/{{version}}/{{name}}", self.serve)]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A page of an older version gets the files that there are now, and does not keep them."""
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        current = request.match_info["version"] == self._version
        headers = {
            "Cache-Control": _FOR_EVER if current else "no-cache",
            "Content-Type": file.kind,
            "Vary": "Accept-Encoding",
        }
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=file.small, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=file.body, headers=headers)


def _file(name: str, text: str) -> _File:
    body = slim(name, text).encode()
    kind = _KINDS.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain"
    return _File(body, gzip.compress(body, mtime=0), kind)


_KINDS: Mapping[str, str] = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


def slim(name: str, text: str) -> str:
    """Without whole-line comments and indentation. Nothing in a line is touched, so no line may begin
    inside a string: a test looks."""
    if not name.endswith((".js", ".css")):
        return text
    lines = (line.strip() for line in _COMMENT.sub("", text).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
