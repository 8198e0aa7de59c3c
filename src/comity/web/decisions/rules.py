"""Rules of procedure: those in force, those that come with Comity, one in plain words and exact tests, and one composed from parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.engines.decisions.rules import PARTS, Either
from comity.errors import BadInput, ComityError, Conflict
from comity.platform.decisions import rule_views
from comity.platform.decisions.ruling import MOST_RULE, PUT_IN_FORCE, put_in_force, set_aside_rule
from comity.platform.parties.roster import body_names
from comity.platform.parties.rules import may, require
from comity.web import words_of_rules as words
from comity.web.context import interface_language
from comity.web.decisions import rule_form
from comity.web.decisions.saying import position_word, say_asked
from comity.web.parameters import free_text, long_text
from comity.web.refusals import words_of
from comity.web.words_of_decisions import WAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpRequest

    from comity.engines.decisions.rules import Condition, Measure, Rule
    from comity.platform.decisions.rule_views import RuleView

MARKS = ("v-pub",)
SAID_AS_FRACTIONS = (1, 2, 3, 4, 5)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules in force by body, and those that come with Comity."""
    names = body_names(language=interface_language())
    by_body: dict[str, list[rule_views.RuleCard]] = {}
    for card in rule_views.list_rules():
        by_body.setdefault(card.body, []).append(card)
    context = {
        "bodies": sorted(
            ((names[slug], cards) for slug, cards in by_body.items()), key=lambda pair: pair[0].casefold()
        ),
        "before": [(names[card.body], card) for card in rule_views.list_rules(in_force=False)],
        "built_in": rule_views.built_in_rules(),
        "may_compose": may(user=request.user, action=PUT_IN_FORCE),
        "marks": MARKS,
    }
    return render(request, "comity/decisions/rules.html", context)


@require_safe
def built_in(request: HttpRequest, name: str) -> HttpResponse:
    """Show a rule that comes with Comity."""
    view = rule_views.built_in_view(name=name, user=request.user)
    return render(request, "comity/decisions/rule.html", _shown(view) | {"file": f"/decisions/rules/{name}.toml"})


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, body: str, name: str, version: int) -> HttpResponse:
    """Show a version of a rule of a body; the secretariat sets the rule aside by POST."""
    view = rule_views.rule_view(body=body, name=name, version=version, user=request.user)
    if request.method == "POST":
        set_aside_rule(body=body, name=name, by=request.user, authority=free_text(request.POST, "authority"))
        messages.success(request, _("The rule stands no longer. The act is on the record."))
        return redirect("rule", body, name, version)
    context = _shown(view) | {"file": f"/decisions/rules/{body}/{name}/{version}.toml"}
    return render(request, "comity/decisions/rule.html", context)


@require_safe
def built_in_file(request: HttpRequest, name: str) -> HttpResponse:
    """Give a rule that comes with Comity as TOML."""
    del request
    return _toml(name, rule_views.rule_text(name=name))


@require_safe
def rule_file(request: HttpRequest, body: str, name: str, version: int) -> HttpResponse:
    """Give a version of a rule of a body as TOML, exactly as it was put in force."""
    del request
    return _toml(name, rule_views.rule_text(name=name, body=body, version=version))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest) -> HttpResponse:
    """Compose a rule from parts: rows come and go by buttons, a preview says what it would be, and then it is put in force."""
    require(user=request.user, action=PUT_IN_FORCE)
    if request.method != "POST":
        return _composer(request, form=_started(free_text(request.GET, "from")), body=free_text(request.GET, "body"))
    step, body = free_text(request.POST, "do"), free_text(request.POST, "body")
    form = rule_form.form_of_values(request.POST)
    text = _with_line_end(long_text(request.POST, "toml", most=MOST_RULE))
    preview = None
    try:
        match step:
            case "read":
                form = rule_form.form_of_data(rule_views.data_of_text(text))
            case "preview":
                text = rule_views.write_next_version(data=rule_form.data_of_form(form), body=body)
                preview = rule_views.preview_rule(text=text, body=body)
            case "preview-text":
                preview = rule_views.preview_rule(text=text, body=body)
            case "force" | "force-text":
                if step == "force":
                    text = rule_views.write_next_version(data=rule_form.data_of_form(form), body=body)
                authority = free_text(request.POST, "authority")
                made = put_in_force(body=body, text=text, by=request.user, authority=authority)
                messages.success(request, _("The rule is in force. The act is on the record."))
                return redirect("rule", body, made.name, made.version)
            case _:
                rule_form.change_rows(form, step=step)
    except (BadInput, Conflict) as error:
        return _composer(request, form=form, body=body, text=text, problem=error)
    return _composer(request, form=form, body=body, text=text, preview=preview)


