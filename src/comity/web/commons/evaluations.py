"""Evaluations of a release: figures by task and language with who measured, one log by itself, and the form that attaches one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.adapters.evaluation_pools import HEADER, result_rows
from comity.adapters.tables import table_lines
from comity.errors import BadParameter, NotPermitted
from comity.platform.commons import evaluations as services
from comity.platform.commons.evaluation_views import evaluation_seen, evaluations_as_dict, evaluations_view, measured_on
from comity.platform.record.visibility import Visibility
from comity.web.context import interface_language
from comity.web.parameters import chosen, free_text, long_text
from comity.web.refusing import refusal_of, told
from comity.web.templatetags.comity import data_size
from comity.web.words_of_evaluations import LEFT_OUT, LOG_FORMS

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity.errors import ComityError
    from comity.platform.commons.evaluation_views import EvaluationsView, LanguageLines, Line, TaskTable
    from comity.platform.commons.release_views import ReleaseCard

MARKS = ("v-pub", "v-mem", "v-com", "v-del")


@require_safe
def evaluations(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was measured on a version, task by task and language by language, and what was not."""
    view = _view(request, slug)
    context = {
        "view": view,
        "card": view.card,
        "labels": [(label, n, label == view.card.label) for label, n in view.labels],
        "tables": [_table(table) for table in view.tables],
        "cards": [(c, LOG_FORMS.get(c.form, c.form)) for c in view.cards],
        "may_attach": bool(services.measurers(user=request.user, body=view.card.body)) and not view.card.taken_down_at,
        "marks": MARKS,
    }
    return render(request, "comity/commons/evaluations.html", context)


