"""The needs and offers of the worked example, from what is asked to what came of it: rounds of invented members, the same everywhere."""

from __future__ import annotations

import datetime as dt
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.platform.capacity.agreements import PromiseGiven, enter_agreement, report_progress
from comity.platform.capacity.allocating import publish_allocation
from comity.platform.capacity.commitments import PROVIDER, RECIPIENT, agree_to_commitment
from comity.platform.capacity.confirming import confirm_round
from comity.platform.capacity.deliveries import (
    PlannedPart,
    agree_to_plan,
    ask_new_date,
    confirm_delivery,
    plan_delivery,
    report_delivery,
)
from comity.platform.capacity.freezing import freeze_round
from comity.platform.capacity.measuring import record_result
from comity.platform.capacity.models import Agreement, Commitment, Need, Resource, Round
from comity.platform.capacity.needs import close_need, prepare_need, send_need
from comity.platform.capacity.offers import make_offer, prepare_offer
from comity.platform.capacity.resources import define_resource
from comity.platform.capacity.round_tasks import suggest_allocation
from comity.platform.capacity.rounds import open_round
from comity.platform.parties.rules import Installation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PLAN = Path(__file__).resolve().parent / "plan.toml"
MOMENT = dt.timedelta(milliseconds=500)
LAST_HOUR = 18
BY = Installation()


def load_contributions(*, say: Callable[[str], None]) -> None:
    """Define resources and hold the rounds of the plan, each once: two confirmed, one open to challenges, one open; and an agreement."""
    plan = tomllib.loads(PLAN.read_text(encoding="utf-8"))
    body = plan["body"]
    made = 0
    for entry in plan["resource"]:
        if not Resource.objects.filter(slug=entry["slug"]).exists():
            define_resource(body=body, by=BY, **entry)
    for entry in plan["round"]:
        if not Round.objects.filter(slug=entry["slug"]).exists():
            with transaction.atomic():
                _hold(entry, body=body, purposes=plan["purposes"])
            made += 1
    for entry in plan["agreement"]:
        if not Agreement.objects.filter(slug=entry["slug"]).exists():
            with transaction.atomic():
                _agree(entry, body=body)
    if made:
        say(f"Held {made} invented rounds of needs and offers.")


def _hold(entry: Mapping[str, Any], /, *, body: str, purposes: Mapping[str, str]) -> None:
    """Take needs and offers, open the round, and bring it as far as the plan says. Its deadlines are met as they are set."""
    resource = entry["resource"]
    slugs = [_need({"purposes": purposes, **given}, resource=resource, body=body) for given in entry["need"]]
    for given in entry["offer"]:
        _offer(given, resource=resource, body=body)
    state = entry["state"]
    days = entry.get("days", 0)
    open_round(
        slug=entry["slug"],
        body=body,
        titles=entry["titles"],
        resources=[resource],
        rules=entry.get("rules", {}),
        closes_at=_at(days) if days else timezone.now() + MOMENT,
        by=BY,
    )
    if state == "open":
        return
    _wait(entry["slug"])
    freeze_round(slug=entry["slug"], by=BY)
    suggest_allocation(slug=entry["slug"], by=BY)
    days = entry.get("challenge_days", 0)
    until = _at(days) if days else timezone.now() + MOMENT
    publish_allocation(slug=entry["slug"], challenge_until=until, by=BY)
    if state == "published":
        return
    _wait(entry["slug"])
    confirm_round(slug=entry["slug"], by=BY)
    for held in Commitment.objects.filter(round__slug=entry["slug"]).order_by("slug"):
        agree_to_commitment(slug=held.slug, side=RECIPIENT, by=BY)
        agree_to_commitment(slug=held.slug, side=PROVIDER, by=BY)
    for told in entry.get("delivery", ()):
        given = Commitment.objects.filter(round__slug=entry["slug"], need__slug=slugs[told["need"] - 1])
        _deliver(given.order_by("-units", "offer__slug")[0], told)
    if entry.get("ends_needs"):
        for slug in slugs:
            close_need(slug=slug, by=BY)


def _need(given: Mapping[str, Any], /, *, resource: str, body: str) -> str:
    made = prepare_need(
        body=body,
        resource=resource,
        by=BY,
        **{"shown_to": Need.Shown.PUBLIC.value, **given},
    )
    send_need(slug=made.slug, by=BY)
    return made.slug


def _offer(given: Mapping[str, Any], /, *, resource: str, body: str) -> None:
    more = {name: value for name, value in given.items() if name != "key"}
    made = prepare_offer(body=body, resource=resource, slug=given["key"], visibility="public", by=BY, **more)
    make_offer(slug=made.slug, by=BY)


def _deliver(held: Commitment, told: Mapping[str, Any], /) -> None:
    """Plan a delivery in parts, the whole where a part names no units, and report, confirm, move and measure them as the plan says."""
    today = timezone.now().date()
    parts = [
        PlannedPart(
            titles=part["titles"], units=part.get("units", held.units), due_on=today + dt.timedelta(days=part["days"])
        )
        for part in told["part"]
    ]
    plan_delivery(slug=held.slug, parts=parts, by=BY, side=PROVIDER)
    agree_to_plan(slug=held.slug, by=BY, side=RECIPIENT)
    for number, part in enumerate(told["part"], start=1):
        if "reported" in part:
            report_delivery(slug=held.slug, number=number, units=part["reported"], by=BY)
        if "confirmed" in part:
            confirm_delivery(slug=held.slug, number=number, units=part["confirmed"], by=BY)
        if "moved_days" in part:
            ask_new_date(
                slug=held.slug,
                number=number,
                new_date=today + dt.timedelta(days=part["moved_days"]),
                explanation=part["why"],
                language="en",
                side=RECIPIENT,
                by=BY,
            )
    if "result" in told:
        record_result(slug=held.slug, measured_on=today, by=BY, **told["result"])


def _agree(entry: Mapping[str, Any], /, *, body: str) -> None:
    today = timezone.now().date()
    promises = [
        PromiseGiven(
            texts=given["texts"],
            owner=given["owner"],
            due_on=today + dt.timedelta(days=given["days"]) if "days" in given else None,
            indicator=given.get("indicator", ""),
            target=given.get("target", ""),
            offers=tuple(given.get("offers", ())),
        )
        for given in entry["promise"]
    ]
    enter_agreement(
        slug=entry["slug"],
        body=body,
        kind=entry["kind"],
        titles=entry["titles"],
        parties=entry["parties"],
        promises=promises,
        signed_on=today - dt.timedelta(days=entry["signed_days_ago"]),
        source=entry.get("source", ""),
        by=BY,
    )
    for number, given in enumerate(entry["promise"], start=1):
        if "report" in given:
            report_progress(slug=entry["slug"], number=number, by=BY, **given["report"])


def _at(days: int) -> dt.datetime:
    return (timezone.now() + dt.timedelta(days=days)).replace(hour=LAST_HOUR, minute=0, second=0, microsecond=0)


def _wait(slug: str) -> None:
    """Wait until the deadline that a round has just set has passed: a moment."""
    held = Round.objects.get(slug=slug)
    while timezone.now() <= (held.challenge_until or held.closes_at):
        time.sleep(0.05)
