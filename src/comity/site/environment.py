"""Every setting of a Comity server: its name, what it means, what is allowed, and how it is read.

Settings come from the environment; a file ``env`` in the data folder (mode 0600, written by ``comity init`` or the first
``comity up``) supplies what the environment does not. The reference page in the docs is checked against this table.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.errors import BadSetting
from comity.site import values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: ``default`` is text as the environment would give it, None where a value must be given."""

    name: str
    default: str | None
    read: Callable[[str], Any]
    allowed: str
    meaning: str
    remedy: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "COMITY_SECRET_KEY",
        None,
        values.read_key,
        f"{values.MIN_KEY_LENGTH} or more characters drawn by chance",
        "Signs sessions and forms. Whoever reads it can sign in as anyone.",
        "Run `comity init`, which draws one and writes it to the data folder, or set it from your secret store.",
        secret=True,
    ),
    Setting(
        "COMITY_EXAMPLE",
        "0",
        values.read_flag,
        "0 or 1",
        "1 marks an example instance: it shows a banner, has example accounts, and answers to this machine only.",
        "Set it to 0 for a body's own instance.",
    ),
    Setting(
        "COMITY_HOSTS",
        "127.0.0.1,localhost",
        values.read_hosts,
        "host names parted by commas, without * or /",
        "The names under which the server answers. An example instance answers to 127.0.0.1 and localhost alone.",
        "Name the hosts, for example COMITY_HOSTS=comity.example.org.",
    ),
    Setting(
        "COMITY_ORIGINS",
        "",
        values.read_origins,
        "origins such as https://comity.example.org, parted by commas",
        "Origins from which forms are accepted when a proxy ends TLS in front of the server.",
        "Give scheme and host without a path.",
    ),
    Setting(
        "COMITY_HTTPS",
        "0",
        values.read_flag,
        "0 or 1",
        "1 sends people to https, marks cookies secure and sends Strict-Transport-Security.",
        "Set it to 1 as soon as a proxy with a certificate stands in front.",
    ),
    Setting(
        "COMITY_TRUSTED_PROXIES",
        "",
        values.read_networks,
        "networks such as 10.0.0.0/8, parted by commas",
        "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Empty: nobody's.",
        "Name only networks that you run.",
    ),
    Setting(
        "COMITY_DATABASE_URL",
        "",
        values.read_database,
        "postgresql://user:password@host/name, sqlite:///path, or nothing",
        "Where the tables are. Empty: a SQLite file in the data folder.",
        "Check the scheme: sqlite, postgres or postgresql.",
        secret=True,
    ),
    Setting(
        "COMITY_BODY_NAME",
        "Comity",
        values.read_text,
        "any short text",
        "The name of the body that runs this instance, shown beside the mark.",
        "Give the body's name.",
    ),
    Setting(
        "COMITY_IATI_REPORTER",
        "",
        values.read_iati_reporter,
        "an organisation identifier of IATI such as XM-DAC-41114, or nothing",
        "Who publishes the IATI file of public offers, commitments and agreements. Empty: there is none.",
        "Use the identifier under which the body is registered with IATI.",
    ),
    Setting(
        "COMITY_BASE_URL",
        "",
        values.read_base,
        "an origin such as https://comity.example.org, or nothing",
        "The address that links in mail begin with. Empty: the first of COMITY_ORIGINS, else this machine.",
        "Give scheme and host without a path.",
    ),
    Setting(
        "COMITY_SMTP_URL",
        "",
        values.read_smtp,
        "smtp://HOST:PORT, smtp+tls://USER:PASSWORD@HOST:587, smtps://USER:PASSWORD@HOST:465, or nothing",
        "The mail server. Empty: messages wait, and none is sent.",
        "Check the scheme: smtp, smtp+tls or smtps.",
        secret=True,
    ),
    Setting(
        "COMITY_MAIL_FROM",
        "comity@localhost",
        values.read_address,
        "a mail address such as comity@example.org",
        "The address that messages come from.",
        "Give one address.",
    ),
    Setting(
        "COMITY_OIDC_ISSUER",
        "",
        values.read_base_with_path,
        "the https address of an OpenID Connect provider, or nothing",
        "A ministry's own sign-in. It opens accounts that exist under a verified address of its domains, and makes none.",
        "Give the issuer as the provider states it.",
    ),
    Setting(
        "COMITY_OIDC_CLIENT",
        "",
        values.read_text,
        "the client's id at the provider",
        "Who we are to the provider. The address to return to is /account/oidc/ministry/login/callback/.",
        "Ask the provider's operator.",
    ),
    Setting(
        "COMITY_OIDC_SECRET",
        "",
        values.read_text,
        "the client's secret at the provider",
        "Proves to the provider that it is us.",
        "Ask the provider's operator.",
        secret=True,
    ),
    Setting(
        "COMITY_OIDC_NAME",
        "Ministry",
        values.read_text,
        "any short text",
        "What the button on the sign-in page says.",
        "Give the ministry's name.",
    ),
    Setting(
        "COMITY_OIDC_DOMAINS",
        "",
        values.read_domains,
        "mail domains such as ministry.example.org, parted by commas, or nothing",
        "Mail domains whose accounts the provider may open. Empty: only accounts whose person has connected it.",
        "Name the provider's own domains; it could claim an address of any that stands here.",
    ),
    Setting(
        "COMITY_OIDC_SECOND_STEP",
        "",
        values.read_text,
        "values of acr parted by commas, or nothing",
        "Where the provider states one of these, or amr with mfa, its second step counts as ours. Empty: it never does.",
        "Ask the provider's operator which values it states.",
    ),
    Setting(
        "COMITY_RECORD_KEY",
        "",
        values.read_text,
        "the text of a key that `comity record keygen` made, or nothing",
        "Signs the checkpoints of the record. Empty: the file record.key of the data folder, which `comity init` makes.",
        "Set it from your secret store, or leave it empty.",
        secret=True,
    ),
    Setting(
        "COMITY_EMBEDDER",
        "use-multilingual",
        values.read_embedder,
        "use-multilingual, none, sentence-transformers:MODEL, or openai:ADDRESS#MODEL",
        "The embedding model that finds provisions of like meaning. `none` leaves word search alone.",
        "See the page on settings.",
    ),
    Setting(
        "COMITY_FILES",
        "",
        values.read_store,
        "a folder, s3://BUCKET/PREFIX, s3://BUCKET/PREFIX?endpoint=https://HOST, or nothing",
        "Where the files of releases are kept. Empty: the folder files of the data folder.",
        "Give the whole path of a folder, or the bucket; its keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    ),
    Setting(
        "COMITY_FILE_LIMIT",
        "50GB",
        values.read_size,
        "a number with MB, GB or TB",
        "The largest file that may be sent for a release.",
        "Give a size such as 50GB.",
    ),
    Setting(
        "COMITY_MEMBER_QUOTA",
        "500GB",
        values.read_size,
        "a number with MB, GB or TB",
        "How much the files of one member's releases may hold together, each counted once.",
        "Give a size such as 500GB.",
    ),
    Setting(
        "COMITY_CLAMD",
        "",
        values.read_scanner,
        "unix:/path/of/clamd.sock, tcp:HOST:PORT, or nothing",
        "The virus scanner that looks at files as they come in. Empty: none, and files are shown as unscanned.",
        "Give the socket that clamd listens on.",
    ),
    Setting(
        "COMITY_QUARANTINE",
        "0",
        values.read_flag,
        "0 or 1",
        "1 gives a file out only when the scanner has found it clean.",
        "Set it to 1 only with COMITY_CLAMD.",
    ),
    Setting(
        "COMITY_ACCEL",
        "",
        values.read_location,
        "a path such as /released-files/, or nothing",
        "The internal location under which nginx serves the folder of COMITY_FILES, so that it hands files out itself.",
        "Give the location of nginx, with a stroke at both ends.",
    ),
    Setting(
        "COMITY_PRIVATE_MIRRORS",
        "0",
        values.read_flag,
        "0 or 1",
        "1 lets mirrors of releases stand in networks that are not public, and answer by http. The server asks each every day.",
        "Set it to 1 only where no member's address may lead to a machine that nobody but the server is to reach.",
    ),
    Setting(
        "COMITY_LOG_LEVEL",
        "INFO",
        values.read_word(values.LOG_LEVELS),
        ", ".join(values.LOG_LEVELS),
        "How much the server writes to its log, one JSON object a line.",
        "Use one of the four words.",
    ),
    Setting(
        "COMITY_PORT",
        "8000",
        values.read_count(1, 65535),
        "a whole number from 1 to 65535",
        "The first port that `comity up` and `comity serve` try.",
        "Choose a free port.",
    ),
    Setting(
        "COMITY_SIGN_IN_ATTEMPTS",
        "10",
        values.read_count(3, 100),
        "a whole number from 3 to 100",
        "Failed sign-ins for one account from one address before it is locked out for fifteen minutes.",
        "Choose a small number.",
    ),
)


