"""Notices on licences and export that a law asks for: set by the operator or secretariat, shown on every release that they fit.

A notice is told alike to all members; it holds nobody back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.engines.commons.licences import LEVELS
from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.commons.models import ExportNotice, Release
from comity.platform.parties.bodies import body_of, demand_rule
from comity.platform.parties.rules import authorise
from comity.platform.parties.texts import checked_texts, language_in, text_in
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from django.db.models import QuerySet

SET_NOTICE = "set a notice"
MOST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice in the reader's language, with the rule that asks for it. Empty ``kinds`` and classes stand for all."""

    id: int
    body: str
    act: str
    text: str
    text_language: str
    rule: str
    kinds: tuple[str, ...]
    licence_classes: tuple[str, ...]
    starts_at: dt.datetime
    ends_at: dt.datetime | None


def set_notice(
    *,
    body: str,
    texts: Mapping[str, str],
    rule: str,
    by: Any,
    kinds: Collection[str] = (),
    licence_classes: Collection[str] = (),
) -> ExportNotice:
    """Show a notice on every release of some kinds and classes of licence (none named: all) from now on, by an act.

    Raises NotPermitted, NotFound or BadParameter.
    """
    office = authorise(by=by, action=SET_NOTICE)
    here = body_of(slug=body)
    demand_rule(rule)
    said = checked_texts("texts", texts, most=MOST_TEXT)
    sorts = _among("kinds", kinds, Release.Kind.values)
    classes = _among("licence_classes", licence_classes, LEVELS)
    with transaction.atomic():
        act = enter_act(
            type="set-notice",
            office=office,
            authority=rule,
            subject="commons/notices",
            payload={"body": body, "texts": said, "kinds": sorts, "licence_classes": classes, "rule": rule.strip()},
        )
        return ExportNotice.objects.create(
            body=here,
            texts=said,
            kinds=sorts,
            licence_classes=classes,
            rule=rule.strip(),
            starts_at=timezone.now(),
            act=act,
        )


def end_notice(*, id: int, rule: str, by: Any) -> ExportNotice:  # noqa: A002  (the key of its row, as its page names it)
    """Show a notice no longer. Raises NotPermitted, NotFound, BadParameter, or Conflict where it has ended."""
    office = authorise(by=by, action=SET_NOTICE)
    demand_rule(rule)
    with transaction.atomic():
        notice = ExportNotice.objects.select_for_update(of=("self",)).filter(pk=id).first()
        if notice is None:
            raise NotFound(reference=f"commons/notices/{id}")
        if notice.ends_at is not None:
            raise Conflict(problem="This notice has ended already; nothing was changed.")
        enter_act(
            type="end-notice",
            office=office,
            authority=rule,
            subject="commons/notices",
            payload={"body": notice.body.slug, "set_by_act": str(notice.act_id)},
        )
        notice.ends_at = timezone.now()
        notice.save(update_fields=["ends_at"])
    return notice


def notices_in_force(*, language: str = "en", now: dt.datetime | None = None) -> tuple[NoticeView, ...]:
    """Return the notices that are shown now, the oldest first."""
    moment = now or timezone.now()
    rows = _notices().filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), starts_at__lte=moment)
    return tuple(_view(n, language) for n in rows.order_by("starts_at", "pk"))


def notices_ended(*, language: str = "en", now: dt.datetime | None = None) -> tuple[NoticeView, ...]:
    """Return the notices that are shown no longer, the last to end first."""
    rows = _notices().filter(ends_at__lte=now or timezone.now())
    return tuple(_view(n, language) for n in rows.order_by("-ends_at", "-pk"))


def notices_on(*, kind: str, licence_class: str, language: str = "en") -> tuple[NoticeView, ...]:
    """Return the notices that a release of a kind and class of licence shows."""
    return tuple(
        n
        for n in notices_in_force(language=language)
        if (not n.kinds or kind in n.kinds) and (not n.licence_classes or licence_class in n.licence_classes)
    )


def _notices() -> QuerySet[ExportNotice]:
    return ExportNotice.objects.select_related("body")


def _view(notice: ExportNotice, language: str, /) -> NoticeView:
    return NoticeView(
        id=notice.pk,
        body=notice.body.slug,
        act=str(notice.act_id),
        text=text_in(notice.texts, language),
        text_language=language_in(notice.texts, language),
        rule=notice.rule,
        kinds=tuple(notice.kinds),
        licence_classes=tuple(notice.licence_classes),
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
    )


def _among(name: str, given: Collection[str], known: Collection[str], /) -> list[str]:
    strange = sorted(set(given) - set(known))
    if strange:
        raise BadParameter(name=name, found=strange[0][:40], allowed=", ".join(known))
    return sorted(set(given))
