"""Load the worked example: the concept scheme, 48 instruments, an invented body with its people, its consultations, ballots and notes, and the first alignment."""

from __future__ import annotations

import secrets
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from comity.adapters.readers import read_instrument_file, read_scheme
from comity.example.agreeing import load_agreements
from comity.example.asking import load_questions
from comity.example.ballots import load_ballots
from comity.example.consultations import load_dialogues
from comity.example.contributions import load_contributions
from comity.example.experience import load_experience
from comity.example.measuring import load_evaluations
from comity.example.mirrors import load_mirrors
from comity.example.people import DELEGATES, accredit, load_body, load_texts
from comity.example.publishing import start_publishing
from comity.example.sharing import load_releases
from comity.platform.alignment.services import save_scheme
from comity.platform.alignment.tasks import start_alignment_if_changed
from comity.platform.alignment.versions import keep_instrument
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
# Second versions of some of them, under the same names.
VERSIONS = FOLDER / "versions"
# What it is for: (address, name, offices, body of a chair or expert, member of a focal point)
ACCOUNTS: dict[str, tuple[str, str, tuple[str, ...], str, str]] = {
    "delegate": ("delegate@comity.example", "Example head of delegation", (), "", ""),
    "alternate": ("alternate@comity.example", "Example alternate", (), "", ""),
    "capital": ("capital@comity.example", "Example capital", (), "", ""),
    "observer": ("observer@comity.example", "Example observer", (), "", ""),
    "focal-point": ("focal-point@comity.example", "Example focal point", (Role.FOCAL_POINT,), "", "m041"),
    "chair": ("chair@comity.example", "Example chair", (Role.CHAIR,), "oversight", ""),
    "secretariat": ("secretariat@comity.example", "Example secretariat", (Role.SECRETARIAT,), "", ""),
    "second-secretariat": (
        "second-secretariat@comity.example",
        "Example second secretariat",
        (Role.SECRETARIAT,),
        "",
        "",
    ),
    "reviewer": ("reviewer@comity.example", "Example reviewer", (Role.REVIEWER,), "", ""),
    "second-reviewer": ("second-reviewer@comity.example", "Example second reviewer", (Role.REVIEWER,), "", ""),
    "translator": ("translator@comity.example", "Example translator", (Role.TRANSLATOR,), "", ""),
    "expert": ("expert@comity.example", "Example expert", (Role.EXPERT,), "oversight", ""),
    "operator": ("operator@comity.example", "Example operator", (Role.OPERATOR,), "", ""),
}

# Regions of M49, since the countries of the example are invented: under the built-in rule two reviewers decide a link.
ORIGINS = {"reviewer": "002", "second-reviewer": "019"}


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
    added = 0
    for path in (*sorted(INSTRUMENTS.glob("*.toml")), *sorted(VERSIONS.glob("*.toml"))):
        instrument, provisions, _ = read_instrument_file(path=path, scheme=scheme)
        added += keep_instrument(instrument=instrument, provisions=provisions, by=Installation()) == "added"
    if added:
        say(f"Loaded {added} instruments of the worked example.")
    load_body(say=say)
    opened = []
    for role, (address, name, offices, body, member) in ACCOUNTS.items():
        if User.objects.filter(email=address).exists():
            continue
        password = secrets.token_urlsafe(12)
        user = open_account(
            email=address,
            name=name,
            password=password,
            roles=offices,
            body=body,
            member=member,
            origin=ORIGINS.get(role, ""),
            is_example=True,
        )
        if role in DELEGATES:
            accredit(account=role, user=user)
        opened.append((role, address, password))
    load_texts()
    load_dialogues(say=say)
    load_ballots(say=say)
    load_contributions(say=say)
    load_releases(say=say)
    load_questions(say=say)
    load_evaluations(say=say)
    load_mirrors(say=say)
    load_experience(say=say, translator=User.objects.get(email=ACCOUNTS["translator"][0]))
    load_agreements(say=say)
    start_publishing()
    start_alignment_if_changed()
    return opened
