"""The decisions of the worked example: rules in force, a document with its versions, and ballots of invented members, the same everywhere."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.platform.decisions.ballots import draft_ballot, open_ballot, state_outcome
from comity.platform.decisions.documents import issue_version, table_document
from comity.platform.decisions.explanations import RULE
from comity.platform.decisions.models import Ballot, Document, DocumentVersion, Elector, Explanation, RuleInForce
from comity.platform.decisions.presence import note_presence
from comity.platform.decisions.ruling import put_in_force
from comity.platform.decisions.voting import enter_votes
from comity.platform.parties.rules import Installation
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER = Path(__file__).resolve().parent / "decisions"
PLAN = FOLDER / "sharing.toml"
ADOPTED_BY = "Constitutive act, article 11: the Assembly adopts its rules of procedure"
OFFICE = "head"
SAID = ("yes", "no", "abstain")
LAST_HOUR = 18


def load_ballots(*, say: Callable[[str], None]) -> None:
    """Put the rules in force, issue the document and hold the ballots, each once: one stated, one open, one in silence, one motion."""
    plan = _plan()
    if not Document.objects.filter(slug=plan["slug"]).exists():
        with transaction.atomic():
            _put_rules_in_force(plan["body"])
            _issue(plan)
    there = set(Ballot.objects.values_list("slug", flat=True))
    made = 0
    for entry in plan["ballot"]:
        if entry["slug"] not in there:
            with transaction.atomic():
                _hold(entry, body=plan["body"])
            made += 1 + len(entry.get("motion", ()))
    if made:
        say(f"Held {made} invented ballots.")


def cite_dialogue(*, slug: str) -> None:
    """Issue the addendum that cites a consultation, once: what is cited has its results published."""
    plan = _plan()
    symbol = plan["addendum"]["symbol"]
    issued = DocumentVersion.objects.filter(symbol__in=[symbol, plan["revision"]["symbol"]])
    if slug != plan["dialogue"] or set(issued.values_list("symbol", flat=True)) != {plan["revision"]["symbol"]}:
        return
    said = [f"dialogue/{slug}/statements/{number}" for number in plan["cited_statements"]]
    issue_version(
        slug=plan["slug"],
        symbol=symbol,
        texts=_texts(plan["addendum"]),
        authentic=sorted(plan["addendum"]["texts"]),
        required=sorted(plan["addendum"]["texts"]),
        cites=[("wasDerivedFrom", reference) for reference in (f"dialogue/{slug}/results", *said)],
        by=Installation(),
    )


def _plan() -> dict[str, Any]:
    return tomllib.loads(PLAN.read_text(encoding="utf-8"))


def _put_rules_in_force(body: str) -> None:
    for path in sorted((FOLDER / "rules").glob("*.toml")):
        if not RuleInForce.objects.filter(body__slug=body, name=path.stem).exists():
            put_in_force(body=body, text=path.read_text(encoding="utf-8"), by=Installation(), authority=ADOPTED_BY)


def _issue(plan: Mapping[str, Any]) -> None:
    first, revision = plan["first"], plan["revision"]
    table_document(
        slug=plan["slug"],
        body=plan["body"],
        symbol=plan["symbol"],
        sponsors=plan["sponsors"],
        texts=_texts(first),
        authentic=first["authentic"],
        titles={language: text["title"] for language, text in revision["texts"].items() if language != "pt"},
        note=first["note"],
        by=Installation(),
    )
    issue_version(
        slug=plan["slug"],
        symbol=revision["symbol"],
        texts=_texts(revision),
        authentic=revision["authentic"],
        required=revision["authentic"],
        note=revision["note"],
        by=Installation(),
    )


def _texts(version: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {language: (held["title"], held["text"].strip()) for language, held in version["texts"].items()}


def _hold(entry: Mapping[str, Any], *, body: str, parent: str = "") -> None:
    """Draft a ballot, open it, let invented members say what the plan says, and state its outcome where the plan does."""
    slug, by = entry["slug"], Installation()
    draft_ballot(
        slug=slug,
        body=body,
        kind=entry["kind"],
        question=entry["question"],
        rule=entry["rule"],
        way=entry["way"],
        version=entry.get("on", ""),
        parent=parent,
        moved_by=entry.get("moved_by", ""),
        order=1 if parent else 0,
        by=by,
    )
    closes_at = None
    if "days" in entry:
        closes_at = (timezone.now() + dt.timedelta(days=entry["days"])).replace(
            hour=LAST_HOUR, minute=0, second=0, microsecond=0
        )
    open_ballot(slug=slug, closes_at=closes_at, by=by)
    for motion in entry.get("motion", ()):
        _hold(motion, body=body, parent=slug)
    _explain(entry, when="before")
    electors = {e.member.slug: e for e in Elector.objects.filter(ballot__slug=slug).select_related("member", "cast_by")}
    reasons = entry.get("reasons", {})
    for position in SAID:
        for why in sorted({reasons.get(m, "") for m in entry.get(position, ())}):
            said = [electors[m] for m in entry[position] if reasons.get(m, "") == why]
            enter_votes(slug=slug, electors=said, position=position, reasons=why, office=OFFICE)
    if entry.get("stated"):
        here = sorted(m for position in (*SAID, "present") for m in entry.get(position, ()))
        note_presence(slug=slug, present=here, absent=sorted(set(electors) - set(here)), by=by)
        state_outcome(slug=slug, by=by)
        _explain(entry, when="after")


def _explain(entry: Mapping[str, Any], *, when: str) -> None:
    ballot = Ballot.objects.get(slug=entry["slug"])
    members = {e.member.slug: e.member for e in Elector.objects.filter(ballot=ballot).select_related("member")}
    for one in entry.get("explanation", ()):
        if one["when"] != when:
            continue
        given = {key: one[key] for key in ("when", "language", "text")}
        act = enter_act(
            type="explain-vote",
            office=OFFICE,
            member=one["member"],
            authority=RULE,
            subject=ballot.reference,
            payload={"ballot": ballot.reference, "member": one["member"], "title": "", **given},
        )
        Explanation.objects.create(
            ballot=ballot, member=members[one["member"]], given_at=timezone.now(), act=act, **given
        )