def data_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return the folder that holds the database, the key and the caches (``COMITY_DATA``, else ``.comity`` here)."""
    values = os.environ if environment is None else environment
    return Path(values.get("COMITY_DATA") or ".comity").absolute()


def read_env_file(path: Path) -> dict[str, str]:
    """Return NAME=VALUE lines of the data folder's ``env`` file; nothing if there is none.

    Raises BadSetting where others than its owner can read it, since it holds the key.
    """
    if not path.exists():
        return {}
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadSetting(
            name=str(path), found=oct(path.stat().st_mode & 0o777), allowed="0o600", remedy=f"Run: chmod 600 {path}"
        )
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def read_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return every setting by name, read and checked.

    Raises BadSetting naming the first that is missing, not allowed, or unknown. The value of a secret is never shown.
    """
    known = {s.name for s in SETTINGS} | {"COMITY_DATA", "COMITY_NO_SKIP", "COMITY_EMBEDDER_KEY", "COMITY_TOKEN"}
    for name in sorted(environment):
        if name.startswith("COMITY_") and name not in known:
            raise BadSetting(
                name=name,
                found="(not shown)",
                allowed="a setting of the reference",
                remedy="Check its spelling.",
            )
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = environment.get(setting.name, setting.default)
        shown = "not set" if text is None else "(not shown)" if setting.secret else text
        try:
            if text is None:
                raise ValueError  # noqa: TRY301  (missing and malformed get the same answer)
            values[setting.name] = setting.read(text)
        except ValueError:
            raise BadSetting(name=setting.name, found=shown, allowed=setting.allowed, remedy=setting.remedy) from None
    return values


def load_settings() -> dict[str, Any]:
    """Return the settings of this machine: the environment over the data folder's file."""
    kept = read_env_file(data_folder() / "env")
    if key := kept.pop("COMITY_EMBEDDER_KEY", ""):
        os.environ.setdefault("COMITY_EMBEDDER_KEY", key)
    return read_settings({**kept, **os.environ})
