"""Addresses of the alignment room. Instruments and provisions stand at their references."""

from __future__ import annotations

from django.urls import path, register_converter

from comity.web.alignment import (
    briefing,
    common_ground,
    downloads,
    fruitless,
    instruments,
    joint_actions,
    links,
    review,
    search,
    topics,
    uploads,
    versions,
    work,
)


class RefConverter:
    """The name of a provision within its instrument, in the form of the Akoma Ntoso naming convention."""

    regex = "[A-Za-z0-9._~-]{1,120}"

    def to_python(self, value: str) -> str:
        """Return it as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it stands."""
        return value


register_converter(RefConverter, "ref")

urlpatterns = [
    path("", topics.overview, name="alignment"),
    path("topics/<slug:topic>", topics.topic, name="topic"),
    path("topics/<slug:topic>/briefing", briefing.topic_note, name="topic-briefing"),
    path("topics/<slug:topic>/briefing.docx", briefing.topic_file, name="topic-briefing-file"),
    path("briefing", briefing.pair_note, name="pair-briefing"),
    path("briefing.docx", briefing.pair_file, name="pair-briefing-file"),
    path("instruments", instruments.instruments, name="instruments"),
    path("instruments/<slug:slug>", instruments.instrument, name="instrument"),
    path("instruments/<slug:slug>.xml", downloads.instrument_akoma, name="instrument-akoma"),
    path("instruments/<slug:slug>/seen-by", instruments.seen_by, name="instrument-seen-by"),
    path("instruments/<slug:slug>/versions/<int:number>", versions.version, name="instrument-version"),
    path("instruments/<slug:slug>/versions/<int:number>/changes", versions.changes, name="instrument-changes"),
    path("instruments/<slug:slug>/<ref:ref>", instruments.provision, name="provision"),
    path("instruments/<slug:slug>/<ref:ref>/nothing-found", fruitless.nothing_found, name="nothing-found"),
    path("common-ground", common_ground.clusters, name="common-ground"),
    path("joint-actions", joint_actions.joint_actions, name="joint-actions"),
    path("side-by-side", links.side_by_side, name="side-by-side"),
    path("oscal-mapping.json", downloads.pair_mapping, name="pair-mapping"),
    path("review", review.review, name="review"),
    path("review-rule", review.review_rule, name="review-rule"),
    path("links/<slug:name>", links.link, name="link"),
    path("search", search.search, name="search"),
    path("uploads", uploads.uploads, name="uploads"),
    path("uploads/<slug:name>", uploads.upload, name="upload"),
    path("work", work.work, name="work"),
    path("downloads", downloads.downloads, name="downloads"),
    path("downloads/convergence.csv", downloads.convergence_table, name="convergence-csv"),
    path("downloads/convergence-by-year.csv", downloads.years_table, name="years-csv"),
    path("downloads/topics/<slug:topic>.csv", downloads.topic_table, name="topic-csv"),
    path("downloads/crosswalk.csv", downloads.crosswalk_table, name="crosswalk-csv"),
    path("downloads/joint_actions.csv", joint_actions.joint_actions_csv, name="joint-actions-csv"),
    path("downloads/joint_actions.json", joint_actions.joint_actions_json, name="joint-actions-json"),
    path("downloads/provisions.jsonl", downloads.provisions_lines, name="provisions-jsonl"),
    path("downloads/common-ground.csv", common_ground.table, name="common-ground-csv"),
    path("downloads/instruments.csv", downloads.instruments_table, name="instruments-csv"),
]
