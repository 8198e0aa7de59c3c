"""A small invented alignment: two members, one organisation and one text that nobody has named, in four languages."""

from __future__ import annotations

import datetime as dt

import pytest

from comity.adapters.visual.report.model import (
    ActionLine,
    Cited,
    Figure,
    InstrumentLine,
    JointAction,
    Method,
    OutputFile,
    Pair,
    Party,
    Refusal,
    Report,
    TopicLine,
    Voice,
)

ARABIC = "يجب على الجهة المشغلة أن تتيح لشخص مختص فهم النظام وإيقافه وعكس قراره."
CHINESE = "运营者应当确保自然人能够理解、停止或者撤销系统作出的决定。"


def build_report() -> Report:
    """Return the example. It is invented: no text here is anyone's law."""
    return Report(
        title="Rules on automated decisions",
        as_of=dt.date(2026, 11, 25),
        parties=(
            Party(code="ATL", name="Atlantis"),
            Party(code="LEM", name="Lemuria"),
            Party(code="LGE", name="League of Islands", kind="organisation"),
            Party(code="THU", name="Thule"),
        ),
        instruments=(
            InstrumentLine(
                id="lge-convention",
                title="Convention on Automated Decisions",
                provisions=44,
                party="LGE",
                kind="treaty",
                status="in-force",
                binding=True,
                date=dt.date(2025, 3, 1),
                language="en",
                title_language="en",
                file="convention.docx",
                official_url="https://league.example/convention",
                basis="full-text",
                signatories=("ATL", "THU"),
            ),
            InstrumentLine(
                id="atl-law",
                title="قانون القرارات الآلية",
                short_title="Automated Decisions Law",
                provisions=31,
                party="ATL",
                kind="law",
                status="in-force",
                binding=True,
                language="ar",
                title_language="ar",
                file="atl_law_2024.pdf",
                basis="full-text",
                stated_by="file name",
            ),
            InstrumentLine(
                id="lem-strategy",
                title="Strategy for Trusted Systems",
                provisions=1129,
                party="LEM",
                kind="strategy",
                status="voluntary",
                binding=False,
                language="zh",
                title_language="en",
                file="lem-strategy.pdf",
                basis="partial-text",
                summary=True,
            ),
            InstrumentLine(
                id="notes", title="Notes found in a drawer", provisions=2, language="rw", lexical_only=True, file="notes.txt"
            ),
        ),
        topics=(
            TopicLine(
                id="human-oversight",
                facet="obligation",
                label="Human oversight and control",
                definition="That a person can understand, stop and reverse a decision.",
                voices=(
                    Voice(instrument="atl-law", provisions=4, strongest="must"),
                    Voice(instrument="lge-convention", provisions=3, strongest="must"),
                    Voice(instrument="lem-strategy", provisions=2, strongest="should"),
                ),
                levels={"ATL": "binding-own", "LEM": "voluntary-own", "THU": "binding-through"},
            ),
            TopicLine(
                id="incident-reporting",
                facet="obligation",
                label="Incident reporting",
                voices=(
                    Voice(instrument="atl-law", provisions=1, strongest="may"),
                    Voice(instrument="notes", provisions=1),
                ),
                levels={"ATL": "binding-own", "LEM": "states-none", "THU": "searched-not-found"},
            ),
            TopicLine(
                id="languages",
                facet="cooperation",
                label="Languages",
                voices=(Voice(instrument="lem-strategy", provisions=5, strongest="declares"),),
                levels={"ATL": "searched-not-found", "LEM": "voluntary-own", "THU": "searched-not-found"},
            ),
            TopicLine(id="compute", facet="cooperation", label="Shared computing"),
        ),
        method=Method(
            made_by="Comity 0.1.0",
            embedder="example-encoder",
            embedder_version="1",
            lexical="BM25",
            fusion="reciprocal rank fusion",
            topics_by="topics-lexical/1",
            modality_by="modality-lexical/1",
            steps=("Every file was split into its provisions.", "The closest provisions were sought."),
            figures=(Figure(what="Topic as a person named it", value="0.61", n=260, source="260 labelled provisions", interval="0.55 to 0.67"),),
            not_measured=("How many close pairs were missed.",),
        ),
        refusals=(
            Refusal(file="scan.pdf", code="no-text-layer", message="scan.pdf is a scan: 42 pages of pictures and no text layer."),
            Refusal(file="old.doc", code="unknown-format", message="old.doc is not read yet.", first_seen="Ministry of Works"),
        ),
        facets=(("obligation", "What must be done"), ("cooperation", "What is done together")),
        pairs=(
            Pair(
                left=Cited(instrument="atl-law", ref="art_4", label="المادة ٤", heading="الرقابة البشرية", text=ARABIC, language="ar", modality="must", page=3),
                right=Cited(instrument="lem-strategy", ref="sec_2", label="第二节", text=CHINESE, language="zh", modality="should"),
                why="Both speak of a person who can stop and reverse a decision.",
                relation="same",
                closeness=0.8137,
            ),
            Pair(
                left=Cited(instrument="lge-convention", ref="art_9", label="Article 9", heading="Notice", text="A person must be told. " * 100, language="en", modality="must"),
                right=Cited(instrument="notes", ref="par_1", label="1", text="Menyesha abantu."),
                why="Both speak of telling people.",
            ),
        ),
        pairs_total=1204,
        tiles={"ATL": (0, 0), "LEM": (1, 0), "THU": (2, 1), "MU": (3, 1)},
        unjudged=3,
        joint_actions=(
            JointAction(
                topics=("Languages",),
                actions=(
                    ActionLine(
                        cited=Cited(instrument="atl-law", ref="art_9", label="المادة ٩", text=ARABIC, language="ar"),
                        dates=("بحلول عام 2030",),
                    ),
                    ActionLine(
                        cited=Cited(instrument="lem-strategy", ref="sec_3", label="第三节", text=CHINESE, language="zh"),
                        indicators=("10%",),
                        owners=("教育部",),
                    ),
                ),
            ),
        ),
        goals_read=2,
        actions_read=9,
        actions_dated=4,
        actions_measured=1,
        actions_owned=3,
        untopiced=1,
        files=(
            OutputFile(name="crosswalk.csv", how="Every pair, one a line."),
            OutputFile(name="provisions & texts.csv", how="Every provision."),
        ),
    )  # fmt: skip


@pytest.fixture
def example_report() -> Report:
    """Return the invented alignment."""
    return build_report()
