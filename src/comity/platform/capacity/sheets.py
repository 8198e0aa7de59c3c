"""Take needs or offers in from a ministry's spreadsheet as drafts of its delegation, all of them or none; and give them out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from comity.adapters.capacity_sheets import ALL, list_groups, needs_columns, offers_columns
from comity.adapters.country_data import read_atlas
from comity.adapters.sheet_columns import Choice, Column, clean
from comity.adapters.sheet_writing import write_csv, write_sheet
from comity.adapters.sheets import read_sheet
from comity.errors import BadParameter, ComityError, NotFound
from comity.platform.capacity.models import Need, Offer, Resource
from comity.platform.capacity.needs import change_need, prepare_need
from comity.platform.capacity.needs_seen import needs_seen
from comity.platform.capacity.offers import change_offer, prepare_offer
from comity.platform.capacity.offers_seen import offers_seen
from comity.platform.parties.preparing import PREPARE, is_of_delegation
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import require
from comity.platform.parties.texts import checked_language, text_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.adapters.sheet_columns import CellProblem, Row, Sheet

NEEDS, OFFERS = "needs", "offers"
KINDS = (NEEDS, OFFERS)
MOST_ROWS = 200
# What a service calls a field, and the column that it came from.
COLUMNS = {
    "titles": "title",
    "purposes": "purpose",
    "conditions": "conditions",
    "wanted_by": "by_day",
    "shown_to": "visibility",
    "begins_on": "from_day",
    "ends_on": "until_day",
    "to_groups": "open_to",
}
NOT_TAKEN = frozenset({"notes"})
"""Columns that no field of ours keeps."""
MEMBER = Column(
    name="member",
    titles={"ar": "العضو", "en": "Member", "es": "Miembro", "fr": "Membre", "ru": "Член", "zh": "成员"},
)


@dataclass(frozen=True, slots=True)
class SheetTaken:
    """What came of a spreadsheet: how many drafts were made, changed and left as they were; or, by cell, why nothing was.

    ``problems`` are of the file itself, ``errors`` what a service refused, each with the cell.
    """

    made: int = 0
    changed: int = 0
    same: int = 0
    problems: tuple[CellProblem, ...] = ()
    errors: tuple[tuple[str, ComityError], ...] = ()
    found: int = 0


def columns_of(*, kind: str, body: str) -> tuple[Column, ...]:
    """Return the columns of a sheet of needs or offers of a body, with the kinds of resources that it counts. Raises BadParameter."""
    if kind not in KINDS:
        raise BadParameter(name="kind", found=kind[:20], allowed=", ".join(KINDS))
    resources = _choices(Resource.objects.filter(body__slug=body).order_by("slug"))
    if not resources:
        raise NotFound(reference=f"capacity/resources of {body[:60]}")
    if kind == NEEDS:
        found = needs_columns(resources=resources)
    else:
        found = offers_columns(resources=resources, groups=list_groups(atlas=read_atlas()))
    return tuple(c for c in found if c.name not in NOT_TAKEN)


def take_sheet_in(
    *, kind: str, body: str, member: str, name: str, content: bytes, language: str, by: Any, visibility: str = "public"
) -> SheetTaken:
    """Make a draft of each row, or where a row names one of the delegation's own, prepare the change. All rows are good or none is taken.

    ``language`` is the one in which titles, purposes and conditions are written; texts in other languages stay as they are.
    ``visibility`` is whom offers are made to: a sheet of needs says it in each row. Raises NotPermitted, NotFound, BadParameter, or what
    ``read_sheet`` raises for a file that is no spreadsheet.
    """
    require(user=by, action=PREPARE, member=member, body=body)
    tongue = checked_language(language)
    sheet = read_sheet(name=name, content=content, columns=columns_of(kind=kind, body=body), most_rows=MOST_ROWS)
    if sheet.problems:
        return SheetTaken(problems=sheet.problems, found=sheet.found)
    what = {"kind": kind, "body": body, "member": member, "tongue": tongue, "visibility": visibility, "by": by}
    done: list[str] = []
    errors: list[tuple[str, ComityError]] = []
    with transaction.atomic():
        for row in sheet.rows:
            try:
                with transaction.atomic():
                    done.append(_take(row, **what))
            except ComityError as error:
                errors.append((_cell_of(error, sheet=sheet, row=row), error))
        # One row that is refused undoes them all.
        transaction.set_rollback(bool(errors))
    if errors:
        return SheetTaken(errors=tuple(errors), found=len(errors))
    return SheetTaken(made=done.count("made"), changed=done.count("changed"), same=done.count("same"))


def sheet_of_own(*, kind: str, body: str, member: str, language: str, user: Any, title: str) -> bytes:
    """Return a workbook of what a delegation prepared or sent and has not ended; with no rows, a form to fill in.

    Raises NotFound for everyone outside the delegation.
    """
    rows = _own_rows(kind=kind, body=body, member=member, language=language, user=user)
    return write_sheet(columns=columns_of(kind=kind, body=body), rows=rows, language=language, title=title)


def csv_of_own(*, kind: str, body: str, member: str, language: str, user: Any) -> str:
    """Return the same table as CSV. Raises NotFound for everyone outside the delegation."""
    rows = _own_rows(kind=kind, body=body, member=member, language=language, user=user)
    return write_csv(columns=columns_of(kind=kind, body=body), rows=rows, language=language)


def csv_of_public(*, kind: str, body: str, language: str) -> str:
    """Return the open needs or offers of a body that anyone may see, as CSV, with the member of each in the reader's language."""
    nobody = AnonymousUser()
    reference, *others = columns_of(kind=kind, body=body)
    columns = (reference, MEMBER, *others)
    rows: Iterable[Need | Offer]
    if kind == NEEDS:
        rows = needs_seen(user=nobody).filter(body__slug=body, state=Need.State.OPEN).order_by("slug")
    else:
        rows = offers_seen(user=nobody).filter(body__slug=body, state=Offer.State.OPEN).order_by("slug")
    found = [_row_of(r, language=language) | {"member": name_in(r.member.names, language)} for r in rows]
    return write_csv(columns=columns, rows=found, language=language)


