"""Possible joint actions: what members' strategies plan that is close enough to be considered together."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.adapters.country_data import read_atlas
from comity.adapters.joint_action_files import JOINT_ACTIONS
from comity.adapters.tables import table_lines
from comity.engines.parties.countries import name_of
from comity.platform.alignment import selectors
from comity.platform.alignment.joint_actions import STATED, joint_action_list, joint_action_table
from comity.platform.alignment.joint_actions import joint_actions as read_joint_actions
from comity.web.alignment import board
from comity.web.context import interface_language
from comity.web.parameters import chosen, page_number

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity.platform.alignment.joint_actions import ActionView, GroupView

PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as the page shows it: labels of its topics, its actions by the name of the member."""

    name: str
    topics: list[tuple[str, str]]
    actions: list[ActionView]


@require_safe
def joint_actions(request: HttpRequest) -> HttpResponse:
    """List the groups by topic, each with its actions side by side."""
    labels = {t.pk: board.label_of(t) for t in selectors.topics()}
    topic = chosen(request.GET, "topic", allowed=labels)
    stated = chosen(request.GET, "stated", allowed=STATED)
    groups, read = read_joint_actions(user=request.user, topic=topic, stated=stated)
    page = Paginator(groups, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "page": page,
        "groups": [_row(g, labels) for g in page],
        "read": read,
        "choice": topic,
        "choices": list(labels.items()),
        "stated": stated,
        "run": selectors.latest_run(),
        "progress": board.progress(),
    }
    return render(request, "alignment/joint_actions.html", context)


def _row(group: GroupView, labels: dict[str, str]) -> GroupRow:
    atlas, language = read_atlas(), interface_language()
    return GroupRow(
        name=group.name,
        topics=[(t, labels[t]) for t in group.topics],
        actions=sorted(
            group.actions, key=lambda a: name_of(atlas=atlas, code=a.provision.instrument.party, language=language)
        ),
    )


@require_safe
def joint_actions_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every action of every group as a row."""
    return StreamingHttpResponse(
        table_lines(header=JOINT_ACTIONS, rows=joint_action_table(user=request.user)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="joint_actions.csv"'},
    )


@require_safe
def joint_actions_json(request: HttpRequest) -> HttpResponse:
    """Every group with the places of the words that it quotes."""
    return HttpResponse(
        json.dumps(joint_action_list(user=request.user), ensure_ascii=False, indent=2),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="joint_actions.json"'},
    )
