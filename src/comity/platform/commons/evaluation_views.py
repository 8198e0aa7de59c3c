"""What a reader sees of evaluations: by task and language who measured what, with intervals, and what was not measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from comity.adapters.evaluation_pools import pool_as_dict
from comity.adapters.evaluation_rows import EvaluationRow
from comity.engines.commons.evaluations import Pool, Result, bound_result, pool_results
from comity.errors import NotFound
from comity.platform.commons.models import Evaluation, Version
from comity.platform.commons.release_views import ReleaseCard, card_of
from comity.platform.commons.releases_seen import release_seen, releases_seen, version_of
from comity.platform.parties.roster import name_in
from comity.platform.parties.texts import language_in, text_in
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from comity.platform.commons.models import Release


@dataclass(frozen=True, slots=True)
class Said:
    """A text in the reader's language, with the language it is in, and when it was said; empty where nothing was."""

    text: str
    language: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class EvaluationCard:
    """One log that was attached. ``log_seen`` tells whether the log itself came, or a small file that states its digest."""

    name: str
    reference: str
    member: str
    member_name: str
    label: str
    form: str
    tool: str
    model: str
    made_at: str
    attached_at: dt.datetime
    log_sha256: str
    log_bytes: int
    log_seen: bool
    languages: tuple[str, ...]
    figures: int
    visibility: str
    act: str
    sequence: int | None
    note: Said
    withdrawn: Said
    answer: Said


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: who measured, the value, its interval (None: no interval), on how many samples; and why it is not put together."""

    member_name: str
    evaluation: str
    value: float
    low: float | None
    high: float | None
    n: int | None
    of: int | None
    epochs: int | None
    failed: int | None
    model: str
    left_out: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one log by itself: what was measured, in which language, and the line of it."""

    task: str
    task_version: str
    measure: str
    scorer: str
    language: str
    kind: str
    line: Line


@dataclass(frozen=True, slots=True)
class LanguageLines:
    """The figures in one language (BCP 47, empty: not stated); no line and no pool where nothing was measured in it."""

    language: str
    lines: tuple[Line, ...]
    pool: Pool | None


@dataclass(frozen=True, slots=True)
class TaskTable:
    """One measure of one task by one scorer, language by language: those measured, and those that the release names beside."""

    task: str
    task_version: str
    measure: str
    scorer: str
    kind: str
    languages: tuple[LanguageLines, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """In which languages (BCP 47) members measured a version, by how many logs, and which languages it names that nobody measured."""

    logs: int
    languages: tuple[str, ...]
    not_measured: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvaluationsView:
    """All that a reader sees on one version. ``labels`` are the release's versions, newest first, each with how many logs are seen."""

    card: ReleaseCard
    audience: str
    labels: tuple[tuple[str, int], ...]
    tables: tuple[TaskTable, ...]
    cards: tuple[EvaluationCard, ...]
    pools: tuple[Pool, ...]
    results: Mapping[str, Result]

    @property
    def standing(self) -> int:
        """How many logs stand, those withdrawn left out."""
        return sum(c.withdrawn.at is None for c in self.cards)


def evaluations_view(*, slug: str, user: Any, language: str = "en", label: str = "") -> EvaluationsView:
    """Return the evaluations of a version; of the latest that has any, where no label is given. Raises NotFound."""
    release = release_seen(slug=slug, user=user)
    rows = list(_seen(release, user))
    labels = list(release.versions.order_by("-number").values_list("label", flat=True))
    counts = {name: sum(e.version.label == name and e.withdrawn_at is None for e in rows) for name in labels}
    chosen = label or next((name for name in labels if counts[name]), "")
    version = version_of(release=release, name=chosen)
    held = [e for e in rows if e.version_id == version.pk]
    standing = [e for e in held if e.withdrawn_at is None]
    results, lines = _results(standing, release, language)
    pools = pool_results(results.values())
    card = card_of(release=release, version=version, language=language)
    return EvaluationsView(
        card=card,
        audience=release.audience,
        labels=tuple((name, counts[name]) for name in labels),
        tables=tuple(_tables(pools, lines, named=card.languages)),
        cards=tuple(
            sorted((_card(e, language) for e in held), key=lambda c: (c.member_name.casefold(), c.attached_at))
        ),
        pools=pools,
        results=results,
    )


def evaluation_seen(
    *, slug: str, name: str, user: Any, language: str = "en"
) -> tuple[EvaluationCard, tuple[Figure, ...]]:
    """Return one evaluation with its figures. Raises NotFound where there is none that this reader sees."""
    release = release_seen(slug=slug, user=user)
    found = _seen(release, user).filter(name=name).first()
    if found is None:
        raise NotFound(reference=f"commons/releases/{slug[:60]}/evaluations/{name[:20]}")
    results, lines = _results([found], release, language)
    return _card(found, language), tuple(
        Figure(
            task=r.task,
            task_version=r.task_version,
            measure=r.measure,
            scorer=r.scorer,
            language=r.language,
            kind="share" if r.successes is not None else "mean",
            line=lines[key],
        )
        for key, r in results.items()
    )


def evaluations_as_dict(view: EvaluationsView, /) -> dict[str, Any]:
    """Return a view as plain data: its logs, and its pools as the file command gives them."""
    return {
        "release": view.card.reference,
        "version": view.card.label,
        "logs": [
            {
                "reference": c.reference,
                "member": c.member,
                "form": c.form,
                "tool": c.tool,
                "model": c.model,
                "made_at": c.made_at,
                "attached_at": c.attached_at.isoformat(),
                "log_sha256": c.log_sha256,
                "log_seen": c.log_seen,
                "withdrawn_at": c.withdrawn.at.isoformat() if c.withdrawn.at else None,
                "act": c.act,
            }
            for c in view.cards
        ],
        "pools": [pool_as_dict(pool, results=view.results) for pool in view.pools],
    }


def measured_on(*, slug: str, label: str, user: Any, named: Iterable[str]) -> Measured:
    """Return in which languages a version was measured, as far as the reader sees, and which it names beside."""
    rows = (
        _of_release(slug, user).filter(version__label=label, withdrawn_at__isnull=True).values_list("rows", flat=True)
    )
    held = list(rows)
    languages = {row.get("language", "") for one in held for row in one}
    return Measured(
        logs=len(held),
        languages=tuple(sorted(languages - {""})),
        not_measured=tuple(sorted(set(named) - languages)),
    )


def _of_release(slug: str, user: Any, /) -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(
        seen_by(user=user), version__release__slug=slug, version__release__in=releases_seen(user=user)
    )


def _seen(release: Release, user: Any, /) -> QuerySet[Evaluation]:
    return (
        Evaluation.objects.filter(seen_by(user=user), version__release=release)
        .select_related("version__release__body", "member", "act")
        .order_by("attached_at", "pk")
    )


def _results(
    held: Sequence[Evaluation], release: Release, language: str, /
) -> tuple[dict[str, Result], dict[str, Line]]:
    """Return the figures as the engine takes them, and as lines, by ids that count what this reader sees and nothing else."""
    results: dict[str, Result] = {}
    lines: dict[str, Line] = {}
    for place, evaluation in enumerate(held, 1):
        name = name_in((evaluation.member or release.body).names, language)
        source = evaluation.member.slug if evaluation.member else release.body.slug
        for number, told in enumerate(evaluation.rows, 1):
            row = EvaluationRow(**told)
            key = f"{place:05d}.{number:04d}"
            results[key] = row.as_result(id=key, source=source, one_model=True)
            bounds = bound_result(results[key])
            lines[key] = Line(
                member_name=name,
                evaluation=evaluation.name,
                value=row.value,
                low=bounds[0] if bounds else None,
                high=bounds[1] if bounds else None,
                n=row.n,
                of=row.of,
                epochs=row.epochs,
                failed=row.failed,
                model=row.model,
                left_out="",
            )
    return results, lines


def _tables(pools: Iterable[Pool], lines: Mapping[str, Line], /, *, named: Iterable[str]) -> Iterable[TaskTable]:
    groups: dict[tuple[str, str, str, str, str], dict[str, Pool]] = {}
    for pool in pools:
        key = (pool.task, pool.task_version, pool.measure, pool.scorer, str(pool.kind))
        groups.setdefault(key, {})[pool.language] = pool
    for key, by_language in sorted(groups.items()):
        task, version, measure, scorer, kind = key
        tongues = sorted({*by_language, *named})
        yield TaskTable(
            task=task,
            task_version=version,
            measure=measure,
            scorer=scorer,
            kind=kind,
            languages=tuple(_lines_of(t, by_language.get(t), lines) for t in tongues),
        )


def _lines_of(language: str, pool: Pool | None, lines: Mapping[str, Line], /) -> LanguageLines:
    if pool is None:
        return LanguageLines(language=language, lines=(), pool=None)
    left = dict(pool.left_out)
    keys = {i for s in pool.sets for i in s.results} | set(left)
    found = [(key, lines[key]) for key in keys]
    # By who measured, then in the order in which they came: never by the value.
    found.sort(key=lambda held: (held[1].member_name.casefold(), held[0]))
    told = tuple(_with_reason(line, left.get(key, "")) for key, line in found)
    return LanguageLines(language=language, lines=told, pool=pool)


def _with_reason(line: Line, reason: str, /) -> Line:
    return replace(line, left_out=reason) if reason else line


def _card(evaluation: Evaluation, language: str, /) -> EvaluationCard:
    version: Version = evaluation.version
    return EvaluationCard(
        name=evaluation.name,
        reference=evaluation.reference,
        member=evaluation.member.slug if evaluation.member else "",
        member_name=name_in((evaluation.member or version.release.body).names, language),
        label=version.label,
        form=evaluation.form,
        tool=evaluation.tool,
        model=evaluation.model,
        made_at=evaluation.made_at,
        attached_at=evaluation.attached_at,
        log_sha256=evaluation.log_sha256,
        log_bytes=evaluation.log_bytes,
        log_seen=evaluation.log_sha256 == evaluation.sent_sha256,
        languages=tuple(sorted({row.get("language", "") for row in evaluation.rows})),
        figures=len(evaluation.rows),
        visibility=evaluation.visibility,
        act=str(evaluation.act_id),
        sequence=evaluation.act.sequence,
        note=_said(evaluation.notes, language, None),
        withdrawn=_said(evaluation.reasons, language, evaluation.withdrawn_at),
        answer=_said(evaluation.answers, language, evaluation.answered_at),
    )


def _said(texts: Mapping[str, str], language: str, at: dt.datetime | None, /) -> Said:
    return Said(text=text_in(texts, language), language=language_in(texts, language), at=at)
