"""Parties who sign one text at the same moment, or sign it while another party proposes another, and what stands of it afterwards."""

from __future__ import annotations

from comity.platform.commons.models import AgreementStep, AgreementText
from comity.platform.commons.sharing_agreements import draft_text, propose_text
from comity.platform.commons.signing import sign_agreement
from comity.platform.record.models import Act
from support.agreements import issued, proposed, waiting, wording
from support.parties import SET_UP

PARTIES = ("m1", "m2", "m3", "m4")


def things_of_agreements(what: str) -> dict[str, object]:
    """Four at one agreement: who all sign, who all sign for one party, or of whom one proposes another text meanwhile."""
    issued()
    made = proposed(parties=PARTIES, slug="raced")
    on = waiting(made).sha256
    if what == "agreement-change":
        draft_text(slug="raced", wording=wording(title="Another"), member="m1", by=SET_UP)
        other = waiting(made, state="draft").sha256

    def sign_or_propose(n: int) -> None:
        if n == 0:
            propose_text(slug="raced", on=other, member="m1", by=SET_UP)
        else:
            sign_agreement(slug="raced", on=on, member=PARTIES[n], by=SET_UP)

    return {
        "agreement-sign": lambda n: sign_agreement(slug="raced", on=on, member=PARTIES[n], by=SET_UP),
        "agreement-twice": lambda n: sign_agreement(slug="raced", on=on, member="m1", by=SET_UP),
        "agreement-change": sign_or_propose,
    }


def found_of_agreements() -> dict[str, object]:
    """What stands of the raced agreement: signatures with their acts, and none on a text that came after."""
    acts = list(Act.objects.values_list("type", flat=True))
    states = AgreementText.objects.order_by("pk").values_list("state", flat=True)
    signed = AgreementStep.objects.filter(signed_at__isnull=False)
    return {
        "texts": ",".join(states),
        "signatures_have_acts": signed.count() == acts.count("sign-agreement"),
        "signed": signed.count(),
        "signed_after": signed.filter(text__title="Another").count(),
        "concluding_acts": acts.count("conclude-agreement"),
    }
