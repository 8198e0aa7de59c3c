"""Shares of a pool as the file that ``sacctmgr dump`` writes and ``sacctmgr load`` reads: one account for each member.

The form is that of Slurm's ``src/sacctmgr/file_functions.c``: an object, a hyphen, a name in quotation marks, and options parted by
colons; ``#`` begins a comment, a backslash escapes. ``Fairshare`` is how a member stands beside the others when jobs wait;
``GrpTRES`` limits what its jobs hold at one time, ``GrpTRESMins`` the minutes of use, which Slurm lets decay with its
``PriorityDecayHalfLife``. Limits are whole numbers, rounded down, so that they never pass what was shared out.

Read back, option by option, by ``read_dump``; users and what else a cluster's own file says are kept as they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from comity.errors import BadInput, BadParameter, BadRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ALL_SHARES = 1_000_000
LIMITS = ("GrpTRESMins", "GrpTRES")
MOST_IN_NAME = 60
MOST_IN_LINE = 4_000
MOST_LIMIT = 2**63 - 1
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?")
_OBJECT = re.compile(r"(Cluster|Machine|Parent|Account|Project|User)\s*-\s+(.*)", re.IGNORECASE | re.DOTALL)
_HEAD = (
    "# Shares of a compute pool, in the form of sacctmgr dump. Look at what it would change before you load it:",
    "# sacctmgr load file=slurm.cfg asks before it commits. Fairshare is in parts of a million of all dominant shares.",
)


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a dump: its parent, and its options by name as they are written."""

    name: str
    parent: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dump:
    """What a file says. ``users`` are name, account and options; names are in small letters, as Slurm keeps them."""

    cluster: str
    options: Mapping[str, str]
    accounts: tuple[Account, ...]
    users: tuple[Account, ...] = ()


def name_account(*, member: str) -> str:
    """Return the name of a member's account: its code in small letters. Raises BadInput where Slurm could take it for something else."""
    name = member.strip().lower()
    if not _NAME.fullmatch(name) or len(name) > MOST_IN_NAME or name == "root":
        raise BadInput(
            problem=f'"{member[:80]}" cannot be the name of an account in Slurm. Use a code of at most {MOST_IN_NAME} letters a to z, '
            "digits, points, hyphens and underscores, such as FJI, and not root."
        )
    return name


def demand_cluster(*, name: str) -> str:
    """Return the name of a cluster. Raises BadParameter where it cannot be one."""
    if not _NAME.fullmatch(name) or len(name) > MOST_IN_NAME:
        raise BadParameter(
            name="--slurm",
            found=name[:80],
            allowed=f"the name of a cluster: at most {MOST_IN_NAME} small letters a to z, digits, points, hyphens and underscores",
        )
    return name


def compose_dump(
    *,
    cluster: str,
    shares: Mapping[str, Fraction],
    limits: Mapping[str, Iterable[tuple[str, str, Fraction]]],
) -> Dump:
    """Return the accounts of members. ``shares`` are dominant shares; ``limits`` are option, resource of Slurm and amount by member.

    Raises BadInput where two members would have one account, a name or a number will not do.
    """
    whole = sum(shares.values(), Fraction(0))
    names: dict[str, str] = {}
    accounts = []
    for member, share in sorted(shares.items()):
        name = name_account(member=member)
        if name in names:
            raise BadInput(
                problem=f'"{names[name]}" and "{member}" would be one account in Slurm, "{name}", which knows no capital letters. '
                "Give them codes that differ otherwise."
            )
        names[name] = member
        options = {"Description": f"'{name}'", "Organization": f"'{cluster}'"}
        # 0 would mean that its jobs never come before those of others; only who has nothing stands so
        options["Fairshare"] = str(max(1, round(share / whole * ALL_SHARES)) if share else 0)
        found: dict[str, list[str]] = {}
        for option, tres, amount in sorted(limits.get(member, ())):
            if amount > MOST_LIMIT:
                raise BadInput(
                    problem=f"{tres} of {member} is more than Slurm can hold. Write its slurm_factor for a larger unit."
                )
            found.setdefault(option, []).append(f"{tres}={amount.__floor__()}")
        options |= {option: ",".join(found[option]) for option in LIMITS if option in found}
        accounts.append(Account(name=name, parent="root", options=options))
    return Dump(cluster=demand_cluster(name=cluster), options={"Fairshare": "1"}, accounts=tuple(accounts))


