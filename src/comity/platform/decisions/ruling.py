"""Put a rule of procedure in force for a body, set it aside, and tell which was in force at a moment.

The text is kept and published exactly as it was put in force. Its own version must be the next one: were it rewritten here, the
file in the hands of the body would have another digest, and give another version, than the rule its ballots are counted under.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone

from comity.adapters.rule_files import parse_rule
from comity.errors import BadParameter, BadRule, Conflict, NotFound
from comity.platform.decisions.models import RuleInForce
from comity.platform.parties.bodies import body_of, demand_rule, reference_of_body
from comity.platform.parties.models import Body
from comity.platform.parties.rules import authorise
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from comity.engines.decisions.rules import Rule

PUT_IN_FORCE = "put a rule in force"
MOST_RULE = 60_000
MOST_TITLE = 200
FILE = "the rule"
# What cannot be seen could make a rule read otherwise than it counts.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_IN_LINES = frozenset("\n\t\u200c\u200d\u200e\u200f")


def put_in_force(*, body: str, text: str, by: Any, authority: str) -> RuleInForce:
    """Put the rule that a TOML text holds in force for a body from now on; the version before it stands no longer.

    ``authority`` is what allows it, such as the decision that adopted it. A ballot that is held keeps its version. Raises
    NotPermitted, NotFound, BadParameter, BadRule (where ``version`` is not the next one too), or Conflict.
    """
    office = authorise(by=by, action=PUT_IN_FORCE)
    here = body_of(slug=body)
    demand_rule(authority)
    given = checked_rule_text(text)
    rule = parse_rule(text=given, file=FILE)
    if len(rule.title) > MOST_TITLE:
        raise BadRule(
            file=FILE, where="title", problem=f"has {len(rule.title)} characters; at most {MOST_TITLE} are kept"
        )
    digest = hashlib.sha256(given.encode()).hexdigest()
    try:
        with transaction.atomic():
            _lock(here)
            awaited = next_version(body=body, name=rule.name)
            if rule.version != awaited:
                raise BadRule(
                    file=FILE,
                    where="version",
                    problem=f"is {rule.version}; the next version of {rule.name} here is {awaited}",
                )
            now = timezone.now()
            before = RuleInForce.objects.filter(body=here, name=rule.name, ends_at__isnull=True).first()
            reference = reference_of_rule(body=body, name=rule.name, version=rule.version)
            act = enter_act(
                type="put-rule-in-force",
                office=office,
                authority=authority.strip(),
                subject=reference,
                payload={
                    "body": body,
                    "name": rule.name,
                    "version": rule.version,
                    "title": rule.title,
                    "text": given,
                    "text_sha256": digest,
                },
                links=[(reference, "wasAttributedTo", reference_of_body(body))]
                + ([(reference, "wasRevisionOf", before.reference)] if before else []),
            )
            if before:
                before.ends_at = now
                before.save(update_fields=["ends_at"])
            return RuleInForce.objects.create(
                body=here,
                name=rule.name,
                version=rule.version,
                title=rule.title,
                text=given,
                text_sha256=digest,
                starts_at=now,
                act=act,
            )
    except IntegrityError:
        raise Conflict(
            problem="Somebody put a rule of this name in force at the same moment. Read it, then do it again."
        ) from None


def set_aside_rule(*, body: str, name: str, by: Any, authority: str) -> RuleInForce:
    """Let a rule of a body stand no longer from now on. A ballot that is held under it keeps it.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where no version of it is in force.
    """
    office = authorise(by=by, action=PUT_IN_FORCE)
    here = body_of(slug=body)
    demand_rule(authority)
    with transaction.atomic():
        _lock(here)
        held = RuleInForce.objects.select_related("body").filter(body=here, name=name, ends_at__isnull=True).first()
        if held is None:
            raise Conflict(problem=f"No rule called {name[:60]} is in force in {here}; nothing was changed.")
        enter_act(
            type="set-rule-aside",
            office=office,
            authority=authority.strip(),
            subject=held.reference,
            payload={"body": body, "name": name, "version": held.version, "text_sha256": held.text_sha256},
            links=[(held.reference, "wasAttributedTo", reference_of_body(body))],
        )
        held.ends_at = timezone.now()
        held.save(update_fields=["ends_at"])
    return held


def rules_in_force(*, body: str, moment: dt.datetime | None = None) -> QuerySet[RuleInForce]:
    """Return the rules of a body that are in force at a moment (default: now), by name."""
    when = moment or timezone.now()
    found = RuleInForce.objects.filter(body__slug=body, starts_at__lte=when)
    return found.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=when)).select_related("body").order_by("name")


def rule_in_force(*, body: str, name: str, moment: dt.datetime | None = None) -> RuleInForce:
    """Return the version of a rule that is in force in a body at a moment. Raises NotFound."""
    found = rules_in_force(body=body, moment=moment).filter(name=name).first()
    if found is None:
        raise NotFound(reference=f"decisions/rules/{body[:60]}/{name[:60]}")
    return found


def next_version(*, body: str, name: str) -> int:
    """Return the version that the next text of a rule must bear: one more than the last there was, 1 for a new name."""
    last = RuleInForce.objects.filter(body__slug=body, name=name).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def rule_of(row: RuleInForce, /) -> Rule:
    """Return the rule of the engine that a row holds."""
    return _parsed(row.text)


def reference_of_rule(*, body: str, name: str, version: int) -> str:
    """Return the permanent name of a version of a rule."""
    return f"decisions/rules/{body}/{name}/{version}"


def checked_rule_text(text: str, /) -> str:
    """Return the text of a rule with one form of line end. Raises BadParameter where it is too long or hides signs."""
    given = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(given) > MOST_RULE:
        raise BadParameter(name="rule", found=f"{len(given)} characters", allowed=f"at most {MOST_RULE} characters")
    for sign in given:
        if sign not in _IN_LINES and unicodedata.category(sign) in _HIDDEN:
            raise BadParameter(
                name="rule", found=f"U+{ord(sign):04X}", allowed="text without characters that cannot be seen"
            )
    return given


@lru_cache(maxsize=128)
def _parsed(text: str, /) -> Rule:
    return parse_rule(text=text, file=FILE)


def _lock(here: Body, /) -> None:
    """Let one transaction at a time change the rules of a body."""
    Body.objects.select_for_update().get(pk=here.pk)
