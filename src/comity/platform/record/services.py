"""Enter formal acts: canonical JSON (RFC 8785), a commitment to the payload, links, in the caller's transaction."""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from typing import TYPE_CHECKING, Any

import rfc8785
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from comity.errors import BadParameter, Conflict
from comity.platform.record.models import Act, Link
from comity.platform.record.visibility import Visibility, demand_circle

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

SCHEMA = 1
MAX_BODY = 65_535
REFERENCE = re.compile(r"[a-z0-9][A-Za-z0-9._~/-]{0,248}")
ACT_TYPE = re.compile(r"[a-z]+(-[a-z]+)*")
# The log is permanent: names of persons, mail and free text stay out of it. Payloads enter as a digest only.


def enter_act(
    *,
    type: str,  # noqa: A002  (the field's name in the schema)
    office: str,
    authority: str,
    subject: str,
    payload: Mapping[str, Any],
    member: str = "",
    links: Sequence[tuple[str, str, str]] = (),
    visibility: str = Visibility.PUBLIC,
    audience: str = "",
    released_at: dt.datetime | None = None,
) -> Act:
    """Write one act and its links, and return it. It waits as *not yet sequenced*.

    ``office`` and ``member`` name who acts, never a person. ``authority`` names the rule that allows it. ``subject`` and
    the ends of ``links`` are references such as ``alignment/links/3f9a``; relations are those of PROV-O. ``payload`` is
    what was decided: its digest enters the log, and it is published where the act is public, so it too names no person. A
    restricted act enters as a salted commitment without office or subject.

    Raises Conflict outside a transaction (an act without its rows, or rows without their act, must be impossible), and
    BadParameter for a malformed type, reference, relation or visibility.
    """
    if not connection.in_atomic_block:
        raise Conflict(problem="An act can only be entered in the transaction that writes what it states.")
    _demand("type", type, ACT_TYPE, "lower-case words joined by hyphens")
    _demand("subject", subject, REFERENCE, "a reference such as alignment/links/3f9a")
    for link_subject, relation, link_object in links:
        _demand("link", link_subject, REFERENCE, "a reference")
        _demand("link", link_object, REFERENCE, "a reference")
        if relation not in Link.Relation.values:
            raise BadParameter(name="relation", found=relation, allowed=", ".join(Link.Relation.values))
    demand_circle(visibility=visibility, audience=audience)

    moment = timezone.now()
    decided = rfc8785.dumps(dict(payload))
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "type": type,
        "office": office,
        "member": member,
        "authority": authority,
        "time": moment.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        "subject": subject,
        "payload_sha256": hashlib.sha256(decided).hexdigest(),
        "links": sorted([list(link) for link in links]),
        "nonce": secrets.token_hex(8),
    }
    salt = None if visibility == Visibility.PUBLIC else secrets.token_bytes(32)
    body = rfc8785.dumps(content if salt is None else commitment_to(content=content, salt=salt))
    if len(body) > MAX_BODY:
        raise BadParameter(name="act", found=f"{len(body)} bytes", allowed=f"at most {MAX_BODY} bytes")
    act = Act.objects.create(
        schema=SCHEMA,
        type=type,
        office=office,
        member=member,
        authority=authority,
        subject=subject,
        entered_at=moment,
        visibility=visibility,
        audience=audience,
        released_at=released_at,
        content=content,
        payload=zlib.compress(decided),
        payload_sha256=content["payload_sha256"],
        salt=salt,
        body=body,
        body_sha256=hashlib.sha256(body).hexdigest(),
    )
    Link.objects.bulk_create(
        Link(act=act, subject=s, relation=r, object=o) for s, r, o in dict.fromkeys(tuple(link) for link in links)
    )
    return act


def withhold_payloads(*, subject: str, withheld: bool, until: dt.datetime | None = None) -> None:
    """Publish the payloads of acts on a subject and its parts no longer, or again; their digests stay in the log.

    ``until`` is the date on which they open again by themselves. For the transaction in which what they tell of stops, or begins, to be public. Raises Conflict outside one.
    """
    if not connection.in_atomic_block:
        raise Conflict(problem="Payloads can only be withheld in the transaction that changes who sees their subject.")
    on_it = Q(subject=subject) | Q(subject__startswith=f"{subject}/")
    Act.objects.filter(on_it).update(is_payload_withheld=withheld, payload_opens_at=until)


def commitment_to(*, content: Mapping[str, Any], salt: bytes) -> dict[str, Any]:
    """Return what the log holds of a restricted act: SHA-256 of salt and canonical content, and nothing else.

    >>> sorted(commitment_to(content={"type": "adopt"}, salt=b"0" * 32))
    ['commitment', 'schema', 'type']
    """
    digest = hashlib.sha256(salt + rfc8785.dumps(dict(content))).hexdigest()
    return {"schema": SCHEMA, "type": "restricted", "commitment": digest}


def _demand(name: str, found: str, pattern: re.Pattern[str], allowed: str) -> None:
    if not pattern.fullmatch(found):
        raise BadParameter(name=name, found=found[:80], allowed=allowed)
