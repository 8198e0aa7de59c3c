"""Take another version of an instrument into the collection: the present text changes, what was there is kept whole.

A provision that goes on keeps its row, and with it links, decisions and readings. Links on text that changed become stale.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rfc8785
from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from comity.engines.alignment.changes import KEEPS_TEXT, MAKER
from comity.engines.alignment.tokens import tokens_of
from comity.errors import BadParameter, Conflict, NotFound, StaleText
from comity.platform.alignment import index
from comity.platform.alignment.collection import provision_for_engine
from comity.platform.alignment.models import Instrument, PastProvision, PastVersion, Provision, ProvisionTopic
from comity.platform.alignment.selectors import instruments_seen
from comity.platform.alignment.services import (
    COLLECTION_RULE,
    add_instrument,
    change_who_sees,
    facts_of,
    payload_of,
    reference_of_instrument,
    reference_of_version,
)
from comity.platform.alignment.stale import mark_links
from comity.platform.parties.rules import Installation, require
from comity.platform.record.models import Link
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import demand_circle, narrowest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment import texts
    from comity.engines.alignment.changes import Change

FACTS = (
    "title",
    "short_title",
    "party",
    "signatories",
    "subdivision",
    "kind",
    "status",
    "binding",
    "date",
    "language",
    "official_url",
    "basis",
    "is_summary",
)
FAR = 1_000_000


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What taking in a version did: its number, how many provisions by what became of them, and the links now stale."""

    number: int
    counts: Mapping[str, int]
    stale: tuple[str, ...]


def take_in_version(
    *,
    instrument: texts.Instrument,
    provisions: Sequence[texts.Provision],
    by: Any,
    replaces: int | None = None,
    visibility: str = "",
    audience: str = "",
) -> TakenIn | None:
    """Take in a text as the new present version of the instrument of the same id, as an act; return what that did.

    For every door that has read a document: give the instrument and its provisions as the readers make them. Returns None,
    and does nothing, where the present version is that text already. ``by`` is an account of the secretariat, or Installation for
    the worked example. ``replaces`` is the number of the version that the person looked at, if it must still be the present
    one. The circle that sees the instrument stays; ``visibility`` with ``audience`` may only narrow it. Topics that were named of
    a provision are kept where the new version names none; strength and addressees only where its text is the same.

    The caller queues the alignment that follows (``start_alignment_if_changed``). Raises NotPermitted, NotFound where there is
    no such instrument (``add_instrument`` takes in the first version), BadParameter for two provisions of one ref or none at all or
    a wider circle, StaleText where ``replaces`` is not the present version, and Conflict where the text is an earlier
    version's, or another version came in meanwhile.
    """
    if not isinstance(by, Installation):
        require(user=by, action="take an instrument into the collection")
    _demand_usable(provisions)
    payload = payload_of(instrument, provisions)
    digest = hashlib.sha256(rfc8785.dumps(payload)).hexdigest()
    present = _present(slug=instrument.id, by=by)
    if present.source_sha256 == digest:
        return None
    _demand_new(present, digest=digest, replaces=replaces)
    rows = list(Provision.objects.filter(instrument=present).order_by("position").prefetch_related("topic_marks"))
    from comity.engines.alignment.versions import compare_versions  # noqa: PLC0415  (takes long to import, and few pages need it)

    # Compared before the rows are locked: it is the longest part, and needs nobody to wait.
    changes = compare_versions(old=[provision_for_engine(row, slug=present.slug) for row in rows], new=provisions)
    with transaction.atomic():
        kept = Instrument.objects.select_for_update().get(pk=present.pk)
        if kept.source_sha256 != present.source_sha256:
            raise Conflict(
                problem="Another version was taken in meanwhile. Compare with that one; nothing was changed."
            )
        if visibility and (visibility, audience) != (kept.visibility, kept.audience):
            _narrow(kept, visibility=visibility, audience=audience, by=by)
        return _replace(kept, rows, instrument, provisions, changes, by=by, payload=payload, digest=digest)


