"""The visual floor: the style sheet, the marks and the charts that web pages and the stand-alone report share."""

from __future__ import annotations

from pathlib import Path

STYLESHEET = Path(__file__).parent / "static" / "comity.css"
"""The one style sheet. Serve this file as it is, or put its text into a page; it fetches nothing from elsewhere."""


def read_stylesheet() -> str:
    """Return the text of the style sheet."""
    return STYLESHEET.read_text(encoding="utf-8")