def _choices(resources: Iterable[Resource], /) -> list[Choice]:
    """Return resources as choices, each with its unit in its title; where two are called alike, their codes tell them apart."""
    found: list[Choice] = []
    taken: set[str] = set()
    for r in resources:
        titles = {t: _plain(f"{r.names[t]} ({text_in(r.unit_names, t)})") for t in r.names}
        if {t.casefold() for t in titles.values()} & taken:
            titles = {t: f"{title} [{r.slug}]" for t, title in titles.items()}
        taken |= {t.casefold() for t in titles.values()}
        found.append(Choice(r.slug, titles))
    return found


def _plain(title: str, /) -> str:
    return " ".join(title.translate({ord(sign): "," for sign in ";؛；|"}).split())


def _take(row: Row, /, *, kind: str, body: str, member: str, tongue: str, visibility: str, by: Any) -> str:
    values = dict(row.values)
    fields = _need_fields(values) if kind == NEEDS else _offer_fields(values)
    second = values["purpose"] if kind == NEEDS else values["conditions"]
    texts = {"titles": values["title"], "purposes" if kind == NEEDS else "conditions": second or ""}
    reference = values["reference"]
    if reference is None:
        made: dict[str, Any] = {name: {tongue: text} for name, text in texts.items()}
        if kind == NEEDS:
            prepare_need(body=body, member=member, by=by, **made, **fields)
        else:
            prepare_offer(body=body, member=member, by=by, visibility=visibility, **made, **fields)
        return "made"
    held = _own_row(kind, body=body, member=member, reference=reference)
    merged: dict[str, Any] = {
        name: _merged(getattr(held, name), text=text, tongue=tongue) for name, text in texts.items()
    }
    if _is_same(held, given={**fields, **merged}):
        return "same"
    if isinstance(held, Need):
        change_need(slug=held.slug, by=by, note=held.note, **merged, **fields)
    else:
        kept = {name: getattr(held, name) for name in ("per_member", "indivisible", "criteria", "apply_until")}
        change_offer(slug=held.slug, by=by, note=held.note, visibility=held.visibility, **merged, **fields, **kept)
    return "changed"