def keep_instrument(*, instrument: texts.Instrument, provisions: Sequence[texts.Provision], by: Any) -> str:
    """Take in an instrument that is new, or a new version of one that is there; return "added", "version" or "".

    For folders that are loaded again: the empty word says that this text is there already, as the present version or an
    earlier one. Raises as ``add_instrument`` and ``take_in_version``.
    """
    if not Instrument.objects.filter(slug=instrument.id).exists():
        return "added" if add_instrument(instrument=instrument, provisions=provisions, by=by) else ""
    digest = hashlib.sha256(rfc8785.dumps(payload_of(instrument, provisions))).hexdigest()
    if PastVersion.objects.filter(instrument__slug=instrument.id, source_sha256=digest).exists():
        if not isinstance(by, Installation):
            require(user=by, action="take an instrument into the collection")
        return ""
    return "version" if take_in_version(instrument=instrument, provisions=provisions, by=by) else ""


def _demand_usable(provisions: Sequence[texts.Provision]) -> None:
    doubles = [ref for ref, n in Counter(p.ref for p in provisions).items() if n > 1]
    if doubles or not provisions:
        found = f"{doubles[0][:60]} twice" if doubles else "no provision"
        raise BadParameter(name="provisions", found=found, allowed="at least one provision, each with a ref of its own")


def _present(*, slug: str, by: Any) -> Instrument:
    seen = Instrument.objects.all() if isinstance(by, Installation) else instruments_seen(user=by)
    found = seen.filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=reference_of_instrument(slug[:80]))
    return found


def _demand_new(present: Instrument, *, digest: str, replaces: int | None) -> None:
    if replaces is not None and replaces != present.version:
        raise StaleText(found=replaces, present=present.version)
    earlier = PastVersion.objects.filter(instrument=present, source_sha256=digest).first()
    if earlier is not None:
        raise Conflict(
            problem=f"This text is version {earlier.number} of {present.slug}, which version {present.version} has replaced; "
            "nothing was changed."
        )


def _narrow(kept: Instrument, *, visibility: str, audience: str, by: Any) -> None:
    demand_circle(visibility=visibility, audience=audience)
    if narrowest((kept.visibility, kept.audience), (visibility, audience)) != (visibility, audience):
        raise BadParameter(name="visibility", found=visibility, allowed=f"{kept.visibility} or a narrower circle")
    change_who_sees(slug=kept.slug, visibility=visibility, audience=audience, by=by)
    kept.refresh_from_db()


def _replace(
    kept: Instrument,
    rows: Sequence[Provision],
    instrument: texts.Instrument,
    provisions: Sequence[texts.Provision],
    changes: Sequence[Change],
    *,
    by: Any,
    payload: Mapping[str, Any],
    digest: str,
) -> TakenIn:
    now, number = timezone.now(), kept.version + 1
    told = [
        {"kind": c.kind, "old": [rows[i].ref for i in c.old], "new": [provisions[j].ref for j in c.new]}
        for c in changes
    ]
    reference = reference_of_version(kept.slug, number)
    act = enter_act(
        type="enter-version",
        office=Installation.office if isinstance(by, Installation) else "secretariat",
        authority=COLLECTION_RULE,
        subject=reference,
        payload={
            **payload,
            "visibility": kept.visibility,
            "version": number,
            "replaces_sha256": kept.source_sha256,
            "compared_by": MAKER,
            "changes": told,
        },
        links=[
            (reference, Link.Relation.WAS_REVISION_OF, reference_of_version(kept.slug, kept.version)),
            (reference_of_instrument(kept.slug), Link.Relation.WAS_REVISION_OF, reference),
        ],
        visibility=kept.visibility,
        audience=kept.audience,
        released_at=kept.released_at,
    )
    past = PastVersion.objects.create(
        instrument=kept,
        number=kept.version,
        facts={name: _as_json(getattr(kept, name)) for name in FACTS},
        source_sha256=kept.source_sha256,
        began_at=kept.version_since or kept.added_at,
        ended_at=now,
        act=act,
    )
    _keep_past(past, rows, provisions, changes)
    heirs = {c.heir[1]: (rows[c.heir[0]], c) for c in changes if c.heir is not None}
    _write_present(kept, rows, provisions, heirs, number=number)
    touched = {rows[i].pk: c.kind for c in changes if c.kind not in KEEPS_TEXT for i in c.old}
    stale = mark_links(touched=touched, version=number, act=act, at=now)
    for name, value in facts_of(instrument).items():
        setattr(kept, name, value)
    kept.source_sha256, kept.version, kept.version_since = digest, number, now
    kept.save(update_fields=[*FACTS, "source_sha256", "version", "version_since"])
    return TakenIn(number=number, counts=dict(Counter(c.kind for c in changes)), stale=stale)


