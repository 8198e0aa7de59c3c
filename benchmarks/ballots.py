"""Ballots: a hundred and ninety-three delegations cast within one minute over HTTP, and every roll call of the General Assembly tallied.

    python benchmarks/ballots.py cast [SECONDS] [sqlite|postgresql]
    python benchmarks/ballots.py tally [FOLDER]

``cast``: a server of two processes and a worker run as an operator runs them. Each delegation casts once by the form of its ballot paper,
at moments spread over SECONDS (60), and changes its vote once in a second round. Then every vote that was acknowledged must stand
exactly once, in the tables and in acts. ``tally``: the roll calls in FOLDER (``../shared/data/decisions/unga``) are counted under the
rule of the simple majority in one process, beside plain counting with a dictionary from the same rows, which knows no rule and
gives no steps. No other program that tallies by rules of procedure is known to compare with.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity.engines.decisions.rules import Rule
    from comity.engines.decisions.tally import Result

_T = TypeVar("_T")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from comity.adapters.rule_files import built_in_rule  # noqa: E402  (after the path)
from comity.engines.decisions.carrying import carry_result  # noqa: E402  (as above)
from comity.engines.decisions.tally import Ballot, Member, tally  # noqa: E402  (as above)
from support.postgres_cluster import PostgresMissing, running_cluster  # noqa: E402  (beside the tests)
from votes import SECRET, Site  # noqa: E402  (beside this file)

MEMBERS = 193
SLUG = "measured"
POSITIONS = ("yes", "no", "abstain")
PREPARE = f"""
import json, sys, django
django.setup()
from django.conf import settings
from django.core.management import call_command
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
call_command("migrate", interactive=False, verbosity=0)
call_command("createcachetable", verbosity=0)
sys.path.insert(0, {str(ROOT / "tests")!r})
from importlib import import_module
from allauth.mfa.models import Authenticator
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from comity.platform.record.log import prepare_key
prepare_key(origin="test.invalid/ballots")
from comity.platform.parties.bodies import enter_member
from comity.platform.parties.credentials import issue_credential
from comity.platform.parties.memberships import admit_member
from comity.platform.parties.services import open_account
from support.ballots import make_ballot, make_rule
from support.parties import BEGUN, SET_UP, today
make_rule(body="other")
cookies = []
store = import_module(settings.SESSION_ENGINE).SessionStore
for n in range({MEMBERS}):
    slug = f"n{{n}}"
    enter_member(slug=slug, names={{"en": f"Nation {{n}}"}}, by=SET_UP)
    for body in ("assembly", "other"):
        admit_member(body=body, member=slug, status="full", starts_on=BEGUN, rule="Article 4", by=SET_UP)
    user = open_account(email=f"{{slug}}@example.org", name=slug, password="a long enough word 9")
    issue_credential(member=slug, body="other", role="head", holder=slug, user=user, starts_on=today(), by=SET_UP)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={{}})
    session = store()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    cookies.append(f"{{settings.SESSION_COOKIE_NAME}}={{session.session_key}}")
