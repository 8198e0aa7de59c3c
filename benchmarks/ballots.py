"""Ballots over HTTP: a hundred and ninety-three delegations cast within one minute, on each database; how long the slowest wait.

    python benchmarks/ballots.py [SECONDS] [sqlite|postgresql]

A server of two processes and a worker run as an operator runs them. Each delegation casts once by the form of its ballot paper, at
moments spread over SECONDS (60), and in a second round changes its vote. Then every vote that was acknowledged must stand exactly
once, in the tables and in acts. PostgreSQL runs as a throwaway cluster that writes through to the disk. ``decisions.py`` measures
how long counting takes.
"""

from __future__ import annotations

import re
import signal
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from votes import SECRET, Site, measure_each  # noqa: E402  (beside this file)

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
    """What was sent and what was acknowledged, by member; seconds of each request; what else came."""

    sent: dict[str, str] = field(default_factory=dict)
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
    cast.sent[member] = position
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
            for cookie in cookies[:12]:  # each process loads its pages before it is measured
                send_vote(site=site, cookie=cookie, member="", position="", at=0.0, cast=Cast())
            rounds = [run_round(site=site, cookies=cookies, seconds=seconds, turn=turn) for turn in range(2)]
        finally:
            site.kill(how=signal.SIGTERM)
        rows, acts = site.ask(LOOK)
    found = dict(rows)  # type: ignore[arg-type]  # pairs, as the program above writes them
    kept = sum(len(one.kept) for one in rounds)
    # A vote that was sent and not answered may stand or not; one that was acknowledged stands unless a later one took its place.
    wrong = [
        m
        for m in rounds[0].kept | rounds[1].kept
        if found.get(m) not in ({rounds[1].kept[m]} if m in rounds[1].kept else {rounds[0].kept[m], rounds[1].sent[m]})
    ]
    times = sorted(s for one in rounds for s in one.seconds)
    return {
        "database": database,
        "delegations": len(cookies),
        "seconds": seconds,
        "acknowledged": kept,
        "median_ms": round(1000 * times[len(times) // 2], 1),
        "p99_ms": round(1000 * times[int(len(times) * 0.99)], 1),
        "slowest_ms": round(1000 * times[-1], 1),
        "lost_or_altered": len(wrong),
        "doubled": len(rows) - len(found),
        "acts_beyond_acknowledged": len(acts) - kept,
        "not_acknowledged": sum(len(one.other) for one in rounds),
        "first_other": next((o for one in rounds for o in one.other), "")[:200],
    }


if __name__ == "__main__":
    measure_each(measure_casting, seconds=60.0)
