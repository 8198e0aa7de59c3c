"""IATI and spreadsheets: how long 1,000 activities take to write, to validate and to read, beside a binding made from the schema.

The peer is xsdata, which makes classes from the official schema and reads and writes with them; it checks none of the standard's
rules. Make an environment with ``python -m venv PEER && PEER/bin/pip install "xsdata[cli,lxml]"``, then give
``--peer PEER/bin/python``. What lxml alone needs to parse the same file is the floor. Each figure is the least of three runs in a process
of its own, whose highest memory stands beside it; making the classes is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IATI = ROOT.parent / "shared" / "data" / "capacity" / "iati"

MEASURE = """
import json, time
def measure(act):
    act_times = []
    for _ in range(3):
        begin = time.perf_counter()
        act()
        act_times.append(time.perf_counter() - begin)
    with open("/proc/self/status") as status:
        held = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    print(json.dumps([min(act_times), int(held) / 1024]))
"""
OURS = {
    "start alone": "measure(lambda: None)",
    "write, every rule checked": """
from comity.adapters.iati_writing import write_activities
from support.iati import MADE, full_activity
held = [full_activity(n) for n in range(COUNT)]
def act():
    for piece in write_activities(activities=held, generated_at=MADE):
        pass
measure(act)
""",
    "write and validate under the schema": """
from lxml import etree
from comity.adapters.iati_writing import write_activities
from support.iati import MADE, full_activity
held = [full_activity(n) for n in range(COUNT)]
schema = etree.XMLSchema(etree.parse(SCHEMA))
def act():
    data = b"".join(write_activities(activities=held, generated_at=MADE))
    assert schema.validate(etree.fromstring(data))
measure(act)
""",
    "read": """
from pathlib import Path
from comity.adapters.iati_reading import read_activities
measure(lambda: read_activities(source=Path(FILE)))
""",
}
FLOOR = """
from lxml import etree
measure(lambda: etree.parse(FILE))
"""
PEER = {
    "write, nothing checked": """
from iati_classes import IatiActivities
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.handlers import LxmlEventHandler
from xsdata.formats.dataclass.serializers import XmlSerializer
held = XmlParser(handler=LxmlEventHandler).parse(FILE, IatiActivities)
measure(lambda: XmlSerializer().render(held))
""",
    "read": """
from iati_classes import IatiActivities
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.handlers import LxmlEventHandler
measure(lambda: XmlParser(handler=LxmlEventHandler).parse(FILE, IatiActivities))
""",
}
SHEETS = {
    "write a workbook of 5,000 needs": """
from support.capacity_tables import COLUMNS, many_needs
from comity.adapters.sheet_writing import write_sheet
rows = many_needs(5000)
measure(lambda: write_sheet(columns=COLUMNS, rows=rows, language="ar", title="Needs"))
""",
    "read a workbook of 5,000 needs": """
from support.capacity_tables import COLUMNS, many_needs
from comity.adapters.sheet_writing import write_sheet
from comity.adapters.sheets import read_sheet
data = write_sheet(columns=COLUMNS, rows=many_needs(5000), language="ar", title="Needs")
def act():
    assert len(read_sheet(name="needs", content=data, columns=COLUMNS).rows) == 5000
measure(act)
""",
}


def run_apart(*, python: str, script: str, paths: list[str], names: dict[str, object]) -> tuple[float, float]:
    """Return the least seconds of three runs in a process of its own, and its highest memory in megabytes."""
    head = f"import sys\nsys.path[:0] = {paths!r}\n" + "".join(f"{k} = {v!r}\n" for k, v in names.items())
    done = subprocess.run([python, "-c", head + MEASURE + script], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return float(seconds), float(memory)


def show_row(*, who: str, what: str, found: tuple[float, float]) -> None:
    """Print one line of the table."""
    print(f"| {who} | {what} | {found[0]:.2f} s | {found[1]:.0f} MB |", flush=True)


def write_file(*, path: Path, count: int) -> None:
    """Write the file that all read."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    from comity.adapters.iati_writing import write_activities  # noqa: PLC0415  (the path is only now known)
    from support.iati import MADE, full_activity  # noqa: PLC0415  (the path is only now known)

    pieces = write_activities(activities=(full_activity(n) for n in range(count)), generated_at=MADE)
    path.write_bytes(b"".join(pieces))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000, help="how many activities")
    parser.add_argument("--peer", help="a Python that has xsdata")
    arguments = parser.parse_args()
    if not IATI.is_dir():
        sys.exit("the folder `shared` with the schema of IATI is not beside the project")
    paths = [str(ROOT / "src"), str(ROOT / "tests")]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "activities.xml"
        write_file(path=file, count=arguments.count)
        names = {"COUNT": arguments.count, "FILE": str(file), "SCHEMA": str(IATI / "iati-activities-schema.xsd")}
        print(f"{arguments.count:,} activities with everything in them, {file.stat().st_size / 1e6:.1f} MB\n")
        print("| who | what | time | highest memory |\n|---|---|---|---|")
        for what, script in OURS.items():
            show_row(
                who="Comity", what=what, found=run_apart(python=sys.executable, script=script, paths=paths, names=names)
            )
        show_row(
            who="lxml",
            what="parse alone",
            found=run_apart(python=sys.executable, script=FLOOR, paths=paths, names=names),
        )
        if arguments.peer:
            made = [arguments.peer, "-m", "xsdata", "generate", names["SCHEMA"], "--package", "iati_classes"]
            around = os.environ | {
                "PATH": f"{Path(arguments.peer).parent}{os.pathsep}{os.environ['PATH']}"
            }  # it calls ruff
            subprocess.run(made, cwd=folder, check=True, capture_output=True, env=around)
            for what, script in PEER.items():
                found = run_apart(python=arguments.peer, script=script, paths=[folder], names=names)
                show_row(who="xsdata", what=what, found=found)
        else:
            print("\nxsdata: not measured. Name a Python that has it with --peer (see the first lines of this file).\n")
        for what, script in SHEETS.items():
            show_row(
                who="Comity", what=what, found=run_apart(python=sys.executable, script=script, paths=paths, names=names)
            )


if __name__ == "__main__":
    main()
