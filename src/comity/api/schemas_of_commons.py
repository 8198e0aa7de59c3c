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


class NoteOut(Schema):
    """An experience note, its title as far as it is there in English, else as it was written.

    ``words_state`` is original, checked or machine. ``months`` and ``people`` are null where the member does not say.
    """

    reference: str
    slug: str
    body: str
    member: str
    member_name: str
    language: str
    title: str
    title_language: str
    words_state: str
    languages: list[str]
    visibility: str
    state: str
    version: int
    sent_at: dt.datetime | None
    ended_at: dt.datetime | None
    months: int | None
    people: int | None


class NotePageOut(Schema):
    """Notes, and how many there are in all."""

    count: int
    items: list[NoteOut]


class NoteWordsOut(Schema):
    """The words of a note in one language. ``parts`` are by name: problem, done, cost, failed, again, ask; those that are told.

    ``is_earlier``: they translate an earlier version, of number ``version``. ``made_by`` is an office, or the name of a model.
    """

    language: str
    state: str
    title: str
    parts: dict[str, str]
    version: int
    made_by: str
    by_machine: bool
    is_earlier: bool


class NoteWholeOut(NoteOut):
    """A note with its words; null where it was withdrawn. ``about`` are references, as far as the account sees what they name."""

    words: NoteWordsOut | None
    about: list[str]


class ReplyOut(Schema):
    """A reply to a question, as far as it is seen."""

    reference: str
    slug: str
    member: str
    member_name: str
    language: str
    text: str
    text_language: str
    shown_to: str
    state: str
    version: int
    changed_at: dt.datetime | None


class MemberQuestionOut(Schema):
    """A question to the members. ``member`` is empty where the secretariat asks; ``replies`` counts those that may be seen."""

    reference: str
    slug: str
    body: str
    member: str
    member_name: str
    language: str
    title: str
    title_language: str
    text: str
    text_language: str
    is_to_all: bool
    wanted_by: dt.date | None
    visibility: str
    state: str
    version: int
    sent_at: dt.datetime | None
    ended_at: dt.datetime | None
    replies: int


class MemberQuestionPage(Schema):
    """Questions, and how many there are in all."""

    count: int
    items: list[MemberQuestionOut]


class MemberQuestionWholeOut(MemberQuestionOut):
    """A question with the replies that may be seen."""

    replied: list[ReplyOut]
    about: list[str]


class SideOut(Schema):
    """A party of an agreement: a member, or the body where ``member`` is empty; ``signed_at`` is null until it has signed."""

    member: str
    name: str
    signed_at: dt.datetime | None


class SharingAgreementOut(Schema):
    """An agreement on sharing. ``stands`` is draft, proposed, awaited, in-force, ended or aside."""

    reference: str
    slug: str
    body: str
    title: str
    language: str
    kind: str
    template: str
    stands: str
    parties: list[SideOut]
    begins_on: dt.date | None
    last_day: dt.date | None


class SharingAgreementPage(Schema):
    """Agreements on sharing, and how many there are in all."""

    count: int
    items: list[SharingAgreementOut]


class MirrorOut(Schema):
    """A mirror that is named. ``result`` is same, behind, different, unreachable, or empty where it was never compared."""

    reference: str
    slug: str
    name: str
    member: str
    member_name: str
    place: str
    region: str
    address: str
    serves: list[str]
    lacks: list[str]
    result: str
    last_at: dt.datetime | None
    differs_since: dt.datetime | None


class FigureOut(Schema):
    """One figure of an evaluation. ``low`` and ``high`` are the 95% interval, null where there is none; ``left_out``: why it is in no pool."""

    evaluation: str
    member_name: str
    language: str
    task: str
    task_version: str
    measure: str
    scorer: str
    value: float
    low: float | None
    high: float | None
    n: int | None
    model: str
    left_out: str
