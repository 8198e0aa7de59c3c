"""Small files of figures, in our form, and evaluations attached by the services that real ones come by."""

from __future__ import annotations

import hashlib
import json

from comity.platform.commons.evaluations import attach_evaluation
from support.parties import SET_UP

__all__ = ["attach", "figures", "share_row"]


def share_row(hits: int = 8, n: int = 10, **more) -> dict[str, object]:
    """A share on samples of its own."""
    return {
        "task": "sums",
        "task_version": "1",
        "measure": "accuracy",
        "scorer": "match",
        "value": hits / n,
        "n": n,
        "successes": float(hits),
        "language": "sw",
        "model": "m",
        "dataset": f"d{hits}-{n}",
        "samples": hashlib.sha256(f"{hits}-{n}".encode()).hexdigest(),
        "run": f"r{hits}-{n}",
        **more,
    }


def figures(*rows: dict[str, object], log: str = "") -> bytes:
    """A file of figures; ``log`` tells one log from another."""
    held = list(rows) or [share_row()]
    told = {
        "comity_evaluations": 1,
        "form": "inspect",
        "log_sha256": hashlib.sha256((log or json.dumps(held)).encode()).hexdigest(),
        "log_bytes": 104_219,
        "tool": "inspect_ai 0.3.285",
        "made_at": "2026-11-29T18:53:12+00:00",
        "rows": held,
    }
    return json.dumps(told).encode()


def attach(content: bytes | None = None, *, slug: str = "words", label: str = "1.0", by=SET_UP, **given):
    """Attach figures to a version, in the name of m1 where no member is named."""
    asked = {"member": "m1", "file": "comity-evaluations.json", **given}
    return attach_evaluation(slug=slug, label=label, content=figures() if content is None else content, by=by, **asked)
