"""Attach figures of an evaluation to a version of a release, withdraw them with a reason, or answer them once; each by an act.

Any member may measure what any other shares. The figures are taken from a log that says where they come from; nothing is run here.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.adapters.evaluation_logs import MEGABYTE, read_evaluation_bytes
from comity.adapters.evaluation_rows import LANGUAGE, row_as_dict
from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.commons.models import Evaluation, Release, Version
from comity.platform.commons.releases_seen import release_seen, releases_seen, version_of
from comity.platform.commons.senders import authorise_for_member, has_seat, may_for_member
from comity.platform.parties.bodies import demand_rule, member_of, reference_of_member
from comity.platform.parties.models import Member, Role
from comity.platform.parties.rules import MAY, Installation, authorise, may, standing_now
from comity.platform.parties.texts import checked_texts
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility, demand_circle, seen_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.adapters.evaluation_rows import EvaluationFile
    from comity.platform.record.models import Act

RULE = "The commons: any member may measure what another shares, and the one who shares may answer once"
ATTACH, ANSWER = "attach an evaluation", "answer an evaluation"
MOST_BYTES = 20 * MEGABYTE
MOST_JSON = 16 * MEGABYTE
MOST_VALUES = 1_000_000
MOST_NOTE = 1000
MOST_ATTACHED = 100
"""The most that a member has attached to a version at once."""
NAME_BYTES = 5


def attach_evaluation(
    *,
    slug: str,
    label: str,
    file: str,
    content: bytes,
    by: Any,
    authority: str = RULE,
    member: str = "",
    model: str = "",
    language: str = "",
    notes: Mapping[str, str] | None = None,
    visibility: str = "",
    audience: str = "",
) -> Evaluation:
    """Attach the figures of a log to a version of a release that the one who attaches sees. Without a ``member`` the body measured.

    ``model`` says which model of the log is meant, where it names several; ``language`` holds for rows whose log tells none; ``notes``
    are what else is known of how samples were chosen. The circle is that of the release, or a narrower one that is named.

    Raises NotPermitted, NotFound, BadParameter, BadReleaseFile where the log will not do, or Conflict where it is attached already,
    where the release was taken down, or where the member has no seat.
    """
    demand_rule(authority)
    seen = release_seen(slug=slug, user=by) if not isinstance(by, Installation) else _any_release(slug)
    version = version_of(release=seen, name=label)
    party, office = _authorise_measuring(seen, member=member, by=by)
    said = checked_texts("notes", notes or {}, most=MOST_NOTE, needed=False, lines=True)
    if language and not LANGUAGE.fullmatch(language):
        raise BadParameter(name="language", found=language[:40], allowed='a BCP 47 tag, such as "sw" or "zh-Hant"')
    if len(content) > MOST_BYTES:
        raise BadParameter(
            name="file", found=f"{len(content) / MEGABYTE:.0f} MB", allowed=f"at most {MOST_BYTES // MEGABYTE} MB"
        )
    held = read_evaluation_bytes(content=content, file=file[:200], most_json=MOST_JSON, most_values=MOST_VALUES)
    rows = _rows(held, model=model, language=language)

    with transaction.atomic():
        release = Release.objects.select_for_update(of=("self",)).get(pk=seen.pk)
        circle = _circle(release, visibility=visibility, audience=audience, member=member)
        if release.taken_down_at is not None:
            raise Conflict(problem=f"{release.slug} was taken down; nothing is attached to it.")
        _demand_new(version, party, held.sha256)
        evaluation = Evaluation(
            version=version,
            member=party,
            name=secrets.token_hex(NAME_BYTES),
            form=held.form,
            tool=held.tool,
            made_at=held.made_at,
            log_sha256=held.sha256,
            log_bytes=held.size,
            sent_sha256=hashlib.sha256(content).hexdigest(),
            model=rows[0].get("model", ""),
            rows=rows,
            notes=said,
            attached_at=timezone.now(),
            **circle,
        )
        evaluation.act = enter_act(
            type="attach-evaluation",
            office=office,
            member=member,
            authority=authority,
            subject=evaluation.reference,
            payload={
                "release": release.reference,
                "version": version.reference,
                "manifest_sha256": version.manifest_sha256,
                "form": held.form,
                "tool": held.tool,
                "log_sha256": held.sha256,
                "log_bytes": held.size,
                "sent_sha256": evaluation.sent_sha256,
                "rows": rows,
                "notes": said,
            },
            links=_links(evaluation, member),
            **circle,
        )
        evaluation.save()
    return evaluation


def withdraw_evaluation(
    *, slug: str, name: str, reasons: Mapping[str, str], by: Any, authority: str = RULE
) -> Evaluation:
    """Take figures out of all tables, by who attached them or the secretariat; they stay to be read, with the reason.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where they are withdrawn already.
    """
    demand_rule(authority)
    said = checked_texts("reasons", reasons, most=MOST_NOTE, lines=True)
    with transaction.atomic():
        evaluation = _locked(slug, name, by)
        office = _authorise_for(None if _is_secretariat(by) else evaluation.member, action=ATTACH, by=by)
        if evaluation.withdrawn_at is not None:
            raise Conflict(problem="These figures are withdrawn already; nothing was changed.")
        evaluation.withdrawing = _enter(evaluation, "withdraw-evaluation", office, authority, {"reasons": said})
        evaluation.withdrawn_at, evaluation.reasons = timezone.now(), said
        evaluation.save()
    return evaluation


def answer_evaluation(
    *, slug: str, name: str, answers: Mapping[str, str], by: Any, authority: str = RULE
) -> Evaluation:
    """Answer figures once, for whoever shares the release. Raises NotPermitted, NotFound, BadParameter, or Conflict."""
    demand_rule(authority)
    said = checked_texts("answers", answers, most=MOST_NOTE, lines=True)
    with transaction.atomic():
        evaluation = _locked(slug, name, by)
        office = _authorise_for(evaluation.version.release.member, action=ANSWER, by=by)
        if evaluation.answered_at is not None:
            raise Conflict(problem="This is answered already; one answer stands. Nothing was changed.")
        evaluation.answering = _enter(evaluation, "answer-evaluation", office, authority, {"answers": said})
        evaluation.answered_at, evaluation.answers = timezone.now(), said
        evaluation.save()
    return evaluation


def narrower_circles(*, visibility: str, of_member: bool) -> tuple[str, ...]:
    """Return the circles that figures on a release of a circle may have, the widest first; a delegation's for a member alone.

    >>> narrower_circles(visibility="members", of_member=True)
    ('members', 'delegation')
    """
    if visibility in {Visibility.COMMITTEE, Visibility.DELEGATION}:
        found = [visibility]
    else:
        found = [c for c in (Visibility.PUBLIC, Visibility.MEMBERS) if c in {visibility, Visibility.MEMBERS}]
    if of_member and visibility != Visibility.DELEGATION:
        found.append(Visibility.DELEGATION)
    return tuple(str(c) for c in found)


def measurers(*, user: Any, body: str) -> tuple[str, ...]:
    """Return for which members an account may attach figures in a body, as slugs; an empty one stands for the body itself."""
    places = [p for p in standing_now(user=user).places if p.role in MAY[ATTACH]]
    slugs = {p.member for p in places if p.member and may(user=user, action=ATTACH, member=p.member, body=body)}
    return (*sorted(slugs), *([""] if any(p.role == Role.SECRETARIAT for p in places) else []))


def may_withdraw(*, user: Any, member: str) -> bool:
    """Tell whether an account may withdraw what a member attached: of its delegation, or the secretariat."""
    return _is_secretariat(user) or _may_for(user, action=ATTACH, member=member)


def may_answer(*, user: Any, member: str) -> bool:
    """Tell whether an account may answer for the member that shares a release; without one, for the body."""
    return _may_for(user, action=ANSWER, member=member)


def _may_for(user: Any, /, *, action: str, member: str) -> bool:
    if member:
        return may_for_member(user=user, action=action, member=member)
    return _is_secretariat(user)


def _is_secretariat(user: Any, /) -> bool:
    return not isinstance(user, Installation) and Role.SECRETARIAT in standing_now(user=user).roles


def _authorise_measuring(release: Release, /, *, member: str, by: Any) -> tuple[Member | None, str]:
    party = member_of(slug=member) if member else None
    office = _authorise_for(party, action=ATTACH, by=by, body=release.body.slug)
    if party is not None and not has_seat(party, body=release.body, on=timezone.now().date()):
        raise Conflict(problem=f"{party} has no seat in {release.body} today; nothing was kept.")
    return party, office


def _authorise_for(party: Member | None, /, *, action: str, by: Any, body: str = "") -> str:
    """Return the office in which somebody acts for its member, or, for the body, the secretariat's. Raises NotPermitted."""
    if party is not None:
        return authorise_for_member(action=action, member=party.slug, body=body, by=by)
    if isinstance(by, Installation):
        return authorise(by=by, action=action)
    if not _is_secretariat(by):
        raise NotPermitted(action=action, needed=Role.SECRETARIAT)
    return str(Role.SECRETARIAT)


