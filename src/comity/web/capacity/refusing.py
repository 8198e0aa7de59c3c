"""What was refused, as pages of capacity say it: the piece that every room shares."""

from __future__ import annotations

from comity.web.refusing import refusal_of, told

__all__ = ["refusal_of", "told"]