@require_safe
def evaluations_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every figure that the reader sees on a version, one a row."""
    view = _view(request, slug)
    return StreamingHttpResponse(
        table_lines(header=HEADER, rows=result_rows(view.pools, results=view.results)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-evaluations.csv"'},
    )


@require_safe
def evaluations_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The same with what was put together, as the file command gives it."""
    document = evaluations_as_dict(_view(request, slug))
    return HttpResponse(
        json.dumps(document, ensure_ascii=False, indent=1),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-evaluations.json"'},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Show one log that was attached; withdraw it, or answer it once, by POST."""
    language = interface_language()
    card, figures = evaluation_seen(slug=slug, name=name, user=request.user, language=language)
    release = evaluations_view(slug=slug, user=request.user, language=language, label=card.label).card
    owner = release.namespace if release.namespace != release.body else ""
    problem: ComityError | None = None
    if request.method == "POST":
        problem = refusal_of(lambda: _act(request, slug=slug, name=name))
        if problem is None:
            messages.success(request, _("Done. The act stands on the record."))
            return redirect("evaluation", slug, name)
    said, status = told(problem)
    context = {
        "card": release,
        "held": card,
        "form": LOG_FORMS.get(card.form, card.form),
        "size": data_size(card.log_bytes),
        "figures": [(f, _line(f.line, share=f.kind == "share")) for f in figures],
        "may_withdraw": card.withdrawn.at is None and services.may_withdraw(user=request.user, member=card.member),
        "may_answer": card.answer.at is None and services.may_answer(user=request.user, member=owner),
        "most": services.MOST_NOTE,
        "tongue": language,
        "problem": said,
        "typed": request.POST if problem else {},
        "marks": MARKS,
    }
    return render(request, "comity/commons/evaluation.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_evaluation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form that attaches the figures of a log, or attach them by POST; what was typed is kept where it is refused."""
    view = _view(request, slug)
    members = services.measurers(user=request.user, body=view.card.body)
    if not members:
        raise NotPermitted(action=services.ATTACH, needed="focal-point or head or secretariat")
    problem: ComityError | None = None
    made: list[str] = []
    if request.method == "POST":
        problem = refusal_of(lambda: made.append(_attach(request, view, members)))
        if problem is None:
            messages.success(request, _("The figures are attached. The act stands on the record."))
            return redirect("evaluation", slug, made[0])
    said, status = told(problem)
    context = {
        "card": view.card,
        "labels": [label for label, _n in view.labels],
        "members": members,
        "circles": services.narrower_circles(visibility=view.card.visibility, of_member=members != ("",)),
        "most": services.MOST_NOTE,
        "tongue": interface_language(),
        "problem": said,
        "typed": request.POST if problem else {},
        "marks": MARKS,
    }
    return render(request, "comity/commons/new_evaluation.html", context, status=status)


def evaluations_of_release(card: ReleaseCard, request: HttpRequest, /) -> dict[str, Any]:
    """Return what the page of a release says of its evaluations."""
    measured = measured_on(slug=card.slug, label=card.label, user=request.user, named=card.languages)
    return {"measured": measured}


def _view(request: HttpRequest, slug: str, /) -> EvaluationsView:
    return evaluations_view(
        slug=slug, user=request.user, language=interface_language(), label=free_text(request.GET, "version")[:40]
    )


def _act(request: HttpRequest, /, *, slug: str, name: str) -> None:
    what = chosen(request.POST, "do", allowed=("withdraw", "answer"))
    text = {interface_language(): long_text(request.POST, "text", most=2 * services.MOST_NOTE)}
    if what == "withdraw":
        services.withdraw_evaluation(slug=slug, name=name, reasons=text, by=request.user)
    elif what == "answer":
        services.answer_evaluation(slug=slug, name=name, answers=text, by=request.user)
    else:
        raise Http404


def _attach(request: HttpRequest, view: EvaluationsView, members: tuple[str, ...], /) -> str:
    values = request.POST
    sent = request.FILES.get("file")
    if sent is None:
        raise BadParameter(name="file", found="nothing", allowed="a log, or a file comity-evaluations.json")
    if (sent.size or 0) > services.MOST_BYTES:
        raise BadParameter(name="file", found=f"{(sent.size or 0) / 1_000_000:.0f} MB", allowed="at most 20 MB")
    member = chosen(values, "member", allowed=members, default=members[0] if len(members) == 1 else "")
    circles = services.narrower_circles(visibility=view.card.visibility, of_member=bool(member))
    visibility = chosen(values, "visibility", allowed=circles, default=circles[0])
    audience = f"delegation:{member}" if visibility == Visibility.DELEGATION else ""
    if visibility == view.card.visibility:
        audience = view.audience
    made = services.attach_evaluation(
        slug=view.card.slug,
        label=chosen(values, "version", allowed=[label for label, _n in view.labels], default=view.card.label),
        file=sent.name or "log",
        content=sent.read(),
        member=member,
        model=free_text(values, "model"),
        language=free_text(values, "language"),
        notes={interface_language(): long_text(values, "notes", most=2 * services.MOST_NOTE)},
        visibility=visibility,
        audience=audience,
        by=request.user,
    )
    return made.name


def _table(table: TaskTable, /) -> dict[str, Any]:
    return {
        "task": table.task,
        "version": table.task_version,
        "measure": table.measure,
        "scorer": table.scorer,
        "share": table.kind == "share",
        "languages": [_language(held, share=table.kind == "share") for held in table.languages],
    }


def _language(held: LanguageLines, /, *, share: bool) -> dict[str, Any]:
    lines = [_line(line, share=share) for line in held.lines]
    together = _together(held, share=share)
    return {
        "code": held.language,
        "lines": lines,
        "together": together,
        "height": max(1, len(lines) + len(together)),
    }


def _line(line: Line, /, *, share: bool) -> dict[str, Any]:
    samples = "" if line.n is None else number_format(line.n, force_grouping=True)
    if line.n is not None and line.of is not None and line.of > line.n:
        samples = _("%(n)s of %(all)s") % {"n": samples, "all": number_format(line.of, force_grouping=True)}
    return {
        "who": line.member_name,
        "name": line.evaluation,
        "value": _figure(line.value, share=share),
        "between": _between(line.low, line.high, share=share),
        "samples": samples,
        "again": line.epochs if line.epochs is not None and line.epochs > 1 else 0,
        "failed": line.failed or 0,
        "why": LEFT_OUT.get(line.left_out, ""),
    }


def _together(held: LanguageLines, /, *, share: bool) -> list[dict[str, str]]:
    """Return what results say together, each as a name, a figure, an interval and a number of samples; nothing where one stands alone."""
    pool = held.pool
    if pool is None:
        return []
    found = []
    for same in pool.sets:
        n = len(same.results)
        if n > 1:
            samples = "" if same.n is None else number_format(same.n, force_grouping=True)
            said = ngettext(
                "%(n)s result on the same samples, counted once",
                "%(n)s results on the same samples, counted once",
                n,
            ) % {"n": n}
            found.append(_summed(said, same.value, same.low, same.high, samples, share=share))
    if pool.across is not None:
        over = pool.across
        said = _("Over %(n)s sets of samples; %(share)s%% of the variance lies between sets") % {
            "n": over.sets,
            "share": number_format(round(100 * over.i2)),
        }
        found.append(_summed(said, over.mean, over.low, over.high, "", share=share))
        if over.expected_low is not None:
            said = _("Where another set is expected")
            found.append(_summed(said, None, over.expected_low, over.expected_high, "", share=share))
    if pool.together is not None and len(pool.sets) > 1:
        every = pool.together
        samples = number_format(every.n, force_grouping=True)
        said = _("All samples counted as one, as if one share held for all")
        found.append(_summed(said, every.value, every.low, every.high, samples, share=share))
    return found


def _summed(
    said: str, value: float | None, low: float | None, high: float | None, samples: str, /, *, share: bool
) -> dict[str, str]:
    figure = "" if value is None else _figure(value, share=share)
    return {"said": said, "value": figure, "between": _between(low, high, share=share), "samples": samples}


def _figure(value: float, /, *, share: bool) -> str:
    if share:
        return _("%(n)s%%") % {"n": number_format(round(100 * value, 1), 1)}
    return number_format(round(value, 3), 3)


def _between(low: float | None, high: float | None, /, *, share: bool) -> str:
    if low is None or high is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": _figure(low, share=share), "high": _figure(high, share=share)}
