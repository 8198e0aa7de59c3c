"""Log lines as JSON objects, one a line, with the request they belong to and nothing that identifies a person."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re

from comity.web.request_id import current_request_id

# Whoever has such an address may use it: it stands in no log.
SECRETS = re.compile(
    r"(/account/(?:invitation|recovery|confirm-email|password/reset/key)/|/calendar/|[?&](?:code|state|token)=)[^\s/&\"'<>]+"
)


class JsonFormatter(logging.Formatter):
    """Format a record as ``{"time", "level", "logger", "message", "request"?, "error"?}``, times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        line = {
            "time": dt.datetime.fromtimestamp(record.created, tz=dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _without_secrets(record.getMessage()),
        }
        if found := current_request_id():
            line["request"] = found
        if record.exc_info:
            line["error"] = _without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def _without_secrets(text: str) -> str:
    return SECRETS.sub(r"\1(hidden)", text)
