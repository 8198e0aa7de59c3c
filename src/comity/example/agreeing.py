"""Agreements of the worked example: three templates in six languages, an agreement in force on the topics, and one that waits for a signature."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from comity.adapters.agreement_templates import read_template
from comity.example.sharing import SLUG as TOPICS
from comity.platform.commons.agreement_wording import Wording
from comity.platform.commons.models import AgreementTemplate
from comity.platform.commons.sharing_agreements import clear_text, draft_agreement, propose_text
from comity.platform.commons.signing import sign_agreement
from comity.platform.commons.templates import issue_template
from comity.platform.parties.rules import Installation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FOLDER = Path(__file__).resolve().parent / "agreements"
RULE = "Constitutive act, article 2: members share what they make"
IN_FORCE, WAITING = "sa-topics", "sa-review"
OWN, OTHER = "m041", "m009"


def load_agreements(*, say: Callable[[str], None]) -> None:
    """Issue the templates of the worked example and make two agreements from them, once."""
    if AgreementTemplate.objects.exists():
        return
    by = Installation()
    today = timezone.now().date()
    with transaction.atomic():
        for path in sorted(FOLDER.glob("*.toml")):
            issue_template(given=read_template(path.read_bytes()), body="assembly", authority=RULE, by=by)
        _make(
            slug=IN_FORCE,
            shown_to="public",
            signs=(OWN, OTHER),
            wording=Wording(
                template="intellectual-property",
                title="Translations of the topics, made together",
                values={
                    "first": OWN,
                    "second": OTHER,
                    "work": "translating the topics of AI policy into the languages that both speak at home",
                    "sharing": "everyone",
                },
                ends_on=today + dt.timedelta(days=330),
                releases=(TOPICS,),
            ),
        )
        text = _make(
            slug=WAITING,
            shown_to="members",
            signs=(OTHER,),
            wording=Wording(
                template="cost-sharing",
                title="Review of the translations by people",
                values={
                    "lead": OTHER,
                    "partner": OWN,
                    "work": "having people read what was translated by machine",
                    "total": "48000 EUR",
                    "part": "18000 EUR",
                    "pay_by": (today + dt.timedelta(days=120)).isoformat(),
                },
                ends_on=today + dt.timedelta(days=500),
                releases=(TOPICS,),
            ),
        )
        # The capital of the example's delegation has cleared it; its head signs, or does not.
        clear_text(slug=WAITING, on=text, member=OWN, by=by)
    say("Issued three templates of agreements; one agreement is in force, one waits for a signature.")


def _make(*, slug: str, shown_to: str, signs: Sequence[str], wording: Wording) -> str:
    """Return the digest of the text that is proposed."""
    by = Installation()
    made = draft_agreement(wording=wording, parties=[OWN, OTHER], shown_to=shown_to, member=OTHER, slug=slug, by=by)
    on = made.texts.get().sha256
    propose_text(slug=slug, on=on, member=OTHER, by=by)
    for member in signs:
        sign_agreement(slug=slug, on=on, member=member, by=by)
    return on
