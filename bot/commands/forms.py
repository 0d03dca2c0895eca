"""Forms made from a command's arguments, and answers made into a command again."""

from __future__ import annotations

