"""Who speaks on what: counted from the data, ties kept in the data's order."""

from __future__ import annotations

import dataclasses

import pytest

from comity.adapters.visual.report import reading
from comity.adapters.visual.report.model import Report, TopicLine, Voice


def names(speakers: tuple[reading.Speaker, ...]) -> list[str]:
    return [s.name for s in speakers]


def test_speakers_are_parties_with_an_instrument_then_unnamed_texts(example_report: Report) -> None:
    speakers = reading.list_speakers(report=example_report)
    assert [(s.name, s.kind) for s in speakers] == [
        ("Atlantis", "member"),
        ("Lemuria", "member"),
        ("League of Islands", "organisation"),
        ("Notes found in a drawer", "unnamed"),
    ]


def test_party_with_two_instruments_speaks_once(example_report: Report) -> None:
    law = next(i for i in example_report.instruments if i.id == "atl-law")
    second = dataclasses.replace(law, id="atl-code", binding=False)
    report = dataclasses.replace(example_report, instruments=(*example_report.instruments, second))
    assert len(reading.list_speakers(report=report)) == 4


def test_instruments_follow_the_order_of_their_parties(example_report: Report) -> None:
    ids = [i.id for i in reading.sort_instruments(report=example_report)]
    assert ids == ["atl-law", "lem-strategy", "lge-convention", "notes"]


def test_more_than_half_is_agreement(example_report: Report) -> None:
    readings = reading.read_topics(report=example_report)
    assert [r.topic.id for r in reading.find_agreement(readings=readings)] == ["human-oversight"]


def test_exactly_half_is_not_agreement(example_report: Report) -> None:
    readings = reading.read_topics(report=example_report)
    assert [r.topic.id for r in reading.find_partial(readings=readings)] == ["incident-reporting"]


def test_topic_of_one_party_is_told_apart_and_silent_topic_is_nowhere(example_report: Report) -> None:
    readings = reading.read_topics(report=example_report)
    assert [r.topic.id for r in reading.find_single(readings=readings)] == ["languages"]


def test_single_speaker_neither_agrees_nor_differs(example_report: Report) -> None:
    alone = dataclasses.replace(example_report, instruments=example_report.instruments[:1])
    readings = reading.read_topics(report=alone)
    assert reading.find_agreement(readings=readings) == ()
    assert reading.find_partial(readings=readings) == ()
    assert reading.find_single(readings=readings) == ()


def test_reading_groups_by_how_the_instruments_bind(example_report: Report) -> None:
    oversight, incidents, *_ = reading.read_topics(report=example_report)
    assert {level: names(s) for level, s in oversight.by_level.items()} == {
        "binding-own": ["Atlantis", "League of Islands"],
        "voluntary-own": ["Lemuria"],
    }
    assert oversight.bar == {"binding-own": 2, "voluntary-own": 1}
    assert names(oversight.silent) == ["Notes found in a drawer"]
    assert (names(oversight.not_found), names(oversight.unread)) == ([], ["Notes found in a drawer"])
    assert incidents.bar == {"binding-own": 1, "unstated-own": 1}
    assert (oversight.provisions, incidents.provisions) == (9, 2)


def test_strength_differs_where_one_requires_what_another_expects(example_report: Report) -> None:
    readings = reading.read_topics(report=example_report)
    assert [r.topic.id for r in reading.find_strength_differences(readings=readings)] == ["human-oversight"]
    assert {k: names(v) for k, v in readings[0].strengths.items()} == {
        "must": ["Atlantis", "League of Islands"],
        "should": ["Lemuria"],
    }


def test_wording_that_nobody_judged_is_no_difference(example_report: Report) -> None:
    incidents = reading.read_topics(report=example_report)[1]
    assert {k: names(v) for k, v in incidents.strengths.items()} == {"may": ["Atlantis"]}
    assert incidents.divided == 0


