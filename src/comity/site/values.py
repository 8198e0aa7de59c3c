"""Read the value of one setting from its text, or refuse it with ValueError; ``environment.py`` says what is allowed."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Callable

MIN_KEY_LENGTH = 50
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")


def read_word(allowed: tuple[str, ...]) -> Callable[[str], str]:
    """Return what reads one of some words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError
        return text

    return read


def read_flag(text: str) -> bool:
    """Read yes or no."""
    if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
        raise ValueError
    return text.lower() in {"1", "true", "yes"}


def read_count(low: int, high: int) -> Callable[[str], int]:
    """Return what reads a whole number within bounds."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError
        return int(text)

    return read


def read_key(text: str) -> str:
    """Read a key that is long enough."""
    if len(text) < MIN_KEY_LENGTH:
        raise ValueError
    return text


def read_hosts(text: str) -> tuple[str, ...]:
    """Read host names."""
    hosts = tuple(h.strip() for h in text.split(",") if h.strip())
    if not hosts or any("*" in h or "/" in h or " " in h for h in hosts):
        raise ValueError
    return hosts


def read_domains(text: str) -> tuple[str, ...]:
    """Read mail domains, in small letters."""
    domains = tuple(d.strip().casefold() for d in text.split(",") if d.strip())
    if any("." not in d or not re.fullmatch(r"[a-z0-9.-]+", d) for d in domains):
        raise ValueError
    return domains


def read_networks(text: str) -> tuple[str, ...]:
    """Read networks."""
    return tuple(str(ipaddress.ip_network(n.strip())) for n in text.split(",") if n.strip())


def read_origins(text: str) -> tuple[str, ...]:
    """Read origins."""
    origins = tuple(o.strip() for o in text.split(",") if o.strip())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
            raise ValueError
    return origins


def read_database(text: str) -> str:
    """Read the address of a database."""
    if text and urlsplit(text).scheme not in DATABASE_SCHEMES:
        raise ValueError
    return text


def read_base(text: str) -> str:
    """Read one origin, or nothing."""
    return read_origins(text)[0] if text else ""


def read_base_with_path(text: str) -> str:
    """Read an https address, or nothing."""
    place = urlsplit(text)
    # Tokens come by this address: without TLS anyone on the way could forge them. A provider on this machine is for trying.
    secure = place.scheme == "https" or (place.scheme == "http" and place.hostname in {"localhost", "127.0.0.1"})
    if text and not (secure and place.netloc):
        raise ValueError
    return text.rstrip("/")


def read_address(text: str) -> str:
    """Read one mail address."""
    if not re.fullmatch(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+", text):
        raise ValueError
    return text


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. ``encryption`` is none, starttls or tls. The password is never shown."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    encryption: str = "none"


def read_smtp(text: str) -> MailServer | None:
    """Read where mail is handed in, or nothing."""
    if not text:
        return None
    place = urlsplit(text)
    encryption = {"smtp": "none", "smtp+tls": "starttls", "smtps": "tls"}.get(place.scheme, "")
    if not encryption or not place.hostname or place.path or place.query:
        raise ValueError
    usual = {"none": 25, "starttls": 587, "tls": 465}[encryption]
    return MailServer(
        host=place.hostname,
        port=place.port or usual,
        user=unquote(place.username or ""),
        password=unquote(place.password or ""),
        encryption=encryption,
    )


SIZES = {"MB": 10**6, "GB": 10**9, "TB": 10**12}


def read_size(text: str) -> int:
    """Read a number of bytes, such as 50GB."""
    found = re.fullmatch(r"([1-9][0-9]{0,5}) ?(MB|GB|TB)", text)
    if not found:
        raise ValueError
    return int(found[1]) * SIZES[found[2]]


def read_store(text: str) -> str:
    """Read where files are kept: a whole path or a bucket, or nothing."""
    place = urlsplit(text)
    is_bucket = place.scheme == "s3" and bool(re.fullmatch(r"[a-z0-9][a-z0-9.-]{2,62}", place.netloc))
    if text and not (text.startswith("/") or is_bucket):
        raise ValueError
    return text.rstrip("/")


def read_scanner(text: str) -> str:
    """Read the socket of a scanner, or nothing."""
    if text and not re.fullmatch(r"unix:/.+|tcp:[A-Za-z0-9.-]+:[0-9]{1,5}", text):
        raise ValueError
    return text


def read_location(text: str) -> str:
    """Read a location of a web server, or nothing."""
    if text and not re.fullmatch(r"/([A-Za-z0-9_-]+/)+", text):
        raise ValueError
    return text


def read_text(text: str) -> str:
    """Read any text."""
    return text


def read_iati_reporter(text: str) -> str:
    """Read an organisation identifier of IATI: no white space, and none of / & | ?."""
    if not re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._-]{2,99})?", text.strip()):
        raise ValueError
    return text.strip()


def read_embedder(text: str) -> str:
    """Read the name of an embedder."""
    from comity.adapters.embedders import check_name  # noqa: PLC0415  (only when settings are read)

    try:
        check_name(name=text)
    except BadParameter:
        raise ValueError from None
    return text
