"""Log lines as JSON objects, one a line, with the request they belong to and nothing that identifies a person."""

from __future__ import annotations

import datetime as dt
import json
import logging

from comity.web.request_id import current_request_id


class JsonFormatter(logging.Formatter):
    """Format a record as ``{"time", "level", "logger", "message", "request"?, "error"?}``, times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        line = {
            "time": dt.datetime.fromtimestamp(record.created, tz=dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if found := current_request_id():
            line["request"] = found
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
