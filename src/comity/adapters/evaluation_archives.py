"""Read single members of a log that is a ZIP archive, Zstandard inside or not, and JSON, with nothing trusted.

Nothing is unpacked to disk. A size that an archive states is not believed: reading stops at the limit. Python 3.11 knows no Zstandard
in ZIP (method 93 of APPNOTE 6.3.10), which is how Inspect writes its logs.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

from comity.errors import BadReleaseFile

if TYPE_CHECKING:
    from collections.abc import Sequence

ZSTANDARD = 93
MOST_WINDOW = 1 << 27
MOST_DIRECTORY = 32_000_000
MOST_VALUES = 16_000_000
_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR = b"PK\x06\x07"
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 0x1
_PIECE = 1 << 16
_SMALLER = "write the log without samples, or let the command comity commons evaluations make a small file of it"


class LogArchive:
    """An open archive, of which single members are read whole, each within a limit."""

    def __init__(self, *, opened: BinaryIO, file: str) -> None:
        self.opened = opened
        self.file = file
        _demand_small_directory(opened, file)
        try:
            self.archive = zipfile.ZipFile(opened)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
            raise self._refusal("the file", "it is no ZIP archive, or it is cut off") from None

    def _refusal(self, where: str, problem: str) -> BadReleaseFile:
        return BadReleaseFile(file=self.file, where=where, problem=problem)

    def holds(self, name: str) -> bool:
        """Tell whether there is a member of a name."""
        return name in self.archive.NameToInfo

    def read(self, name: str, *, most: int) -> bytes:
        """Return a member. Raises BadReleaseFile where it is missing, doubled, encrypted, broken or larger than ``most`` bytes."""
        found = [i for i in self.archive.filelist if i.filename == name]
        if len(found) != 1:
            raise self._refusal(name, "it is missing" if not found else "it stands twice in the archive")
        member = found[0]
        if member.flag_bits & _ENCRYPTED:
            raise self._refusal(name, "it is encrypted")
        if max(member.file_size, member.compress_size) > most:
            raise self._refusal(name, _too_large(most))
        try:
            content = self._unzstd(member, most) if member.compress_type == ZSTANDARD else self._plain(member, most)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, struct.error, ValueError):
            raise self._refusal(name, "it cannot be read") from None
        if len(content) > most:
            raise self._refusal(name, _too_large(most))
        return content

    def _plain(self, member: zipfile.ZipInfo, most: int) -> bytes:
        with self.archive.open(member) as stream:
            return stream.read(most + 1)

    def _unzstd(self, member: zipfile.ZipInfo, most: int) -> bytes:
        import zstandard

        self.opened.seek(member.header_offset)
        head = self.opened.read(_LOCAL.size)
        signature, *_, name_size, extra_size = _LOCAL.unpack(head)
        if signature != b"PK\x03\x04":
            raise zipfile.BadZipFile
        self.opened.seek(name_size + extra_size, io.SEEK_CUR)
        packed = self.opened.read(member.compress_size)
        reader = zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW).stream_reader(packed, read_across_frames=True)
        found = bytearray()
        try:
            while len(found) <= most and (piece := reader.read(_PIECE)):
                found += piece
        except zstandard.ZstdError as error:
            raise zipfile.BadZipFile from error
        if len(found) <= most and zlib.crc32(found) != member.CRC:
            raise zipfile.BadZipFile
        return bytes(found)


def read_json(*, content: bytes, file: str, where: str = "the file", most_values: int = MOST_VALUES) -> Any:
    """Return the data of JSON. NaN and infinities, which some tools write, become None: they are no figures.

    Raises BadReleaseFile where it is no UTF-8 or no JSON, is nested too deep, says a name twice in one place, or could hold more than
    ``most_values`` values: three bytes of text can become a hundred of memory.
    """
    if content.count(b",") + content.count(b"[") + content.count(b"{") > most_values:
        raise BadReleaseFile(file=file, where=where, problem=f"it holds more than {most_values} values; {_SMALLER}")

    def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise BadReleaseFile(file=file, where=where, problem="a name stands twice in one place of it")
        return found

    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=lambda _: None)
    except UnicodeDecodeError:
        raise BadReleaseFile(file=file, where=where, problem="it is not UTF-8") from None
    except RecursionError:
        raise BadReleaseFile(file=file, where=where, problem="too many levels stand inside each other in it") from None
    except ValueError:
        raise BadReleaseFile(file=file, where=where, problem="it is not JSON") from None


def _demand_small_directory(opened: BinaryIO, file: str, /) -> None:
    """Refuse a list of members that alone would fill the memory, before it is read."""
    size = opened.seek(0, io.SEEK_END)
    opened.seek(max(0, size - _END_SIZE - 65_535))
    tail = opened.read()
    opened.seek(0)
    at = tail.rfind(_END)
    if at < 0 or at + _END_SIZE > len(tail):
        raise BadReleaseFile(file=file, where="the file", problem="it is no ZIP archive, or it is cut off")
    if tail[max(0, at - 20) : at].startswith(_LOCATOR) or struct.unpack_from("<L", tail, at + 12)[0] > MOST_DIRECTORY:
        raise BadReleaseFile(file=file, where="the file", problem="it holds too many members to be read here")


def _too_large(most: int, /) -> str:
    return f"it is larger than {most // 1_000_000} MB; {_SMALLER}"
