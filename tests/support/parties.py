"""A small body with members and people, made by the services that make real ones."""

from __future__ import annotations

import datetime as dt
import itertools

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comity.platform.parties.bodies import enter_member, form_body
from comity.platform.parties.credentials import issue_credential
from comity.platform.parties.memberships import admit_member
from comity.platform.parties.models import Body, Member, User
from comity.platform.parties.rules import CAPITAL, OBSERVER, Installation
from comity.platform.parties.services import open_account

PASSWORD = "a long enough word 9"
SET_UP = Installation()
BEGUN = dt.date(2024, 1, 15)
PROXY_RULE = "Rule 21: a member may vote for one other"
ORGANISATION_RULE = "Rule 12: a regional organisation may vote in place of its members"
OF_A_BODY = ("chair", "expert")
OF_A_MEMBER = ("focal-point",)
OFFICES = ("secretariat", "reviewer", "translator", "operator")
_numbers = itertools.count(1)


def today() -> dt.date:
    return timezone.now().date()


def make_body() -> None:
    """An assembly with a committee that allows proxies; members m1 to m4, a union of m3 and m4, and an observer."""
    if Body.objects.filter(slug="assembly").exists():
        return
    form_body(
        slug="assembly",
        kind="assembly",
        names={"en": "Assembly", "fr": "Assemblée"},
        starts_on=BEGUN,
        rule="Article 1",
        organisation_rule=ORGANISATION_RULE,
        by=SET_UP,
    )
    form_body(
        slug="oversight",
        kind="committee",
        names={"en": "Committee on Oversight"},
        starts_on=BEGUN,
        rule="Rule 20",
        parent="assembly",
        proxy_rule=PROXY_RULE,
        by=SET_UP,
    )
    form_body(
        slug="other",
        kind="committee",
        names={"en": "Other"},
        starts_on=BEGUN,
        rule="Rule 20",
        parent="assembly",
        by=SET_UP,
    )
    for slug in ("m1", "m2", "m3", "m4"):
        enter_member(slug=slug, names={"en": f"Member {slug[1]}"}, is_fictional=True, by=SET_UP)
        admit_member(body="assembly", member=slug, status="full", starts_on=BEGUN, rule="Article 4", by=SET_UP)
    for slug in ("m1", "m2"):
        admit_member(body="oversight", member=slug, status="full", starts_on=BEGUN, rule="Rule 20", by=SET_UP)
    enter_member(slug="union", kind="organisation", names={"en": "Union"}, is_fictional=True, by=SET_UP)
    admit_member(body="assembly", member="union", status="full", starts_on=BEGUN, rule="Article 6", by=SET_UP)
    enter_member(slug="watcher", kind="organisation", names={"en": "Watcher"}, is_fictional=True, by=SET_UP)
    admit_member(body="assembly", member="watcher", status="observer", starts_on=BEGUN, rule="Rule 7", by=SET_UP)
    admit_member(body="oversight", member="watcher", status="observer", starts_on=BEGUN, rule="Rule 7", by=SET_UP)
    assert Member.objects.count() == 6


def account_with(
    role: str,
    *,
    member: str = "m1",
    body: str = "oversight",
    body_of_credential: str = "assembly",
    origin: str = "",
):
    """An account that holds one role, as real ones do: by office, or by credential; ``public`` is nobody."""
    if role == "public":
        return AnonymousUser()
    number = next(_numbers)
    address, name = f"{role}-{number}@example.org", f"{role} {number}"
    given = {"email": address, "name": name, "password": PASSWORD}
    if role in OFFICES:
        return open_account(**given, roles=(role,), origin=origin)
    if role in OF_A_BODY:
        return open_account(**given, roles=(role,), body=body)
    if role in OF_A_MEMBER:
        return open_account(**given, roles=(role,), member=member)
    user = open_account(**given)
    kind = {CAPITAL: "adviser", OBSERVER: "head"}.get(role, role)
    issue_credential(
        member="watcher" if role == OBSERVER else member,
        body=body_of_credential,
        role=kind,
        holder=name,
        user=user,
        may_clear=role == CAPITAL,
        starts_on=today() - dt.timedelta(days=1),
        by=SET_UP,
    )
    return User.objects.get(pk=user.pk)
