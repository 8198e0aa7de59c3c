"""Check a log, a mirror or a receipt without relying on whoever runs it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.files.record import Refused
from comity.errors import ComityError, RecordBroken

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity.engines.record.notes import VerifierKey

BROKEN = 4


@click.command()
@click.argument("what")
@click.option(
    "--key", "key_texts", multiple=True, required=True, help="Public key of the log; again for a retired one."
)
@click.option(
    "--receipt", "receipts", multiple=True, type=click.Path(path_type=Path), help="A receipt to check as well."
)
@click.option("--since-checkpoint", type=click.Path(path_type=Path), help="A checkpoint kept from before.")
@click.option("--witness-policy", type=click.Path(path_type=Path), help="Witnesses that must have signed (TOML).")
@click.option("--recompute", is_flag=True, help="Fetch what public acts decided and compare the digests.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def verify(  # noqa: PLR0917  (click gives them by name)
    what: str,
    key_texts: tuple[str, ...],
    receipts: tuple[Path, ...],
    since_checkpoint: Path | None,
    witness_policy: Path | None,
    recompute: bool,  # noqa: FBT001  (a flag of the command line)
    as_json: bool,  # noqa: FBT001  (a flag of the command line)
) -> None:
    """Check WHAT: the address of a log, the folder of a mirror, or a receipt (a file).

    Ends with 0 where all of it holds, 4 where something was altered or forged (it is named), 2 where it could not be looked
    at.
    """
    try:
        keys = _keys(key_texts)
        if Path(what).is_file():
            found = _verify_receipts(keys=keys, paths=(Path(what), *receipts), policy_path=witness_policy)
        else:
            found = _verify_log(
                what=what,
                keys=keys,
                since=since_checkpoint,
                policy_path=witness_policy,
                recompute=recompute,
                say=_say_progress,
            )
            if receipts:
                found |= _verify_receipts(keys=keys, paths=receipts, policy_path=None)
    except RecordBroken as broken:
        if as_json:
            click.echo(json.dumps({"ok": False, **broken.as_dict()}, ensure_ascii=False))
        else:
            click.echo(f"NOT SOUND ({broken.code}): {broken}", err=True)
        raise SystemExit(BROKEN) from None
    except ComityError as error:
        raise Refused(str(error)) from None
    if as_json:
        click.echo(json.dumps({"ok": True, **found}, ensure_ascii=False))
    else:
        for sentence in found["sentences"]:
            click.echo(sentence)
        click.echo("All of it holds.")


def _keys(texts: tuple[str, ...]) -> list[VerifierKey]:
    from comity.engines.record.notes import parse_key

    return [parse_key(text) for text in texts]


def _read(path: Path) -> str:
    from comity.errors import PathNotFound

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise PathNotFound(file=str(path)) from None


def _verify_receipts(*, keys: list[VerifierKey], paths: tuple[Path, ...], policy_path: Path | None) -> dict[str, Any]:
    from comity.adapters.log_checks import check_note
    from comity.adapters.signing_keys import Ed25519Verifier
    from comity.engines.record.proofs import parse_receipt, verify_receipt

    sentences, rows = [], []
    for path in paths:
        receipt = parse_receipt(_read(path))
        checked = check_note(text=receipt.checkpoint, keys=keys)
        mine = next(key for key in keys if _fits(checked.note, key))
        checkpoint = verify_receipt(receipt=receipt, by=Ed25519Verifier(key=mine))
        act = _as_json(receipt.extra or b"")
        sentences.append(
            f"{path.name}: entry {receipt.index} is in the log {checkpoint.origin} of {checkpoint.size} entries: "
            + _in_words(act)
        )
        sentences += _witnessed(note=checked.note, policy_path=policy_path)
        rows.append({"file": str(path), "index": receipt.index, "size": checkpoint.size, "act": act})
    return {"receipts": rows, "sentences": sentences}


def _fits(note: Any, key: VerifierKey) -> bool:
    return any((line.name, line.id) == (key.name, key.id) for line in note.signatures)


def _as_json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _in_words(act: dict[str, Any]) -> str:
    if act.get("type") == "restricted":
        return "a restricted act, whose content opens on its date."
    if not act:
        return "an entry that is no act."
    member = f" of {act['member']}" if act.get("member") else ""
    return f"{act.get('type')} by the {act.get('office')}{member}, {act.get('time')}, on {act.get('subject')}."


def _verify_log(
    *,
    what: str,
    keys: list[VerifierKey],
    since: Path | None,
    policy_path: Path | None,
    recompute: bool,
    say: Callable[[int, int], None],
) -> dict[str, Any]:
    from comity.adapters.act_checks import ActChecks
    from comity.adapters.log_checks import check_growth, check_note, check_tree
    from comity.adapters.log_source import open_source

    source = open_source(what)
    checked = check_note(text=source.read("checkpoint").decode(errors="replace"), keys=keys)
    acts = ActChecks(source=source) if recompute else None
    tree = check_tree(
        source=source,
        checkpoint=checked.checkpoint,
        take=acts.take if acts else None,
        say=say if sys.stderr.isatty() else None,
    )
    now = checked.checkpoint
    sentences = [
        f"{source.name}: {now.size} entries, every hash worked out anew, root {now.root.hex()[:16]}…, signed by {now.origin}."
    ]
    if since is not None:
        old = check_note(text=_read(since), keys=keys).checkpoint
        check_growth(tree=tree, old=old, new=now)
        sentences.append(f"It continues the checkpoint of {old.size} entries kept in {since.name}.")
    sentences += _witnessed(note=checked.note, policy_path=policy_path)
    result: dict[str, Any] = {"origin": now.origin, "size": now.size, "root": now.root.hex()}
    if acts is not None:
        result["recomputed"] = acts.finish()
        sentences.append(acts.in_words())
    return {**result, "sentences": sentences}


def _witnessed(*, note: Any, policy_path: Path | None) -> list[str]:
    if policy_path is None:
        return []
    from comity.adapters.signing_keys import Ed25519Verifier
    from comity.adapters.witness_files import read_policy
    from comity.engines.record.cosignatures import cosigned_by
    from comity.engines.record.notes import parse_key
    from comity.engines.record.policies import judge_policy
    from comity.errors import NotWitnessed

    policy = read_policy(path=policy_path)
    found = cosigned_by(note=note, witnesses=[Ed25519Verifier(key=parse_key(w.key)) for w in policy.witnesses])
    names = [cosigned.witness for cosigned in found]
    verdict = judge_policy(policy=policy, cosigned_by=names)
    if not verdict.is_met:
        needed = f"{policy.at_least} in all"
        if policy.regions:
            needed += f" and {policy.from_each} from each of {policy.regions} regions"
        raise NotWitnessed(signed=len(names), needed=needed)
    return [f"Witnessed by {len(names)}: {', '.join(names)}."]


def _say_progress(done: int, total: int) -> None:
    if done == total or done % (256 * 40) == 0:
        end = "\n" if done == total else "\r"
        sys.stderr.write(f"  {done} of {total} entries{end}")
        sys.stderr.flush()
