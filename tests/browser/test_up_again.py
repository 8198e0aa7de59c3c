"""``comity up`` a second time: the same data, no new passwords; Ctrl-C stops everything. How long: benchmarks/starts.py."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections import Counter

import pytest

from support.instance import Instance, running_in

pytestmark = [pytest.mark.server, pytest.mark.enable_socket, pytest.mark.xdist_group("browser")]


def acts_of(one):
    found, count = {}, 1
    while len(found) != count:  # an act that comes between two pages moves the others: then they are read once more
        found = {}
        for offset in range(0, count, 200):
            address = f"{one.address}/api/v1/acts?limit=200&offset={offset}"
            with urllib.request.urlopen(address, timeout=60) as answer:
                page = json.load(answer)
            count = page["count"]
            found |= {act["id"]: act for act in page["items"]}
    assert count > 48
    # The worker publishes the results of the example's closed dialogue when it comes to it, before or after, and then a text that cites them.
    later = {"publish-results", "issue-version"}
    return [(act["type"], act["subject"]) for act in found.values() if act["type"] not in later]


def test_ctrl_c_stops_everything_and_the_second_start_has_the_same_data_and_no_new_passwords(tmp_path, file_templates):
    file_templates.copy_tables(tmp_path)
    one = Instance(tmp_path)
    one.start()
    assert running_in(tmp_path)
    acts = acts_of(one)
    assert one.stop() == 0
    deadline = time.monotonic() + 5
    while running_in(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert running_in(tmp_path) == []
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(one.address + "/healthz", timeout=2)
    one.start()
    try:
        assert one.passwords == {}
        assert acts_of(one) == acts
        with urllib.request.urlopen(one.address + "/alignment/instruments/eu-ai-act", timeout=60) as answer:
            assert answer.status == 200
    finally:
        one.stop()


def test_work_that_was_cut_off_by_kill_9_is_taken_up_and_ends(tmp_path, file_templates):
    file_templates.copy_tables(tmp_path)
    one = Instance(tmp_path)
    one.start()
    deadline = time.monotonic() + 20
    while "align_collection state=RUNNING" not in (tmp_path / "comity.log").read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    before = len(acts_of(one))
    for process in running_in(tmp_path):
        with contextlib.suppress(ProcessLookupError):  # parts end with the process that started them
            os.kill(process, signal.SIGKILL)
    one.process.wait()
    one.process.stdout.close()
    log = (tmp_path / "comity.log").read_text()
    assert "align_collection state=RUNNING" in log
    assert "align_collection state=SUCCESSFUL" not in log
    one.start()
    try:
        one.wait_until_aligned()
        with urllib.request.urlopen(one.address + "/api/v1/links?state=waiting", timeout=60) as answer:
            assert json.load(answer)["count"] > 1000
        types, subjects = zip(*acts_of(one), strict=True)
        kinds = Counter(types)
        assert (kinds["enter-instrument"], kinds["enter-version"]) == (48, 1)
        assert len({s for s in subjects if s.startswith("alignment/")}) == 49
        assert len(types) == before
    finally:
        one.stop()
