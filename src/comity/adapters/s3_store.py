"""Keep the content of files in an S3-compatible store, by its SHA-256. Needs ``pip install comity[s3]``."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from comity.adapters.file_stores import PIECE, demand_digest, digest_of_file
from comity.errors import BadParameter, BrokenFile, NotFound, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_GONE = {"404", "NoSuchKey", "NotFound"}


class S3Store:
    """Content in a bucket: ``PREFIX/ab/cd/abcd…``. Keys come from where the client of Amazon looks for them."""

    def __init__(self, place: str) -> None:
        """Open ``s3://BUCKET/PREFIX?endpoint=https://HOST``. Raises BadParameter where the client is not installed."""
        try:
            import boto3
            from botocore.config import Config
        except ModuleNotFoundError:
            raise BadParameter(
                name="COMITY_FILES", found=place[:80], allowed="a folder; for S3 run: pip install 'comity[s3]'"
            ) from None
        parts = urlsplit(place)
        self.bucket, self.prefix = parts.netloc, parts.path.strip("/")
        endpoint = parse_qs(parts.query).get("endpoint", [""])[0]
        config = Config(
            retries={"max_attempts": 5, "mode": "standard"}, s3={"addressing_style": "path"} if endpoint else {}
        )
        self.client: Any = boto3.client("s3", endpoint_url=endpoint or None, config=config)

    def key_of(self, *, sha256: str) -> str:
        """Return the key of content."""
        digest = demand_digest(sha256)
        return "/".join(p for p in (self.prefix, digest[:2], digest[2:4], digest) if p)

    def keep(self, *, source: Path, sha256: str) -> None:
        """Keep the content of a file, and remove the file. The store shows an object only once it is whole."""
        found = digest_of_file(path=source)
        if found != sha256:
            raise BrokenFile(file=source.name, problem=f"its SHA-256 is {found}, not {sha256}")
        if not self.holds(sha256=sha256):
            try:
                self.client.upload_file(str(source), self.bucket, self.key_of(sha256=sha256))
                back = hashlib.sha256()
                for piece in self.read(sha256=sha256):
                    back.update(piece)
            except self._errors() as error:
                raise self._unreachable(error) from None
            if back.hexdigest() != sha256:
                self.discard(sha256=sha256)
                raise BrokenFile(file=source.name, problem="it came back from the store with another SHA-256")
        source.unlink()

    def holds(self, *, sha256: str) -> bool:
        """Tell whether the content is kept."""
        return self._size(sha256) is not None

    def read(self, *, sha256: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield the content from a byte on, in pieces."""
        size = self._size(sha256)
        if size is None:
            raise NotFound(reference=f"commons/files/{sha256}")
        end = size if length is None else min(size, first + length)
        return self._pieces(sha256, first, end) if first < end else iter(())

    def opened(self, *, sha256: str) -> BinaryIO:
        """Return the content to read here and there in it; each reading is a request for a range."""
        size = self._size(sha256)
        if size is None:
            raise NotFound(reference=f"commons/files/{sha256}")
        return io.BufferedReader(_Ranges(self, sha256, size), buffer_size=PIECE)

    def discard(self, *, sha256: str) -> None:
        """Delete the content."""
        try:
            self.client.delete_object(Bucket=self.bucket, Key=self.key_of(sha256=sha256))
        except self._errors() as error:
            raise self._unreachable(error) from None

    def _pieces(self, sha256: str, first: int, end: int, /) -> Iterator[bytes]:
        try:
            span = f"bytes={first}-{end - 1}"
            answer = self.client.get_object(Bucket=self.bucket, Key=self.key_of(sha256=sha256), Range=span)
            yield from answer["Body"].iter_chunks(PIECE)
        except self._errors() as error:
            raise self._unreachable(error) from None

    def _size(self, sha256: str, /) -> int | None:
        from botocore.exceptions import ClientError

        try:
            return int(self.client.head_object(Bucket=self.bucket, Key=self.key_of(sha256=sha256))["ContentLength"])
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _GONE:
                return None
            raise self._unreachable(error) from None
        except self._errors() as error:
            raise self._unreachable(error) from None

    @staticmethod
    def _errors() -> tuple[type[Exception], ...]:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        return (BotoCoreError, ClientError, Boto3Error)

    def _unreachable(self, error: Exception, /) -> Unreachable:
        return Unreachable(address=f"s3://{self.bucket}", problem=str(error)[:160])


class _Ranges(io.RawIOBase):
    """An object as a file that can be read anywhere."""

    def __init__(self, store: S3Store, sha256: str, size: int) -> None:
        self.store, self.sha256, self.size, self.at = store, sha256, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self.at = max(0, (0, self.at, self.size)[whence] + offset)
        return self.at

    def readinto(self, buffer: Any, /) -> int:
        some = b"".join(self.store.read(sha256=self.sha256, first=self.at, length=len(buffer)))
        buffer[: len(some)] = some
        self.at += len(some)
        return len(some)
