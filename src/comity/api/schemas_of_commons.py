"""The shapes of releases that the programming door sends. Sizes are in bytes; digests are SHA-256 in small letters."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (pydantic reads annotations at run time)
from typing import Any

from ninja import Schema


class ReleaseOut(Schema):
    """A release with what its latest version answers first. ``offline`` and ``memory_gb`` are null where nothing was stated."""

    reference: str
    slug: str
    hub_name: str
    body: str
    kind: str
    title: str
    title_language: str
    summary: str
    summary_language: str
    member: str
    member_name: str
    label: str
    released_at: dt.datetime
    size: int
    licence_class: str
    languages: list[str]
    measured: list[str]
    offline: bool | None
    hardware: str
    memory_gb: float | None
    visibility: str
    taken_down_at: dt.datetime | None


class ReleasePage(Schema):
    """Releases, and how many there are in all."""

    count: int
    items: list[ReleaseOut]


class VersionLine(Schema):
    """A version by its label, with its act. ``sequence`` is null until the log has entered it."""

    label: str
    number: int
    reference: str
    revision: str
    manifest_sha256: str
    size: int
    released_at: dt.datetime
    act: str
    sequence: int | None


class ReleasedFileOut(Schema):
    """A file of a version. ``risk`` is none, code or unknown; ``scan`` is unscanned, clean or infected; not ``given``: to nobody."""

    path: str
    size: int
    sha256: str
    media_type: str
    format: str
    risk: str
    risk_reason: str
    scan: str
    given: bool


class TakenDownOut(Schema):
    """Why a release was taken down, under which rule, by which act."""

    at: dt.datetime
    rule: str
    reason: str
    act: str


class ReleaseWholeOut(ReleaseOut):
    """A release with one of its versions, that version's files and openness, and all of its versions, newest first.

    ``description`` is in the form of ``comity-release.json``; ``openness`` in that of ``comity commons check --json``.
    """

    version: VersionLine
    description: dict[str, Any]
    openness: dict[str, Any]
    files: list[ReleasedFileOut]
    versions: list[VersionLine]
    taken_down: TakenDownOut | None


class EvaluationLogOut(Schema):
    """A log that was attached to a version; ``log_seen`` tells whether the log itself came, or a small file that states its digest."""

    reference: str
    member: str
    form: str
    tool: str
    model: str
    made_at: str
    attached_at: dt.datetime
    log_sha256: str
    log_seen: bool
    withdrawn_at: dt.datetime | None
    act: str


class EvaluationsOut(Schema):
    """What members measured on a version. ``pools`` are as ``comity commons evaluations --json`` gives them: no overall mark."""

    release: str
    version: str
    logs: list[EvaluationLogOut]
    pools: list[dict[str, Any]]
