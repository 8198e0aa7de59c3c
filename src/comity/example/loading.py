"""Load the worked example: the concept scheme, 48 instruments, three example accounts, and the first alignment."""

from __future__ import annotations

import secrets
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from comity.adapters.readers import read_instrument_file, read_scheme
from comity.platform.alignment.services import add_instrument, save_scheme
from comity.platform.alignment.tasks import start_alignment_if_changed
from comity.platform.parties.models import Role
from comity.platform.parties.rules import Installation
from comity.platform.parties.services import open_account

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity.engines.alignment.texts import Scheme

FOLDER = Path(__file__).resolve().parent
SCHEME = FOLDER / "topics.toml"
TRANSLATIONS = FOLDER / "topics_translations.toml"
INSTRUMENTS = FOLDER / "instruments"
ACCOUNTS = {
    Role.REVIEWER: ("reviewer@comity.example", "Example reviewer"),
    Role.SECRETARIAT: ("secretariat@comity.example", "Example secretariat"),
    Role.OPERATOR: ("operator@comity.example", "Example operator"),
}


def load_scheme() -> Scheme:
    """Write the concept scheme with its labels and definitions in six languages, and return it."""
    scheme = read_scheme(path=SCHEME)
    translated = tomllib.loads(TRANSLATIONS.read_text(encoding="utf-8"))["topic"]
    labels = {topic: {lang: text["label"] for lang, text in by.items()} for topic, by in translated.items()}
    definitions = {topic: {lang: text["definition"] for lang, text in by.items()} for topic, by in translated.items()}
    save_scheme(scheme=scheme, labels=labels, definitions=definitions)
    return scheme


def load_example(*, say: Callable[[str], None]) -> list[tuple[str, str, str]]:
    """Load what is not there yet, queue an alignment where the collection changed, and return new example accounts.

    Each account comes as (role, address, password); the password was drawn by chance and is kept nowhere in the clear.
    """
    from comity.platform.parties.models import User  # noqa: PLC0415  (only asked whether the accounts exist)

    scheme = load_scheme()
    files = sorted(INSTRUMENTS.glob("*.toml"))
    added = 0
    for path in files:
        instrument, provisions, _ = read_instrument_file(path=path, scheme=scheme)
        added += add_instrument(instrument=instrument, provisions=provisions, by=Installation())
    if added:
        say(f"Loaded {added} instruments of the worked example.")
    opened = []
    for role, (address, name) in ACCOUNTS.items():
        if not User.objects.filter(email=address).exists():
            password = secrets.token_urlsafe(12)
            open_account(email=address, name=name, password=password, roles=(role,), is_example=True)
            opened.append((str(role), address, password))
    start_alignment_if_changed()
    return opened
