"""What a publisher asks of whoever fetches a release: an agreement from a template. It is asked, and holds nobody back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from comity.errors import Conflict, NotFound
from comity.platform.commons.agreement_pages import AgreementCard, agreements_on_release
from comity.platform.commons.models import Release, ReleaseTerms
from comity.platform.commons.releases_seen import release_seen
from comity.platform.commons.senders import RELEASE, authorise_sender, may_for_member
from comity.platform.commons.templates import TemplateCard, card_of_template, template_cards, template_version
from comity.platform.parties.models import Role
from comity.platform.parties.rules import Installation, standing_now
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    from collections.abc import Sequence

RULE = "Who shares a release says under which agreement it is shared"


@dataclass(frozen=True, slots=True)
class TermsView:
    """What is asked of who fetches a release: a template, none where nothing is; and the agreements in force that cover it.

    ``templates`` to choose from are given to who may set the terms, and are empty for everyone else. ``is_covered``: a side of the
    reader's own has signed an agreement from the template asked for that covers the release.
    """

    asked: TemplateCard | None
    act: str
    agreements: tuple[AgreementCard, ...]
    is_covered: bool
    templates: tuple[TemplateCard, ...]


def set_release_terms(*, slug: str, template: str, by: Any) -> ReleaseTerms | None:
    """Ask for an agreement from a template of whoever fetches a release, or for none where no template is named; by an act.

    By who may release its versions. Raises NotFound, NotPermitted, or Conflict where it is asked already.
    """
    with transaction.atomic():
        Release.objects.select_for_update(of=("self",)).filter(slug=slug).values_list("pk", flat=True).first()
        release = (
            release_seen(slug=slug, user=by) if not isinstance(by, Installation) else Release.objects.get(slug=slug)
        )
        member = release.member.slug if release.member else ""
        _, office = authorise_sender(body=release.body, member=member, by=by)
        held = ReleaseTerms.objects.filter(release=release).select_related("template").first()
        chosen = template_version(slug=template).template if template else None
        if chosen is not None and chosen.body_id != release.body_id:
            raise NotFound(reference=chosen.reference)
        if (held.template if held else None) == chosen:
            raise Conflict(problem="This is what is asked already; nothing was changed.")
        act = enter_act(
            type="set-release-terms",
            office=office,
            member=member,
            authority=RULE,
            subject=release.reference,
            payload={"release": release.reference, "template": chosen.reference if chosen else None},
            visibility=release.visibility,
            audience=release.audience,
            released_at=release.released_at,
        )
        if held is not None:
            held.delete()
        return ReleaseTerms.objects.create(release=release, template=chosen, act=act) if chosen else None


def terms_of(*, slug: str, user: Any, language: str = "en") -> TermsView:
    """Return what is asked of who fetches a release that a reader sees, and which agreements cover it. Raises NotFound."""
    release = release_seen(slug=slug, user=user)
    held = ReleaseTerms.objects.filter(release=release).select_related("template__body").first()
    cards = agreements_on_release(slug=slug, user=user, language=language)
    asked = None
    if held is not None:
        asked = card_of_template(template_version(slug=held.template.slug), language=language)
    if release.member is not None:
        sets = may_for_member(user=user, action=RELEASE, member=release.member.slug, body=release.body.slug)
    else:
        sets = Role.SECRETARIAT in standing_now(user=user).roles
    return TermsView(
        asked=asked,
        act=str(held.act_id) if held else "",
        agreements=cards,
        is_covered=_covers(cards, asked=asked),
        templates=template_cards(language=language, body=release.body.slug) if sets else (),
    )


def _covers(cards: Sequence[AgreementCard], /, *, asked: TemplateCard | None) -> bool:
    return asked is not None and any(
        card.template == asked.slug and any(side.is_own for side in card.sides) for card in cards
    )
