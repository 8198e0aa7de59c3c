"""Files of a release that a form holds between looking and releasing: sent once, kept for three days at most, named by their digests."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.engines.commons.manifests import refuse_path
from comity.errors import BadParameter
from comity.platform.commons.sending import keep_upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict

MOST_HELD = 20
"""Files that a form carries; a release of more is made by the command."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file by its path in the release, the digest of its content, its size in bytes, and what it is in the release."""

    path: str
    sha256: str
    size: int
    kind: str

    def as_row(self) -> list[Any]:
        """Return it as a row of plain data."""
        return [self.path, self.sha256, self.size, self.kind]


def held_in(values: QueryDict, /, *, kind_of: Callable[[QueryDict, str, str], str]) -> list[HeldFile]:
    """Return the files that a form holds and that were not left out. Raises BadParameter for a form that is not ours.

    The digests prove nothing by themselves: the service takes no content that this sender neither sent nor sees.
    """
    found = []
    for number in range(1, MOST_HELD + 1):
        path = values.get(f"path-{number}", "")[:1000]
        if not path or values.get(f"drop-{number}") == "yes":
            continue
        size = values.get(f"size-{number}", "")
        if not size.isascii() or not size.isdecimal() or len(size) > 18:  # noqa: PLR2004  (as many digits as any file has)
            raise BadParameter(name="size", found=size[:20], allowed="the number of bytes of the file")
        sha256 = values.get(f"sha256-{number}", "")[:64]
        found.append(HeldFile(path, sha256, int(size), kind_of(values, f"kind-{number}", path)))
    return found


def take_uploads(
    files: Iterable[UploadedFile[Any]], held: list[HeldFile], /, *, member: str, by: Any, kind_of: Callable[[str], str]
) -> list[HeldFile]:
    """Return what is held with files that came; one of the same name takes the place of the earlier one.

    Raises BadParameter, and whatever ``keep_upload`` raises: what came before it is held still.
    """
    found = {file.path: file for file in held}
    for sent in files:
        path = unicodedata.normalize("NFC", sent.name or "")
        problem = refuse_path(path)
        if problem:
            raise BadParameter(name="files", found=path[:200], allowed=f"a path in the release; {problem}")
        if path not in found and len(found) >= MOST_HELD:
            raise BadParameter(name="files", found=f"more than {MOST_HELD}", allowed=f"at most {MOST_HELD} files")
        digest = keep_upload(chunks=sent.chunks(), member=member, by=by)
        held[:] = [file for file in held if file.path != path]
        held.append(HeldFile(path, digest, sent.size or 0, kind_of(path)))
        found = {file.path: file for file in held}
    return held
