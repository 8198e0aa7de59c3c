"""Pages of evaluations: figures with intervals in words, no overall mark, the form, and what is withdrawn and answered."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.platform.commons.models import Evaluation
from support.commons import release
from support.evaluations import attach, figures, share_row
from support.pages import page, signed_in
from support.parties import make_body

pytestmark = pytest.mark.django_db
HERE = "/commons/releases/words/evaluations"
LOG = Path(__file__).resolve().parents[2] / "adapters" / "commons" / "logs" / "sums.eval"


@pytest.fixture(autouse=True)
def _released(settings, tmp_path):
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    make_body()
    release(member="m2")


def sent(content: bytes, name: str = "a.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_version_that_nobody_measured_says_so():
    shown = page(Client(), HERE)
    assert "No member has attached figures to this version yet." in shown
    assert "/evaluations/new" not in shown


def test_figures_stand_with_intervals_and_what_was_not_measured():
    attach(figures(share_row(60, 100)))
    attach(figures(share_row(160, 200)), member="m3")
    shown = page(Client(), HERE)
    for said in ("60.0%", "50.2% to 69.1%", "80.0%", "All samples counted as one", "73.3%", "Over 2 sets of samples"):
        assert said in shown
    assert re.search(r'<th scope="rowgroup">français</th><td colspan="4">Not measured</td>', shown)
    assert "models are not ranked" in shown


def test_the_same_samples_are_said_to_be_the_same():
    attach(figures(share_row(60, 100, samples="a" * 64, dataset="d")))
    attach(figures(share_row(80, 100, samples="a" * 64, dataset="d")), member="m3")
    assert "2 results on the same samples, counted once" in page(Client(), HERE)


def test_a_log_is_attached_by_form_and_shown():
    client = signed_in("focal-point")
    assert f"{HERE}/new" in page(client, HERE)
    shown = page(client, f"{HERE}/new")
    assert "comity commons evaluations" in shown
    answer = client.post(
        f"{HERE}/new",
        {"file": sent(LOG.read_bytes(), "sums.eval"), "version": "1.0", "member": "m1", "notes": "Drawn by lot."},
    )
    made = Evaluation.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{HERE}/{made.name}")
    told = page(client, answer["Location"])
    for said in (made.log_sha256, "Computed here from the log.", "mockllm/model", "Drawn by lot.", "Public"):
        assert said in told
    assert "33.3%" in page(Client(), HERE)


def test_what_was_typed_is_kept_where_a_log_is_refused():
    client = signed_in("focal-point")
    typed = {"version": "1.0", "member": "m1", "language": "sw", "notes": "Drawn by lot.", "model": "x"}
    for content in (b"{}", b"PK\x03\x04no", figures(share_row(8, 10, value=0.1))):
        answer = client.post(f"{HERE}/new", {"file": sent(content), **typed})
        assert answer.status_code == 400
        shown = answer.content.decode()
        assert "Drawn by lot." in shown
        assert "What you typed is kept below" in shown
    assert client.post(f"{HERE}/new", typed).status_code == 400
    assert not Evaluation.objects.exists()
    attach(member="m1")
    assert client.post(f"{HERE}/new", {"file": sent(figures()), **typed}).status_code == 409


def test_who_may_not_attach_gets_no_form_and_no_file_is_taken():
    assert Client().get(f"{HERE}/new").status_code in {302, 403}
    assert signed_in("delegate").get(f"{HERE}/new").status_code == 403
    answer = signed_in("delegate").post(f"{HERE}/new", {"file": sent(figures()), "member": "m1"})
    assert answer.status_code == 403
    answer = signed_in("focal-point").post(f"{HERE}/new", {"file": sent(figures()), "member": "m2"})
    assert answer.status_code == 400
    assert not Evaluation.objects.exists()


def test_figures_for_ones_own_delegation_are_there_for_it_alone():
    client = signed_in("focal-point")
    answer = client.post(f"{HERE}/new", {"file": sent(figures()), "member": "m1", "visibility": "delegation"})
    assert answer.status_code == 302
    assert "80.0%" in page(client, HERE)
    for other in (Client(), signed_in("focal-point", member="m2"), signed_in("secretariat")):
        assert "80.0%" not in page(other, HERE)
        assert other.get(answer["Location"]).status_code == 404
        assert other.post(answer["Location"], {"do": "answer", "text": "x"}).status_code == 404
        assert "80" not in "".join(map(bytes.decode, other.get(f"{HERE}/table.csv").streaming_content))
        assert json.loads(other.get(f"{HERE}/table.json").content)["logs"] == []


def test_the_owner_answers_once_and_who_measured_withdraws():
    held = attach()
    address = f"{HERE}/{held.name}"
    owner, measurer = signed_in("focal-point", member="m2"), signed_in("focal-point", member="m1")
    assert 'value="answer"' in page(owner, address)
    assert 'value="answer"' not in page(measurer, address)
    assert owner.post(address, {"do": "answer", "text": "We look into it."}).status_code == 302
    assert "We look into it." in page(Client(), address)
    assert owner.post(address, {"do": "answer", "text": "Again."}).status_code == 409
    assert owner.post(address, {"do": "withdraw", "text": "No."}).status_code == 403
    assert measurer.post(address, {"do": "withdraw", "text": ""}).status_code == 400
    assert measurer.post(address, {"do": "withdraw", "text": "Samples mixed up."}).status_code == 302
    assert "Samples mixed up." in page(Client(), address)
    assert "80.0%" not in page(Client(), HERE)
    assert measurer.post(address, {"do": "publish", "text": "x"}).status_code == 400


def test_the_table_comes_as_csv_and_json():
    attach(figures(share_row(60, 100)))
    attach(figures(share_row(60, 100, run="x"), log="x"), member="m3")
    answer = Client().get(f"{HERE}/table.csv?version=1.0")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert (
        lines[0]
        .lstrip("\ufeff")
        .startswith("task,task_version,language,measure,scorer,source,value,low,high,n,successes")
    )
    assert lines[1].startswith("sums,1,sw,accuracy,match,m1,0.6,0.502")
    found = json.loads(Client().get(f"{HERE}/table.json").content)
    assert (found["version"], found["pools"][0]["all_samples"]["n"]) == ("1.0", 100)
    assert len(found["logs"]) == 2


def test_a_task_with_markup_in_its_name_is_shown_as_text():
    attach(figures(share_row(8, 10, task="<script>x</script>", scorer='"><b>')))
    shown = Client().get(HERE).content.decode()
    assert "<script>x" not in shown
    assert "&lt;script&gt;x" in shown


def test_no_version_can_be_called_evaluations():
    from comity.errors import BadParameter

    with pytest.raises(BadParameter):
        release("other", label="evaluations")
    assert Client().get("/commons/releases/none/evaluations").status_code == 404
    assert Client().get(f"{HERE}?version=9").status_code == 404
    assert Client().get(f"{HERE}/none").status_code == 404


def test_the_page_of_the_release_says_in_which_languages_it_was_measured():
    attach(figures(share_row(60, 100)))
    hidden = figures(share_row(9, 10, language="fr"))
    attach(hidden, visibility="delegation", audience="delegation:m1")
    shown = re.sub(r"\s+", " ", page(Client(), "/commons/releases/words"))
    assert re.search(r"<dd>Kiswahili \(1 log\)</dd><dt>Not measured by any member</dt><dd>français</dd>", shown)
    assert f'href="{HERE}?version=1.0"' in shown
    own = page(signed_in("focal-point"), "/commons/releases/words")
    assert "(2 logs)" in own
    assert "Not measured by any member" not in own