def _keep_past(
    past: PastVersion, rows: Sequence[Provision], provisions: Sequence[texts.Provision], changes: Sequence[Change]
) -> None:
    change_of = {i: c for c in changes for i in c.old}
    PastProvision.objects.bulk_create(
        PastProvision(
            version=past,
            provision=row,
            ref=row.ref,
            position=row.position,
            label=row.label,
            heading=row.heading,
            text=row.text,
            language=row.language,
            modality=row.modality,
            addressees=row.addressees,
            topics=[mark.topic_id for mark in row.topic_marks.all()],
            topics_by=row.topics_by,
            became=change_of[i].kind,
            went_to=[provisions[j].ref for j in change_of[i].new],
        )
        for i, row in enumerate(rows)
    )


def _write_present(
    kept: Instrument,
    rows: Sequence[Provision],
    provisions: Sequence[texts.Provision],
    heirs: Mapping[int, tuple[Provision, Change]],
    *,
    number: int,
) -> None:
    """Let rows that go on take their new text and place, set aside those that do not, and add the new ones."""
    staying = {row.pk for row, _ in heirs.values()}
    gone = [row.pk for row in rows if row.pk not in staying]
    topics = {row.pk: [mark.topic_id for mark in row.topic_marks.all()] for row in rows}
    words = {row.pk: row.search_words for row in rows}
    Provision.objects.filter(pk__in=gone).update(repealed_in=number, search_words="")
    # Out of the way first: no two rows may have one ref or place, not even for a moment.
    Provision.objects.filter(instrument=kept).update(
        position=F("position") + FAR, ref=Concat(Value("~"), Cast(F("pk"), CharField()))
    )
    used = set(Provision.every.filter(instrument=kept).exclude(identity="").values_list("identity", flat=True))
    used |= {row.ref for row in rows if not row.identity}
    present, fresh = [], []
    for position, p in enumerate(provisions):
        if position in heirs:
            row, change = heirs[position]
            row.identity = row.lasting_ref
            present.append(_renewed(row, p, position=position, keeps_text=change.keeps_text, before=number - 1))
        else:
            row = Provision(instrument=kept, identity=p.ref if p.ref not in used else f"{p.ref}~{number}")
            topics[-position - 1] = []
            fresh.append(_renewed(row, p, position=position, keeps_text=False, before=0))
    # By the key, in one statement: many times quicker than one case for each row and column.
    Provision.objects.bulk_create(present, update_conflicts=True, unique_fields=["pk"], update_fields=WRITTEN)
    made = Provision.objects.bulk_create(fresh)
    for row in rows:
        if row.pk in gone and not row.identity:
            Provision.every.filter(pk=row.pk).update(identity=row.ref)
    by_ref = {p.ref: p for p in provisions}
    now = {row.pk: list(by_ref[row.ref].topics) or topics.get(row.pk, []) for row in (*present, *made)}
    other = [key for key, names in now.items() if names != topics.get(key)]
    ProvisionTopic.objects.filter(provision__in=[*gone, *other]).delete()
    ProvisionTopic.objects.bulk_create(
        ProvisionTopic(provision_id=key, topic_id=topic, position=place)
        for key in other
        for place, topic in enumerate(now[key])
    )
    said = [row for row in present if row.search_words != words[row.pk]]
    index.remove_provisions([*gone, *(row.pk for row in said)])
    index.add_provisions([*said, *made])


WRITTEN = (
    "ref",
    "position",
    "label",
    "heading",
    "text",
    "language",
    "modality",
    "addressees",
    "topics_by",
    "search_words",
    "identity",
    "instrument",
)


def _renewed(row: Provision, p: texts.Provision, *, position: int, keeps_text: bool, before: int) -> Provision:
    """Write a provision of the new version into its row; what people said of the same text stays where nothing new is said."""
    if not p.topics:
        row.topics_by = row.topics_by if keeps_text or not row.topics_by else f"version {before}"
    else:
        row.topics_by = p.topics_by
    if not keeps_text or p.modality:
        row.modality = p.modality or ""
    if not keeps_text or p.addressees:
        row.addressees = list(p.addressees)
    said = (row.label, row.heading, row.text, row.language)
    row.ref, row.position, row.label, row.heading = p.ref, position, p.label, p.heading
    row.text, row.language = p.text, p.language
    if said != (p.label, p.heading, p.text, p.language):
        row.search_words = " ".join(tokens_of(text=f"{p.label} {p.heading} {p.text}", language=p.language))
    return row


def _as_json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