def _any_release(slug: str, /) -> Release:
    found = Release.objects.filter(slug=slug).select_related("member", "body").first()
    if found is None:
        raise NotFound(reference=f"commons/releases/{slug[:60]}")
    return found


def _rows(held: EvaluationFile, /, *, model: str, language: str) -> list[dict[str, Any]]:
    if len(held.models) > 1 and model not in held.models:
        raise BadParameter(name="model", found=model[:60] or "nothing", allowed=", ".join(held.models)[:400])
    chosen = [row for row in held.rows if len(held.models) == 1 or row.model == model]
    return [{**row_as_dict(row), **({"language": row.language or language} if language else {})} for row in chosen]


def _circle(release: Release, /, *, visibility: str, audience: str, member: str) -> dict[str, Any]:
    """Return the circle of figures: the release's own, or one within it. Nobody who does not see the release learns of it by them."""
    own = {"visibility": release.visibility, "audience": release.audience, "released_at": release.released_at}
    if not visibility or (visibility == release.visibility and audience in {"", release.audience}):
        return own
    demand_circle(visibility=visibility, audience=audience)
    within = narrower_circles(visibility=release.visibility, of_member=bool(member))
    if visibility == release.visibility or visibility not in within:
        raise BadParameter(
            name="visibility", found=visibility, allowed=f"{release.visibility}, as the release, or narrower"
        )
    if visibility == Visibility.DELEGATION and audience != f"delegation:{member}":
        raise BadParameter(name="audience", found=audience, allowed=f"delegation:{member}")
    return {"visibility": visibility, "audience": audience, "released_at": None}


