"""The id of the request that is being answered, so that log lines and error pages can name it."""

from __future__ import annotations

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("comity_request_id", default="")


def current_request_id() -> str:
    """Return the id of the request that is being answered, or nothing."""
    return request_id.get()
