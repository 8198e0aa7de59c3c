"""Common ground of a folder: three parties whose texts count, and which regional groups are missing."""

from __future__ import annotations

import csv
import io
import subprocess
import sys

DUTY = "A person must be able to oversee a high-risk AI system, to stop it and to correct what it decides."
LAWS = {
    "kenya-act.en.md": "Providers",
    "brazil-act.en.md": "Operators",
    "korea-republic-act.en.md": "Developers",
    "germany-act.en.md": "Deployers",
}


def test_a_folder_gives_common_ground_with_its_regions(tmp_path):
    folder, out = tmp_path / "laws", tmp_path / "out"
    folder.mkdir()
    for name, who in LAWS.items():
        text = f"# Act\n\n## Article 1 Scope\n\nThis Act is on {who.lower()}.\n\n## Article 2 Human oversight\n\n{who}: {DUTY}\n"
        (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "comity", "align", str(folder), "--out", str(out), "--cache", str(tmp_path / "v")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO((out / "common_ground.csv").read_text(encoding="utf-8-sig"))))
    of_duty = [r for r in rows if "oversee" in r["text"]]
    assert {r["cluster"] for r in of_duty} == {of_duty[0]["cluster"]}
    assert len({r["party"] for r in of_duty}) >= 3
    assert [r["place"] for r in of_duty].count("central") == 1
    reached = set(of_duty[0]["regions"].split())
    assert not reached & set(of_duty[0]["missing_regions"].split())
    assert 'id="common"' in (out / "report.html").read_text(encoding="utf-8")