def _demand_new(version: Version, party: Member | None, sha256: str, /) -> None:
    """Refuse a log twice of one member. Whether another attached the same is not told: it may be in a circle that is not seen."""
    own = version.evaluations.filter(member=party, withdrawn_at__isnull=True)
    if own.filter(log_sha256=sha256).exists():
        raise Conflict(problem="This log is attached to this version already; nothing was kept.")
    if own.count() >= MOST_ATTACHED:
        raise Conflict(problem=f"{MOST_ATTACHED} logs are attached to this version already. Withdraw one first.")


def _links(evaluation: Evaluation, member: str, /) -> list[tuple[str, str, str]]:
    links = [(evaluation.reference, "wasDerivedFrom", evaluation.version.reference)]
    if member:
        links.append((evaluation.reference, "wasAttributedTo", reference_of_member(member)))
    return links


def _locked(slug: str, name: str, by: Any, /) -> Evaluation:
    """Return an evaluation that its reader sees, its row locked first. Raises NotFound."""
    rows = Evaluation.objects.filter(name=name, version__release__slug=slug)
    if not isinstance(by, Installation):
        rows = rows.filter(seen_by(user=by), version__release__in=releases_seen(user=by))
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(reference=f"commons/releases/{slug[:60]}/evaluations/{name[:20]}")
    Evaluation.objects.select_for_update(of=("self",)).get(pk=found)
    return Evaluation.objects.select_related("version__release__member", "version__release__body", "member").get(
        pk=found
    )


def _enter(
    evaluation: Evaluation,
    type: str,  # noqa: A002  (the field's name in the schema)
    office: str,
    authority: str,
    said: Mapping[str, Any],
    /,
) -> Act:
    release = evaluation.version.release
    member = release.member if type == "answer-evaluation" else evaluation.member
    return enter_act(
        type=type,
        office=office,
        member="" if member is None or office == Role.SECRETARIAT else member.slug,
        authority=authority,
        subject=evaluation.reference,
        payload={"evaluation": evaluation.reference, "attached_by_act": str(evaluation.act_id), **said},
        visibility=evaluation.visibility,
        audience=evaluation.audience,
        released_at=evaluation.released_at,
    )