make_ballot({SLUG!r}, body="other", hours=5)
print(json.dumps(cookies))
"""
LOOK = """
import json, django
django.setup()
from comity.platform.decisions.models import Vote
from comity.platform.record.models import Act
rows = Vote.objects.values_list("elector__member__slug", "position")
acts = Act.objects.filter(type="cast-vote").values_list("member", flat=True)
print(json.dumps([[list(row) for row in rows], list(acts)]))
"""


@dataclass
class Cast:
    """What was sent and acknowledged, by member; seconds of each request; what else came."""

    kept: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


def send_vote(*, site: Site, cookie: str, member: str, position: str, at: float, cast: Cast) -> None:
    """Send one vote at a moment, as the form of a browser does, on a connection of its own."""
    body = f"csrfmiddlewaretoken={SECRET}&member={member}&position={position}&reasons=".encode()
    head = (
        f"POST /decisions/ballots/{SLUG}/paper HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nConnection: close\r\n"
        f"Cookie: csrftoken={SECRET}; {cookie}\r\nAccept-Language: en\r\nUser-Agent: measured\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    time.sleep(max(0.0, at - time.monotonic()))
    started = time.perf_counter()
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", site.port), timeout=30) as line:
            line.sendall(head.encode() + body)
            while piece := line.recv(65536):
                answer += piece
    except OSError as error:
        cast.other.append(str(error))
        return
    cast.seconds.append(time.perf_counter() - started)
    if re.match(rb"HTTP/1.1 302", answer):
        cast.kept[member] = position
    else:
        cast.other.append(answer[:300].decode("latin-1"))


def run_round(*, site: Site, cookies: list[str], seconds: float, turn: int) -> Cast:
    """Let every delegation cast once, at moments spread evenly over some seconds."""
    cast, begin = Cast(), time.monotonic() + 0.5
    threads = [
        threading.Thread(
            target=send_vote,
            kwargs={
                "site": site,
                "cookie": cookie,
                "member": f"n{n}",
                "position": POSITIONS[(n + turn) % 3],
                "at": begin + seconds * n / len(cookies),
                "cast": cast,
            },
        )
        for n, cookie in enumerate(cookies)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return cast


def measure_casting(*, database: str, url: str, seconds: float) -> dict[str, object]:
    """Measure one database and return what was found."""
    with tempfile.TemporaryDirectory(prefix="comity-ballots-") as data:
        Path(data).chmod(0o700)
        site = Site(data=data, database=url)
        cookies = [str(cookie) for cookie in site.ask(PREPARE)]
        try:
            site.start()
            rounds = [run_round(site=site, cookies=cookies, seconds=seconds, turn=turn) for turn in range(2)]
        finally:
            site.kill(how=signal.SIGTERM)
        rows, acts = site.ask(LOOK)
    found = dict(rows)  # type: ignore[arg-type]  # pairs, as the program above writes them
    last = rounds[0].kept | rounds[1].kept
    times = sorted(s for one in rounds for s in one.seconds)
    return {
        "database": database,
        "delegations": len(cookies),
        "seconds": seconds,
        "acknowledged": sum(len(one.kept) for one in rounds),
        "median_ms": round(1000 * times[len(times) // 2], 1),
        "p99_ms": round(1000 * times[int(len(times) * 0.99)], 1),
        "slowest_ms": round(1000 * times[-1], 1),
        "lost_or_altered": sum(found.get(m) != p for m, p in last.items()),
        "doubled": len(rows) - len(found),
        "acts_beyond_votes": len(acts) - sum(len(one.kept) for one in rounds),
        "refused": sum(len(one.other) for one in rounds),
        "first_refusal": next((o for one in rounds for o in one.other), "")[:200],
    }


def measure_tally(*, folder: Path) -> dict[str, object]:
    """Tally every roll call in a folder, and count the same rows plainly."""
    calls: dict[str, list[tuple[str, str]]] = defaultdict(list)
    started = time.perf_counter()
    with gzip.open(folder / "votes.csv.gz", "rt", encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            calls[row["rcid"]].append((row["ccode"], row["vote"]))
    read = time.perf_counter() - started
    rule = built_in_rule("unga-simple-majority")

    outcomes, tallied = _timed(lambda: Counter(_tally(rule, b).outcome for b in calls.values()))
    _, with_steps = _timed(lambda: [carry_result(rule=rule, result=_tally(rule, b)) for b in calls.values()])
    plain, counted = _timed(lambda: [Counter(p for _, p in ballots) for ballots in calls.values()])
    return {
        "roll_calls": len(calls),
        "ballots": sum(len(b) for b in calls.values()),
        "read_s": round(read, 2),
        "tallied_s": tallied,
        "tallied_with_sentences_s": with_steps,
        "plain_count_s": counted,
        "plain_rows": len(plain),
        "outcomes": dict(outcomes),
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }


def _tally(rule: Rule, ballots: list[tuple[str, str]], /) -> Result:
    members = [Member(name=m) for m, _ in ballots]
    return tally(rule=rule, members=members, ballots=[Ballot(member=m, position=p) for m, p in ballots])


def _timed(work: Callable[[], _T], /) -> tuple[_T, dict[str, float]]:
    """Return what work gives, and its seconds: by the clock, and of the processor, which others on the machine do not lengthen."""
    clock, used = time.perf_counter(), time.process_time()
    found = work()
    return found, {
        "clock": round(time.perf_counter() - clock, 2),
        "processor": round(time.process_time() - used, 2),
    }


def main() -> None:
    """Print one JSON object for each measurement."""
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what == "tally":
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT.parent / "shared/data/decisions/unga"
        print(json.dumps(measure_tally(folder=folder)), flush=True)
        return
    if what != "cast":
        sys.exit(__doc__)
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    wanted = sys.argv[3] if len(sys.argv) > 3 else ""
    if wanted in {"", "sqlite"}:
        print(json.dumps(measure_casting(database="sqlite", url="", seconds=seconds)), flush=True)
    if wanted in {"", "postgresql"}:
        try:
            with running_cluster(durable=True) as url:
                print(json.dumps(measure_casting(database="postgresql", url=url, seconds=seconds)), flush=True)
        except PostgresMissing:
            sys.exit("PostgreSQL is not on this machine. Install: apt-get install postgresql")


if __name__ == "__main__":
    main()