def _merged(held: Mapping[str, str], /, *, text: str, tongue: str) -> dict[str, str]:
    """Return texts with that of one language in place; a cell that shows what stands there in another language changes nothing."""
    return dict(held) if clean(text_in(held, tongue)) == clean(text) else {**held, tongue: text}


def _need_fields(values: Mapping[str, Any], /) -> dict[str, Any]:
    return {
        "resource": values["resource"],
        "units": values["units"],
        "languages": values["languages"],
        "wanted_by": values["by_day"],
        "shown_to": values["visibility"],
    }


def _offer_fields(values: Mapping[str, Any], /) -> dict[str, Any]:
    return {
        "resource": values["resource"],
        "units": values["units"],
        "languages": values["languages"],
        "begins_on": values["from_day"],
        "ends_on": values["until_day"],
        "licence": values["licence"] or "",
        "to_groups": () if ALL in values["open_to"] else values["open_to"],
    }


def _own_row(kind: str, /, *, body: str, member: str, reference: str) -> Need | Offer:
    """Return what a row names, which is the delegation's own and has not ended. Raises BadParameter for all else."""
    slug = reference.rpartition("/")[2]
    own = {"slug": slug, "member__slug": member, "body__slug": body, "state__in": ["draft", "open"]}
    found: Need | Offer | None
    found = Need.objects.filter(**own).first() if kind == NEEDS else Offer.objects.filter(**own).first()
    if found is None:
        raise BadParameter(
            name="reference", found=reference[:60], allowed="one of your own that has not ended, or nothing"
        )
    return found


def _is_same(held: Need | Offer, /, *, given: Mapping[str, Any]) -> bool:
    def plain(value: Any) -> Any:
        return sorted(value) if isinstance(value, (tuple, list)) else value

    kept = {name: plain(getattr(held, name)) for name in given} | {"resource": held.resource.slug}
    texts = {name: {t: v for t, v in value.items() if v} for name, value in given.items() if isinstance(value, dict)}
    return not held.pending and kept == {name: plain(value) for name, value in given.items()} | texts


def _cell_of(error: ComityError, /, *, sheet: Sheet, row: Row) -> str:
    name = str(error.data.get("name", "")) if isinstance(error, BadParameter) else ""
    return sheet.cell(row=row, column=COLUMNS.get(name, name))


def _own_rows(*, kind: str, body: str, member: str, language: str, user: Any) -> list[dict[str, Any]]:
    if not is_of_delegation(user=user, member=member):
        raise NotFound(reference=f"capacity/{kind[:20]}/sheet")
    model: Any = Need if kind == NEEDS else Offer
    rows: Sequence[Need | Offer] = list(
        model.objects.filter(member__slug=member, body__slug=body, state__in=["draft", "open"])
        .select_related("resource")
        .order_by("slug")
    )
    return [_row_of(r, language=language) for r in rows]


def _row_of(row: Need | Offer, /, *, language: str) -> dict[str, Any]:
    held = {
        "reference": row.reference,
        "title": text_in(row.titles, language),
        "resource": row.resource.slug,
        "units": row.units,
        "languages": tuple(row.languages),
    }
    if isinstance(row, Need):
        return held | {
            "purpose": text_in(row.purposes, language),
            "by_day": row.wanted_by,
            "visibility": row.shown_to,
        }
    return held | {
        "open_to": tuple(row.to_groups) or (ALL,),
        "conditions": text_in(row.conditions, language),
        "from_day": row.begins_on,
        "until_day": row.ends_on,
        "licence": row.licence or None,
    }