def write_dump(*, dump: Dump) -> str:
    """Return the text of a file: the cluster, then each parent with its accounts and users. Raises BadInput for a line too long."""
    lines = [*_HEAD, _line("Cluster", dump.cluster, dump.options)]
    order = ["root", *(a.name for a in dump.accounts)]
    for parent in order:
        users = [u for u in dump.users if u.parent == parent]
        children = [a for a in dump.accounts if a.parent == parent]
        if users or children:
            lines.append(f"Parent - '{parent}'")
        lines += [_line("User", u.name, u.options) for u in users]
        lines += [_line("Account", a.name, a.options) for a in children]
    for line in lines:
        if len(line) > MOST_IN_LINE:
            raise BadInput(problem=f"A line of {len(line)} characters is more than Slurm reads: name fewer resources.")
    return "\n".join(lines) + "\n"


def _line(kind: str, name: str, options: Mapping[str, str]) -> str:
    return ":".join([f"{kind} - '{name}'", *(f"{option}={value}" for option, value in options.items())])


def read_dump(*, text: str, file: str = "slurm.cfg") -> Dump:
    """Return what a file of ``sacctmgr dump`` says. Raises BadRow with the line that is not in that form."""
    reading = _Reading(file)
    for number, line in _each_line(text):
        found = _OBJECT.fullmatch(line)
        if not found:
            raise _refuse(file, number, "it is no Cluster, Parent, Account or User with a hyphen and a name")
        name, options = _read_options(found[2], file, number)
        reading.take(found[1].lower(), name, options, number)
    if reading.cluster is None:
        raise _refuse(file, 1, "it names no cluster: Cluster - 'name'")
    return Dump(
        cluster=reading.cluster.name,
        options=reading.cluster.options,
        accounts=tuple(a for a in reading.accounts.values() if a.name != "root"),
        users=tuple(reading.users),
    )


class _Reading:
    """What the lines so far say."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.cluster: Account | None = None
        self.parent = "root"
        self.accounts = {"root": Account(name="root", parent="", options={})}
        self.users: list[Account] = []

    def take(self, kind: str, name: str, options: dict[str, str], number: int) -> None:
        found = Account(name=name, parent=self.parent, options=options)
        if kind in {"cluster", "machine"}:
            if self.cluster is not None:
                raise _refuse(
                    self.file, number, f"a second cluster stands here, after {self.cluster.name}; a file has one"
                )
            self.cluster = found
        elif self.cluster is None:
            raise _refuse(self.file, number, "the cluster must come first: Cluster - 'name'")
        elif kind == "parent":
            if name not in self.accounts:
                raise _refuse(self.file, number, f"the parent {name} has no account above this line")
            self.parent = name
        elif kind == "user":
            self.users.append(found)
        elif name in self.accounts:
            raise _refuse(self.file, number, f"the account {name} stands twice")
        else:
            self.accounts[name] = found


def _each_line(text: str) -> Iterable[tuple[int, str]]:
    """Yield the number and text of each line that says something, comments taken off, continued lines joined, escapes resolved."""
    held, begun = "", 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = re.sub(r"(?<!\\)((?:\\\\)*)#.*", r"\1", raw.rstrip("\r"))
        begun = begun or number
        if re.search(r"(?<!\\)(?:\\\\)*\\$", line):
            held += line[:-1]
            continue
        whole = re.sub(r"\\(.)", r"\1", held + line).strip()
        if whole:
            yield begun, whole
        held, begun = "", 0


def _read_options(text: str, file: str, number: int) -> tuple[str, dict[str, str]]:
    parts, quote, part = [], "", ""
    for sign in text:
        if sign == ":" and not quote:
            parts.append(part)
            part = ""
            continue
        part += sign
        if sign in "'\"" and quote in {"", sign}:
            quote = "" if quote else sign
    if quote:
        raise _refuse(file, number, "a quotation mark is not closed")
    parts.append(part)
    name = parts[0].strip()
    if name[:1] in {"'", '"'} and name[-1:] == name[:1]:
        name = name[1:-1]
    options: dict[str, str] = {}
    for option in parts[1:]:
        key, sign, value = option.partition("=")
        if not sign or not key.strip() or key.strip() in options:
            raise _refuse(file, number, f'"{option[:40]}" is no option with a name of its own, = and a value')
        options[key.strip()] = value.strip()
    if not name:
        raise _refuse(file, number, "it has no name")
    return name.lower(), options


def _refuse(file: str, row: int, problem: str) -> BadRow:
    return BadRow(file=file, row=row, problem=problem)
