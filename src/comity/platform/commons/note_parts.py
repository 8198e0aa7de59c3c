"""The parts of an experience note, in the order in which they are read."""

from __future__ import annotations

PARTS = ("problem", "done", "cost", "failed", "again", "ask")
"""The problem, what we did, what it cost, what failed, what we would do again, whom to ask."""
NEEDED = ("problem", "done")
MOST_PART = 4000