def test_strongest_wording_of_a_party_wins(example_report: Report) -> None:
    law = next(i for i in example_report.instruments if i.id == "atl-law")
    voices = (Voice("atl-law", 1, "should"), Voice("atl-code", 1, "must-not"))
    report = dataclasses.replace(
        example_report,
        instruments=(*example_report.instruments, dataclasses.replace(law, id="atl-code")),
        topics=(TopicLine(id="t", facet="f", label="T", voices=voices),),
    )
    (read,) = reading.read_topics(report=report)
    assert {k: names(v) for k, v in read.strengths.items()} == {"must-not": ["Atlantis"]}


def test_voice_of_an_unknown_instrument_counts_for_nobody(example_report: Report) -> None:
    topic = TopicLine(id="t", facet="f", label="T", voices=(Voice("gone", 3, "must"), Voice("notes", 0, "must")))
    (read,) = reading.read_topics(report=dataclasses.replace(example_report, topics=(topic,)))
    assert (read.speaking, read.provisions) == ((), 0)


def test_members_are_those_that_a_level_speaks_of(example_report: Report) -> None:
    assert reading.list_members(report=example_report) == ("ATL", "LEM", "THU")


def test_levels_of_a_topic_sum_to_the_members(example_report: Report) -> None:
    for topic in example_report.topics:
        counts = reading.count_levels(topic=topic, members=("ATL", "LEM", "THU"))
        assert sum(counts.values()) == 3
    assert counts["not-in-collection"] == 3


def test_lead_topic_is_the_one_asked_for_else_the_most_shared(example_report: Report) -> None:
    readings = reading.read_topics(report=example_report)
    asked = dataclasses.replace(example_report, lead_topic="languages")
    assert [reading.choose_lead(report=r, readings=readings).topic.id for r in (asked, example_report)] == [  # type: ignore[union-attr]
        "languages",
        "human-oversight",
    ]
    assert reading.choose_lead(report=example_report, readings=()) is None


@pytest.mark.parametrize(
    "language, direction",
    [("ar", "rtl"), ("fa-AF", "rtl"), ("UR", "rtl"), ("en", "ltr"), ("zh-Hant", "ltr"), ("und", "auto"), ("", "auto")],
)
def test_direction_follows_the_language_and_is_open_where_it_is_unknown(language: str, direction: str) -> None:
    assert reading.direction_of(language) == direction


def test_only_a_party_whose_texts_were_read_in_full_is_searched_and_not_found(example_report: Report) -> None:
    in_full = tuple(dataclasses.replace(i, basis="full-text") for i in example_report.instruments)
    oversight, *_ = reading.read_topics(report=dataclasses.replace(example_report, instruments=in_full))
    assert (names(oversight.not_found), names(oversight.unread)) == (["Notes found in a drawer"], [])


def test_a_party_whose_text_could_not_be_searched_is_never_searched_and_not_found(example_report: Report) -> None:
    lines = tuple(dataclasses.replace(i, basis="full-text", searched=False) for i in example_report.instruments)
    oversight, *_ = reading.read_topics(report=dataclasses.replace(example_report, instruments=lines))
    assert (names(oversight.not_found), names(oversight.unread)) == ([], ["Notes found in a drawer"])


def test_an_instrument_that_counts_for_nobody_speaks_for_nobody(example_report: Report) -> None:
    first, *others = example_report.instruments
    waiting = dataclasses.replace(first, uncounted="Proposed, not adopted.")
    report = dataclasses.replace(example_report, instruments=(waiting, *others))
    before, after = reading.list_speakers(report=example_report), reading.list_speakers(report=report)
    assert set(names(before)) - set(names(after)) == {reading.speaker_of(report=report, instrument=first).name}
    assert all(waiting.party not in {s.key for s in r.speaking} for r in reading.read_topics(report=report))
    assert len(reading.sort_instruments(report=report)) == len(example_report.instruments)
