"""Witnesses from the log's side: the file that names them, and the question to one over HTTP. Source: C2SP tlog-witness."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import Request as HttpRequest
from urllib.request import build_opener

from comity.engines.record.cosignatures import read_cosignature
from comity.engines.record.notes import parse_key, parse_note, parse_signature
from comity.engines.record.policies import Witness, WitnessPolicy
from comity.errors import BadParameter, BadSetting, MalformedNote, Unreachable, WitnessKnowsMore

if TYPE_CHECKING:
    from pathlib import Path

    from comity.engines.record.cosignatures import Cosigned
    from comity.engines.record.notes import SignatureLine, Verifier
    from comity.engines.record.witnessing import Request

TIMEOUT = 10.0
MOST_ANSWER = 65_536
CONFLICT = 409
SIZE_TYPE = "text/x.tlog.size"


def read_policy(*, path: Path) -> WitnessPolicy:  # noqa: C901  (one refusal for each rule of the file)
    """Return the policy of a TOML file. Raises BadSetting naming what is wrong.

    ::

        at_least = 6
        from_each = 2       # two witnesses ...
        regions = 3         # ... from each of three regions

        [[witness]]
        name = "witness.example.org"
        key = "witness.example.org+1c2d3e4f+BA..."
        address = "https://witness.example.org"
        region = "Africa"
    """

    def refuse(found: str, allowed: str) -> BadSetting:
        return BadSetting(name=str(path), found=found, allowed=allowed, remedy="Mend the file; see the guide.")

    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise refuse(str(error.strerror), "a file of TOML") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refuse(str(error)[:120], "TOML") from None
    unknown = sorted(set(given) - {"at_least", "from_each", "regions", "witness"})
    if unknown:
        raise refuse(unknown[0], "at_least, from_each, regions and witness")
    rows = given.get("witness", [])
    if not isinstance(rows, list) or not rows:
        raise refuse("no witness", "at least one [[witness]]")
    witnesses = []
    for row in rows:
        wrong = sorted(set(row) - {"name", "key", "address", "region"}) if isinstance(row, dict) else ["a row"]
        if wrong or not all(isinstance(value, str) for value in row.values()):
            raise refuse(
                f"a witness with {wrong[0] if wrong else 'a value that is no text'}", "name, key, address, region"
            )
        try:
            key = parse_key(row.get("key", ""))
        except MalformedNote as malformed:
            raise refuse(str(malformed), "a key NAME+ID+KEY") from None
        if key.name != row.get("name", key.name):
            raise refuse(f"the key of {key.name} for {row['name']}", "a key of the same name")
        if not row.get("address", "").startswith(("http://", "https://")):
            raise refuse(row.get("address", "no address")[:80], "an address that begins with http:// or https://")
        witnesses.append(
            Witness(name=key.name, key=key.text, address=row["address"].rstrip("/"), region=row.get("region", ""))
        )
    numbers = {name: given.get(name, default) for name, default in (("at_least", 1), ("from_each", 0), ("regions", 0))}
    if not all(isinstance(value, int) for value in numbers.values()):
        raise refuse("a number that is none", "whole numbers")
    try:
        return WitnessPolicy(witnesses=tuple(witnesses), **numbers)
    except BadParameter as bad:
        raise refuse(str(bad.data["found"]), str(bad.data["allowed"])) from None


def ask_witness(*, address: str, by: Verifier, request: Request) -> tuple[SignatureLine, Cosigned]:
    """Ask a witness to cosign, check what it answers, and return its line. ``by`` checks its key.

    Raises WitnessKnowsMore where it has cosigned another size last, Unreachable for any other refusal, MalformedNote or
    ForgedCheckpoint where what it answers is not its cosignature of this checkpoint.
    """
    question = HttpRequest(  # noqa: S310  (the policy allows http and https alone)
        f"{address}/add-checkpoint", data=request.body.encode(), headers={"Content-Type": "text/plain"}, method="POST"
    )
    try:
        with build_opener().open(question, timeout=TIMEOUT) as response:
            answer = response.read(MOST_ANSWER).decode()
    except HTTPError as refused:
        with refused:
            text = refused.read(MOST_ANSWER).decode(errors="replace").strip()
        is_size = refused.headers.get("Content-Type", "").startswith(SIZE_TYPE) and text.isdigit()
        if refused.code == CONFLICT and is_size and int(text) != request.old:
            raise WitnessKnowsMore(address=address, size=int(text)) from None
        raise Unreachable(address=address, problem=f"HTTP {refused.code} {text[:120]}") from None
    except (URLError, OSError, UnicodeDecodeError) as error:
        raise Unreachable(address=address, problem=str(getattr(error, "reason", error))[:160]) from None
    text = parse_note(request.note).text
    for raw in answer.splitlines():
        line = parse_signature(raw)
        if (line.name, line.id) == (by.key.name, by.key.id):
            return line, read_cosignature(text=text, line=line, by=by)
    raise Unreachable(address=address, problem="its answer holds no signature of its key")
