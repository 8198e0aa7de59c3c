"""Rules, documents and results to cite, made by the services that make real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from comity.adapters.rule_files import built_in_text
from comity.platform.decisions.documents import table_document
from comity.platform.decisions.ruling import put_in_force
from comity.platform.dialogue.models import Analysis
from comity.platform.record.services import enter_act
from support.parties import SET_UP, make_body

if TYPE_CHECKING:
    from comity.platform.decisions.models import Document, RuleInForce

ENGLISH = ("Independent review", "Each member shall review.\n\nNothing limits a stricter rule.")
FRENCH = ("Examen indépendant", "Chaque membre procède à un examen.\n\nRien ne limite une règle plus stricte.")


def make_rule(name="unga-two-thirds", *, body="oversight", by=SET_UP) -> RuleInForce:
    """A rule that comes with Comity, put in force as it is."""
    make_body()
    return put_in_force(body=body, text=built_in_text(name), authority="Rule 30", by=by)


def make_document(slug="review", *, symbol="C/3/L.7", body="oversight", by=SET_UP, **settings) -> Document:
    """A document of the committee on oversight in English, of which the French text is still required."""
    make_body()
    given = {"texts": {"en": ENGLISH}, "authentic": ["en", "fr"], "sponsors": ["m1"], **settings}
    return table_document(slug=slug, symbol=symbol, body=body, by=by, **given)


def results_published(dialogue) -> None:
    """As if the results of a consultation had been published: the row and the act, without figures."""
    with transaction.atomic():
        act = enter_act(
            type="publish-results",
            office="secretariat",
            authority=dialogue.rule,
            subject=f"{dialogue.reference}/results",
            payload={"dialogue": dialogue.slug},
        )
        Analysis.objects.create(
            dialogue=dialogue,
            track="people",
            made_at=timezone.now(),
            engine="1",
            votes=0,
            voices=0,
            is_final=True,
            figures={},
            digest="0" * 64,
            order_salt="",
            input_sha256="0" * 64,
            act=act,
        )
