"""Classes of 273 real models and 166 real public goods beside those that were published, with every other case explained."""

from __future__ import annotations

from collections import Counter

import pytest

from comity.adapters.dpg_files import read_public_good
from comity.adapters.mof_files import KINDS, read_mof
from comity.engines.commons.licences import class_licence
from comity.engines.commons.openness import assess_openness
from support.openness_peer import licences_of, published_class, read_marked

# Names that people wrote for a licence which the tool, comparing letter by letter, does not know: read here for what they mean.
READ_FOR_WHAT_THEY_MEAN = {
    "Apache 2.0": 15,
    "Apache license 2.0": 2,
    "BSD-3": 20,
    "CC BY-SA 4.0": 2,
    "MIT License": 2,
    "MIT license": 6,
    "apache-2.0": 1,
}
INCOMPLETE = "the record is not complete: the nomination is not in the collection, or a question has no answer"
SAID_NO = (
    "the owner answered no, and the Alliance approved the good all the same, on grounds that the record does not hold"
)
# Public good, indicator: what is found here where the Alliance found it met, and why.
OTHER_INDICATORS = {
    ("automated-data-agreement", 9): ("not stated", INCOMPLETE),
    ("city-energy-analyst", 9): ("not met", SAID_NO),
    ("commcare", 9): ("not met", SAID_NO),
    ("commcare-android", 9): ("not met", SAID_NO),
    ("commcare-cloud", 9): ("not met", SAID_NO),
    ("coral", 9): ("not met", SAID_NO),
    ("erpnext", 9): ("not met", SAID_NO),
    ("everwell-hub", 4): ("not stated", INCOMPLETE),
    ("farmos", 9): ("not stated", INCOMPLETE),
    ("find-your-immunization", 6): ("not met", SAID_NO),
    ("gnu-health", 9): ("not stated", INCOMPLETE),
    ("ihris", 9): ("not met", SAID_NO),
    ("kobotoolbox", 9): ("not met", SAID_NO),
    ("kolibri", 9): ("not met", SAID_NO),
    ("linelist", 9): ("not met", SAID_NO),
    ("modular-open-source-identity-platform", 6): ("not stated", INCOMPLETE),
    ("mojaloop", 9): ("not met", SAID_NO),
    ("moodle-lms", 9): ("not met", SAID_NO),
    ("openg2p", 9): ("not stated", INCOMPLETE),
    ("openmrs", 9): ("not met", SAID_NO),
    ("ottaa-project", 4): ("not met", SAID_NO),
    ("primero", 7): ("not stated", INCOMPLETE),
    ("primero", 9): ("not met", SAID_NO),
    ("project-aedes", 9): ("not met", SAID_NO),
    ("public-utility-data-liberation-project", 1): ("not stated", INCOMPLETE),
    ("public-utility-data-liberation-project", 2): ("not stated", INCOMPLETE),
    ("public-utility-data-liberation-project", 7): ("not met", SAID_NO),
    ("standard-for-public-code", 9): ("not met", SAID_NO),
    ("sunbird-quml", 7): ("not met", SAID_NO),
    ("vips", 9): ("not met", SAID_NO),
    ("yallakhedmeh", 1): ("not stated", INCOMPLETE),
    ("yallakhedmeh", 2): ("not stated", INCOMPLETE),
    ("yallakhedmeh", 6): ("not met", SAID_NO),
    ("yallakhedmeh", 9): ("not stated", INCOMPLETE),
}


def folder_of(shared, *names):
    folder = shared.joinpath("data", "capacity", *names)
    if not folder.is_dir():
        pytest.fail(f"{'/'.join(names)} is not among the shared files")
    return folder


def test_classes_of_273_models_are_those_of_the_published_rule(shared):
    folder = folder_of(shared, "mof")
    marked = read_marked(folder)
    paths = sorted((folder / "models").glob("*.yml"))
    both = Counter()
    for path in paths:
        published, _ = published_class(licences_of(path), marked)
        both[published, assess_openness(manifest=read_mof(path=path)).framework.level] += 1
    assert both == {(0, 0): 242, (3, 3): 16, (2, 2): 1, (1, 1): 14}


def test_licences_of_1834_components_are_open_where_the_tool_says_so_or_the_table_tells_why_not(shared):
    folder = folder_of(shared, "mof")
    marked = read_marked(folder)
    agreed, otherwise = 0, Counter()
    for path in sorted((folder / "models").glob("*.yml")):
        licences = licences_of(path)
        _, is_open = published_class(licences, marked)
        for name, licence in licences.items():
            assert name in KINDS
            if class_licence(expression=licence).is_open == (name in is_open):
                agreed += 1
            else:
                otherwise[licence] += 1
    assert otherwise == READ_FOR_WHAT_THEY_MEAN
    assert agreed == 1834 - 48
    assert agreed / 1834 > 0.97


def indicators_of(shared):
    folder = folder_of(shared, "dpg")
    for path in sorted((folder / "digitalpublicgoods").glob("*.json")):
        text = path.read_text(encoding="utf-8").strip()
        # Five files stand for another one: a link in the repository that they come from.
        screening = path if text.startswith("{") else path.parent / text
        nomination = folder / "nominees" / screening.name
        good = read_public_good(screening=screening, nomination=nomination if nomination.exists() else None)
        for indicator in assess_openness(manifest=good).indicators:
            yield path.stem, indicator


def test_indicators_of_166_public_goods_are_met_as_published_or_the_table_tells_why_not(shared):
    found = list(indicators_of(shared))
    otherwise = {(good, i.number): i.met for good, i in found if i.met != "met"}
    assert len(found) == 166 * 9
    assert otherwise == {place: met for place, (met, _) in OTHER_INDICATORS.items()}
    assert 1 - len(otherwise) / len(found) > 0.97


def test_how_many_public_goods_have_all_nine_indicators_in_their_record(shared):
    short = {good for good, i in indicators_of(shared) if i.met != "met"}
    assert 166 - len(short) == 138
