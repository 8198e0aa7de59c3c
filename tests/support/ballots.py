"""A ballot of the committee or the assembly under a rule in force, made by the services that make real ones."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools

from django.utils import timezone

from comity.adapters.rule_files import FOLDER
from comity.platform.decisions import moments
from comity.platform.decisions.ballots import draft_ballot, open_ballot
from comity.platform.decisions.models import Ballot, RuleInForce
from comity.platform.decisions.ruling import put_in_force
from comity.platform.parties.models import User
from comity.platform.record.models import Checkpoint
from support.parties import SET_UP, account_with, make_body

QUESTION = {"en": "Shall the text be adopted?", "fr": "Le texte est-il adopté ?"}
_numbers = itertools.count(1)


def make_rule(name="unga-simple-majority", *, body="oversight", conduct="") -> RuleInForce:
    """A built-in rule in force in a body; ``conduct`` are lines of TOML that stand in place of its own under [conduct]."""
    make_body()
    held = RuleInForce.objects.filter(body__slug=body, name=name, ends_at__isnull=True).first()
    if held is not None and not conduct:
        return held
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    if conduct:
        text = f"{text.partition('[conduct]')[0]}[conduct]\n{conduct}\n"
    return put_in_force(body=body, text=text, by=SET_UP, authority="Decision 1 of the body")


def make_ballot(
    slug="",
    *,
    body="oversight",
    rule="unga-simple-majority",
    conduct="",
    way="recorded",
    opened=True,
    days=None,
    hours=None,
    by=SET_UP,
    groups=None,
    weights=None,
    **settings,
) -> Ballot:
    """A question put to a body, opened unless it is said otherwise; ``days`` or ``hours`` from now it closes."""
    make_rule(rule, body=body, conduct=conduct)
    given = {"kind": "question", "question": QUESTION, **settings}
    made = draft_ballot(slug=slug or f"b{next(_numbers)}", body=body, rule=rule, way=way, by=by, **given)
    if opened:
        if way == "roll call":
            a_checkpoint()
        wait = dt.timedelta(days=days or 0, hours=hours or 0)
        closes_at = timezone.now() + wait if wait else None
        open_ballot(slug=made.slug, closes_at=closes_at, by=by, groups=groups, weights=weights)
    return read_again(made)


def read_again(ballot: Ballot) -> Ballot:
    return Ballot.objects.select_related("body", "rule", "version__document", "outcome").get(pk=ballot.pk)


def a_checkpoint(size=7) -> Checkpoint:
    """A signed tree, as far as a lot needs one."""
    root = hashlib.sha256(str(size).encode()).hexdigest()
    return Checkpoint.objects.get_or_create(
        origin="example.org/log", size=size, defaults={"root": root, "note": "", "signed_at": timezone.now()}
    )[0]


def a_voice(member="m1", role="head"):
    """Somebody who may cast for a member, the same one each time; being asked first, it holds the member's voice."""
    make_body()
    held = User.objects.filter(credentials__member__slug=member, credentials__role=role).first()
    return held or account_with(role, member=member)


def set_clock(monkeypatch, moment: dt.datetime) -> None:
    """Let it be a moment for ballots, on every database."""
    monkeypatch.setattr(moments, "read_clock", lambda: moment)
    for module in ("voting", "selectors", "delegations", "explanations", "rolls"):
        monkeypatch.setattr(f"comity.platform.decisions.{module}.read_clock", lambda: moment)