def _started(where: str, /) -> dict[str, Any]:
    """Return the form that begins from nothing, from a rule that comes with Comity, or from one of a body (BODY/NAME)."""
    body, _slash, name = where.rpartition("/")
    if not name:
        form = rule_form.form_of_data({})
        rule_form.change_rows(form, step="add-adopted")
        return form
    return rule_form.form_of_data(rule_views.data_to_start_from(name=name, body=body))


def _composer(
    request: HttpRequest,
    /,
    *,
    form: dict[str, Any],
    body: str,
    text: str = "",
    preview: RuleView | None = None,
    problem: ComityError | None = None,
) -> HttpResponse:
    """Render the form as it was typed, with what it would be or what will not do."""
    names = body_names(language=interface_language())
    context: dict[str, Any] = {
        "form": form,
        "body": body,
        "bodies": sorted(names.items(), key=lambda pair: pair[1].casefold()),
        "authority": free_text(request.POST, "authority"),
        "text": text,
        "problem": words_of(problem) if problem else "",
        "parts": [(part, words.PARTS[part], form["tests"][part], form["choices"][part]) for part in PARTS],
        "measures": [(rule_form.AND.join(held), _said(held)) for held in rule_form.measures_offered(form)],
        "relations": words.RELATIONS.items(),
        "counts": words.COUNTS.items(),
        "afters": words.AFTERS.items(),
        "events": [(event, words.EVENTS[event.replace("_", " ")], form["after"][event]) for event in rule_form.EVENTS],
        "ways": [(way, WAYS[way]) for way in rule_form.WAYS],
        "letters": rule_form.LETTERS[1:],
        "starts": [r.name for r in rule_views.built_in_rules()],
        "marks": MARKS,
        "preview": preview,
    }
    if preview:
        context |= {"shown": _shown(preview)}
    return render(request, "comity/decisions/compose_rule.html", context, status=400 if problem else 200)


def _shown(view: RuleView, /) -> dict[str, Any]:
    """Return what a page says of a rule: sentences by part, exact tests, positions, what follows."""
    rule = view.rule
    return {
        "view": view,
        "rule": rule,
        "parts": [(words.PARTS[part], said) for part in PARTS if (said := say_asked(rule=rule, part=part))],
        "tests": list(_exact(rule)),
        "positions": [(position_word(p.name), words.COUNTS[p.counts], p) for p in rule.positions],
        "follows": [(words.EVENTS[event], words.AFTERS[after]) for event, after in sorted(rule.after.items())],
        "ways": [str(WAYS[way]) for way in rule.conduct.ways],
        "broken": position_word(view.broken) if view.broken else "",
        "marks": MARKS,
    }


def _exact(rule: Rule, /) -> Iterable[dict[str, Any]]:
    """Return each test as a row of a table; those of which one is enough follow one another, numbered within."""
    for part in PARTS:
        for number, one in enumerate(getattr(rule, part), 1):
            inside = one.tests if isinstance(one, Either) else (one,)
            for place, test in enumerate(inside, 1):
                numbered = f"{number}.{place}" if isinstance(one, Either) else str(number)
                yield {"part": words.PARTS[part], "number": numbered, "one_of": isinstance(one, Either)} | _row(
                    test, rule
                )


def _row(test: Condition, rule: Rule, /) -> dict[str, Any]:
    titles = {g.name: g.title for g in rule.groups} | {w.name: w.title for w in rule.weights}
    return {
        "count": _measure(test.count),
        "relation": words.RELATIONS[test.relation],
        "amount": _amount(test),
        "of": _measure(test.base) if test.base else "",
        "group": titles.get(test.count.group, ""),
        "of_group": titles.get(test.base.group, "") if test.base and test.base.group != test.count.group else "",
        "weight": titles.get(test.count.weight, ""),
    }


def _measure(it: Measure, /) -> str:
    return _said((it.name,) if it.name else it.positions)


def _said(names: Sequence[str], /) -> str:
    """Return what is counted in words: a set, or positions with a plus between them."""
    if len(names) == 1 and names[0] in words.MEASURES:
        return str(words.MEASURES[names[0]])
    return rule_form.AND.join(position_word(name) for name in names)


def _amount(test: Condition, /) -> str:
    """Return a share as a fraction, as a percentage too where it is a whole one that nobody would say as a fraction; or a number."""
    percent = test.share * 100
    plain = test.base is None or percent.denominator != 1 or test.share.denominator in SAID_AS_FRACTIONS
    return str(test.share) if plain else f"{percent}% = {test.share}"


def _with_line_end(text: str, /) -> str:
    """Return a text with the line end that forms take off, so that a file put in force through a form keeps its digest."""
    return f"{text}\n" if text else ""


def _toml(name: str, text: str, /) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.toml"'},
    )
