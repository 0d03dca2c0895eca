"""``python -m bot.settings`` writes .env.example and docs/settings.md anew."""

from __future__ import annotations

from pathlib import Path

from bot.settings import reference
from bot.settings.reference import example

if __name__ == "__main__":
    Path(".env.example").write_text(example(), encoding="utf-8")
    Path("docs/settings.md").write_text(reference(), encoding="utf-8")
