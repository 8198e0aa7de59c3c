"""The door through which files come: only from people who are signed in, only where files are asked for, only so much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler
from django.urls import Resolver404, resolve

from comity.platform.alignment.uploads import MOST_FILES, MOST_TOGETHER

if TYPE_CHECKING:
    from django.http import HttpRequest

MB = 1_000_000
ROOM_FOR_FORM = 100_000
# The pages that ask for files, by name.
PAGES = frozenset(
    {
        "ballot-desk",
        "context-activities",
        "dialogue-import",
        "need",
        "needs-sheet",
        "new-agreement",
        "new-release",
        "new-evaluation",
        "new-agreement-template",
        "new-series",
        "new-version",
        "offers-sheet",
        "uploads",
    }
)


class FilesRefused(SuspiciousOperation):
    """Files came where none are asked for, from nobody known, or too many; its words say which."""


class FileDoor(FileUploadHandler):
    """Refuse files before a byte of them is kept. It stands before the handlers that keep them."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Let a file begin where files are asked for. Raises FilesRefused."""
        super().new_file(*args, **kwargs)
        request = self.request
        if request is None or _page_of(request) not in PAGES:
            raise FilesRefused("this page takes no files")
        if SESSION_KEY not in request.session:
            raise FilesRefused("files are taken from people who are signed in. Sign in first")
        stated = str(request.META.get("CONTENT_LENGTH", ""))
        if not stated.isdigit() or int(stated) > MOST_TOGETHER + ROOM_FOR_FORM:
            raise FilesRefused(
                f"{round(MOST_TOGETHER / MB)} MB of files may come at once, and more came. Send fewer at a time"
            )
        self.files += 1
        if self.files > MOST_FILES:
            raise FilesRefused(f"more than {MOST_FILES} files came at once. Send fewer at a time")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the bytes on."""
        del start
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that keep it."""
        del file_size


def _page_of(request: HttpRequest) -> str:
    """Return the name of the page that a request goes to; empty where there is none."""
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""
