"""The worked example holds one instrument in two versions, and loading it again changes nothing."""

from __future__ import annotations

from collections import Counter

import pytest

from comity.adapters.readers import read_instrument_file, read_scheme
from comity.engines.alignment.versions import compare_versions, differences_of
from comity.example.loading import INSTRUMENTS, SCHEME, VERSIONS, load_scheme
from comity.platform.alignment.models import Instrument, PastVersion
from comity.platform.alignment.versions import keep_instrument
from comity.platform.parties.rules import Installation
from comity.platform.record.models import Act

NAMES = sorted(path.name for path in VERSIONS.glob("*.toml"))


def both(name):
    scheme = read_scheme(path=SCHEME)
    return tuple(read_instrument_file(path=folder / name, scheme=scheme)[:2] for folder in (INSTRUMENTS, VERSIONS))


def test_only_the_dates_of_the_second_version_differ():
    assert NAMES == ["us-colorado-sb24-205.toml"]
    (_, old), (_, new) = both(NAMES[0])
    changes = compare_versions(old=old, new=new)
    assert Counter(c.kind for c in changes) == {"changed": 5, "unchanged": len(old) - 5}
    words = {
        (s.kind, s.text.strip())
        for c in changes
        for s in differences_of(change=c, old=old, new=new)
        if s.kind != "same"
    }
    assert {text for kind, text in words if kind == "added"} <= {"30 June", "30", "June"}


@pytest.mark.django_db
def test_loading_the_example_again_changes_nothing():
    load_scheme()
    for _ in range(2):
        for instrument, provisions in both(NAMES[0]):
            keep_instrument(instrument=instrument, provisions=provisions, by=Installation())
    assert Instrument.objects.get().version == 2
    assert (PastVersion.objects.count(), Act.objects.count()) == (1, 2)
