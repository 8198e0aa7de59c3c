"""Read rules of procedure: those in force, those that were, those that come with Comity, and one that is being composed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.adapters.rule_files import built_in_names, built_in_rule, built_in_text, parse_rule, read_toml
from comity.adapters.rule_writing import write_rule
from comity.engines.decisions.laws import find_broken_promise
from comity.engines.decisions.working import work_through
from comity.errors import NotFound, UnknownRule
from comity.platform.decisions.models import RuleInForce
from comity.platform.decisions.ruling import FILE, PUT_IN_FORCE, checked_rule_text, next_version, rule_in_force, rule_of
from comity.platform.parties.rules import may
from comity.platform.parties.votes import entitlements

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from comity.engines.decisions.rules import Rule
    from comity.engines.decisions.working import Worked

MOST_MEMBERS = 10_000
USUAL_MEMBERS = 193


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule in a list."""

    body: str
    name: str
    version: int
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as its page shows it: the engine's rule, its text, worked numbers for ``members``, and a warning.

    ``broken`` is the position whose giver could undo an adoption by saying yes instead; empty where there is none. A rule that
    comes with Comity has no body, act or dates.
    """

    rule: Rule
    text: str
    members: int
    worked: tuple[Worked, ...]
    broken: str
    body: str = ""
    sha256: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    act: str = ""
    sequence: int | None = None
    versions: tuple[RuleCard, ...] = ()
    may_change: bool = False


def list_rules(*, in_force: bool = True) -> tuple[RuleCard, ...]:
    """Return the rules of every body that are in force now, or those that are not any more, by body, name and version."""
    rows = RuleInForce.objects.filter(ends_at__isnull=in_force).select_related("body")
    return tuple(_card(row) for row in rows.order_by("body__slug", "name", "version"))


def built_in_rules() -> tuple[Rule, ...]:
    """Return the rules that come with Comity, by name."""
    return tuple(built_in_rule(name) for name in built_in_names())


def rule_view(*, body: str, name: str, version: int, user: Any) -> RuleView:
    """Return one version of a rule of a body, in force or not; all may read it. Raises NotFound."""
    rows = RuleInForce.objects.filter(body__slug=body, name=name).select_related("body", "act")
    row = rows.filter(version=version).first()
    if row is None:
        raise NotFound(reference=f"decisions/rules/{body[:60]}/{name[:60]}/{version}")
    found = _view(rule_of(row), text=row.text, members=_voters(body))
    return RuleView(
        rule=found.rule,
        text=found.text,
        members=found.members,
        worked=found.worked,
        broken=found.broken,
        body=row.body.slug,
        sha256=row.text_sha256,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        act=str(row.act_id),
        sequence=row.act.sequence,
        versions=tuple(_card(r) for r in rows.order_by("version")),
        may_change=may(user=user, action=PUT_IN_FORCE),
    )


def built_in_view(*, name: str, user: Any) -> RuleView:
    """Return a rule that comes with Comity. Raises NotFound."""
    try:
        found = _view(built_in_rule(name), text=built_in_text(name), members=USUAL_MEMBERS)
    except UnknownRule:
        raise NotFound(reference=f"decisions/rules/{name[:60]}") from None
    return RuleView(
        rule=found.rule,
        text=found.text,
        members=found.members,
        worked=found.worked,
        broken=found.broken,
        may_change=may(user=user, action=PUT_IN_FORCE),
    )


def rule_text(*, name: str, body: str = "", version: int = 0) -> str:
    """Return the TOML of a rule: one that comes with Comity where no body is named. Raises NotFound."""
    if not body:
        try:
            return built_in_text(name)
        except UnknownRule:
            raise NotFound(reference=f"decisions/rules/{name[:60]}") from None
    text = (
        RuleInForce.objects.filter(body__slug=body, name=name, version=version).values_list("text", flat=True).first()
    )
    if text is None:
        raise NotFound(reference=f"decisions/rules/{body[:60]}/{name[:60]}/{version}")
    return text


def data_to_start_from(*, name: str, body: str = "") -> dict[str, Any]:
    """Return the plain data of a rule that another can be composed from: one in force in a body, or one that comes with Comity.

    Raises NotFound.
    """
    text = rule_in_force(body=body, name=name).text if body else rule_text(name=name)
    return data_of_text(text)


def data_of_text(text: str, /) -> dict[str, Any]:
    """Return the plain data of a rule in TOML. Raises BadParameter or BadRule."""
    given = checked_rule_text(text)
    parse_rule(text=given, file=FILE)
    return read_toml(text=given, file=FILE)


def write_next_version(*, data: Mapping[str, Any], body: str) -> str:
    """Return the TOML of a rule that is being composed, under the version that comes next in a body."""
    name = str(data.get("name", ""))
    return write_rule(data={**data, "version": next_version(body=body, name=name)})


def preview_rule(*, text: str, body: str) -> RuleView:
    """Return what a text would be as a rule of a body, which is not put in force by looking. Raises BadParameter or BadRule."""
    given = checked_rule_text(text)
    return _view(parse_rule(text=given, file=FILE), text=given, members=_voters(body))


def _view(rule: Rule, /, *, text: str, members: int) -> RuleView:
    promises = any(p.name == "yes" for p in rule.positions)
    return RuleView(
        rule=rule,
        text=text,
        members=members,
        worked=work_through(rule=rule, members=members),
        broken=(find_broken_promise(rule=rule) or "") if promises else "",
    )


def _voters(body: str, /) -> int:
    """Return how many votes a body has now; the usual number of an example where it has none yet."""
    votes = sum(e.votes for e in entitlements(body=body, moment=timezone.now()))
    return min(votes, MOST_MEMBERS) or USUAL_MEMBERS


def _card(row: RuleInForce, /) -> RuleCard:
    return RuleCard(
        body=row.body.slug,
        name=row.name,
        version=row.version,
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )
