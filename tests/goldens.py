"""Files that say how something looked when it was last read: a difference is to be read, then written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def golden(path: Path, made: Any) -> None:
    """``made``, as JSON, is what the file says."""
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("TOCSIN_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "read the difference, then TOCSIN_GOLDEN=write"
