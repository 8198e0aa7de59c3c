"""Form bodies and enter members: what secretariats do before anyone can sit down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.parties.groupings import checked_groups
from comity.platform.parties.models import Body, Member
from comity.platform.parties.rules import authorise
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
MOST_NAME = 200
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
COUNTRY = re.compile(r"[A-Z]{3}")


def form_body(
    *,
    slug: str,
    kind: str,
    names: Mapping[str, str],
    starts_on: dt.date,
    rule: str,
    by: Any,
    parent: str = "",
    proxy_rule: str = "",
    organisation_rule: str = "",
) -> Body:
    """Form an assembly, or a committee or group of one, and enter it on the record.

    ``names`` maps a language code to a name; ``en`` must be among them. Raises NotPermitted, BadParameter or Conflict.
    """
    office = authorise(by=by, action="form a body")
    demand_slug(slug)
    if kind not in Body.Kind.values:
        raise BadParameter(name="kind", found=kind[:40], allowed=", ".join(Body.Kind.values))
    if (kind == Body.Kind.ASSEMBLY) == bool(parent):
        raise BadParameter(name="parent", found=parent or "none", allowed="a parent for committees and groups alone")
    cleaned = demand_names(names)
    demand_rule(rule)
    above = body_of(slug=parent) if parent else None
    try:
        with transaction.atomic():
            body = Body.objects.create(
                slug=slug,
                kind=kind,
                parent=above,
                names=cleaned,
                proxy_rule=proxy_rule.strip(),
                organisation_rule=organisation_rule.strip(),
                starts_on=starts_on,
            )
            enter_act(
                type="form-body",
                office=office,
                authority=rule,
                subject=reference_of_body(slug),
                payload={
                    "body": slug,
                    "kind": kind,
                    "names": cleaned,
                    "parent": parent,
                    "proxy_rule": body.proxy_rule,
                    "organisation_rule": body.organisation_rule,
                    "starts_on": starts_on.isoformat(),
                },
                links=[(reference_of_body(slug), "wasDerivedFrom", reference_of_body(parent))] if parent else [],
            )
    except IntegrityError:
        raise Conflict(problem=f"There is a body called {slug} already; nothing was changed.") from None
    return body


def enter_member(
    *,
    slug: str,
    names: Mapping[str, str],
    by: Any,
    kind: str = Member.Kind.STATE,
    country: str = "",
    region: str = "",
    groups: Sequence[str] = (),
    is_fictional: bool = False,
) -> Member:
    """Write down a party that can become a member. It is none yet: ``memberships.admit_member`` makes it one.

    ``groups`` are codes of groupings in the country data, for a member that is no country.
    """
    authorise(by=by, action="enter or change a membership")
    demand_slug(slug)
    if kind not in Member.Kind.values:
        raise BadParameter(name="kind", found=kind[:40], allowed=", ".join(Member.Kind.values))
    if country and (not COUNTRY.fullmatch(country) or kind != Member.Kind.STATE):
        raise BadParameter(name="country", found=country[:20], allowed="three capitals (ISO 3166-1), for a state")
    found = checked_groups(groups, country=country)
    try:
        with transaction.atomic():
            return Member.objects.create(
                slug=slug,
                kind=kind,
                names=demand_names(names),
                country=country,
                region=region.strip()[:60],
                groups=found,
                is_fictional=is_fictional,
            )
    except IntegrityError:
        raise Conflict(problem=f"{slug} or its country is entered already; nothing was changed.") from None


def body_of(*, slug: str) -> Body:
    """Return a body by its slug. Raises NotFound."""
    try:
        return Body.objects.get(slug=slug)
    except Body.DoesNotExist:
        raise NotFound(reference=f"parties/bodies/{slug[:60]}") from None


def member_of(*, slug: str) -> Member:
    """Return a member by its slug. Raises NotFound."""
    try:
        return Member.objects.get(slug=slug)
    except Member.DoesNotExist:
        raise NotFound(reference=f"parties/members/{slug[:60]}") from None


def reference_of_body(slug: str) -> str:
    """Return the permanent name of a body."""
    return f"parties/bodies/{slug}"


def reference_of_member(slug: str) -> str:
    """Return the permanent name of a member."""
    return f"parties/members/{slug}"


def demand_slug(slug: str) -> None:
    """Raise BadParameter for what cannot stand in a reference."""
    if not SLUG.fullmatch(slug):
        raise BadParameter(name="slug", found=slug[:60], allowed="small letters, digits and hyphens, at most 60")


def demand_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return names by language, trimmed. Raises BadParameter where English is missing, or a language unknown."""
    cleaned = {language: " ".join(str(name).split()) for language, name in names.items()}
    unknown = sorted(set(cleaned) - set(LANGUAGES))
    if unknown:
        raise BadParameter(name="names", found=unknown[0][:20], allowed=", ".join(LANGUAGES))
    if not cleaned.get("en") or any(not name or len(name) > MOST_NAME for name in cleaned.values()):
        raise BadParameter(
            name="names", found="one that is missing or too long", allowed="a name in en, each at most 200"
        )
    return cleaned


def demand_rule(rule: str) -> None:
    """Raise BadParameter where no rule is named: what an office does to a member rests on one."""
    if not rule.strip() or len(rule) > 200:  # noqa: PLR2004  (as long as the authority of an act)
        raise BadParameter(
            name="rule", found=rule[:40] or "nothing", allowed="the rule that allows it, at most 200 characters"
        )
