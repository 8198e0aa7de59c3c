"""A template and agreements made from it by the services that make real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.engines.commons.blanks import Blank, Template
from comity.platform.commons.agreement_wording import Wording
from comity.platform.commons.sharing_agreements import draft_agreement, propose_text
from comity.platform.commons.signing import sign_agreement
from comity.platform.commons.templates import issue_template
from comity.platform.parties.models import User
from support.parties import SET_UP, account_with

if TYPE_CHECKING:
    from comity.platform.commons.models import AgreementText, SharingAgreement

GIVER = Blank("giver", "party", {"en": "Who gives", "fr": "Qui donne"})
PURPOSE = Blank("purpose", "text", {"en": "Purpose", "fr": "But"})
TEXT = "1. {{giver}} gives the data.\n\n2. They serve {{purpose}} alone."
TEXTE = "1. {{giver}} donne les données.\n\n2. Elles servent à {{purpose}} seulement."
VALUES = {"giver": "m1", "purpose": "research"}


def template_given(slug="transfer", **changes) -> Template:
    """A template in English, which counts, and French, a translation."""
    given = {
        "slug": slug,
        "kind": "data-transfer",
        "titles": {"en": "Transfer of data", "fr": "Transfert de données"},
        "texts": {"en": TEXT, "fr": TEXTE},
        "authentic": ("en",),
        "translations": {"fr": "machine"},
        "blanks": (GIVER, PURPOSE),
        "notice_days": 90,
    }
    return Template(**{**given, **changes})


def issued(slug="transfer", *, by=SET_UP, **changes):
    """Issue a template, or its next version."""
    return issue_template(given=template_given(slug, **changes), body="assembly", authority="Rule 9", by=by)


def wording(template="transfer", **changes) -> Wording:
    """What fills it."""
    return Wording(**{"template": template, "title": "Data for research", "values": VALUES, **changes})


def drafted(*, parties=("m1", "m2"), shown_to="parties", member="m1", by=SET_UP, with_body=False, slug="", **changes):
    """A draft of m1 with m2."""
    return draft_agreement(
        wording=wording(**changes),
        parties=parties,
        shown_to=shown_to,
        member=member,
        with_body=with_body,
        slug=slug,
        by=by,
    )


def waiting(agreement: SharingAgreement, *, state="proposed") -> AgreementText:
    """The text of an agreement that is proposed, or in another state."""
    return agreement.texts.get(state=state)


def proposed(**given) -> SharingAgreement:
    """An agreement whose text all parties see."""
    made = drafted(**given)
    propose_text(slug=made.slug, on=waiting(made, state="draft").sha256, member=given.get("member", "m1"), by=SET_UP)
    made.refresh_from_db()
    return made


def signed(agreement: SharingAgreement, *members: str, by=SET_UP) -> SharingAgreement:
    """Sign what is proposed for some parties; an empty word stands for the body."""
    on = waiting(agreement).sha256
    for member in members:
        sign_agreement(slug=agreement.slug, on=on, member=member, by=by)
    agreement.refresh_from_db()
    return agreement


def concluded(**given) -> SharingAgreement:
    """An agreement that all have signed."""
    made = proposed(**given)
    sides = [*given.get("parties", ("m1", "m2")), *([""] if given.get("with_body") else [])]
    return signed(made, *sides)


def head_of(member: str) -> User:
    """The head of a delegation: there is one at a time."""
    found = User.objects.filter(credentials__member__slug=member, credentials__role="head").first()
    return found or account_with("head", member=member)
