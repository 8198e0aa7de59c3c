"""Slurm's file of accounts: written, read back as it was, and every line that is not in its form named."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.slurm_shares import (
    ALL_SHARES,
    Account,
    Dump,
    compose_dump,
    demand_cluster,
    name_account,
    read_dump,
    write_dump,
)
from comity.errors import BadInput, BadParameter, BadRow

# as sacctmgr dump of Slurm 23.11 writes it, with what a person may add
OF_SLURM = r"""# To edit this file start with a cluster line for the new cluster
# Cluster - 'cluster_name':MaxTRESPerJob=node=50
# Parent - 'root'
# Account - 'cs':MaxTRESPerJob=node=5:MaxJobs=4:FairShare=399:Description='Computer Science':Organization='LC'
Cluster - 'Pool':Fairshare=1:QOS='normal'
Parent - 'root'
User - 'root':DefaultAccount='root':AdminLevel='Administrator':Fairshare=1
Account - 'fji':Description='fiji: the \#1 account':Organization='pool':Fairshare=250000:GrpTRES=cpu=12,gres/gpu=4
Account - 'ken':Description='ken':\
Organization="pool":Fairshare=750000 # a remark

Parent - 'fji'
User - 'ana':DefaultAccount='fji':Fairshare=1
"""
# what sacctmgr 22.05.8 dumped after it had loaded a file of ours, its remarks left out
LOADED = """Cluster - 'pool1':Fairshare=1:QOS='normal'
Parent - 'root'
User - 'root':DefaultAccount='root':AdminLevel='Administrator':Fairshare=1
Account - 'fji':Description='fji':Organization='pool1':Fairshare=108213:GrpTRESMins=cpu=0,gres/gpu=1200000:GrpTRES=mem=10000M,node=0
Account - 'ken':Description='ken':Organization='pool1':Fairshare=216425:GrpTRESMins=cpu=12000000,gres/gpu=2400000:GrpTRES=mem=0,node=0
Account - 'per':Description='per':Organization='pool1':Fairshare=216425:GrpTRESMins=cpu=19200000,gres/gpu=2400000:GrpTRES=mem=0,node=0
Account - 'rwa':Description='rwa':Organization='pool1':Fairshare=458937:GrpTRESMins=cpu=22800000,gres/gpu=0:GrpTRES=mem=0,node=54
"""
names = st.from_regex(r"[a-z0-9]([a-z0-9_.-]{0,20}[a-z0-9])?", fullmatch=True).filter(lambda n: n != "root")
shares = st.fractions(min_value=0, max_value=1, max_denominator=10**6)


def test_a_file_of_slurm_is_read_option_by_option():
    dump = read_dump(text=OF_SLURM)
    assert (dump.cluster, dump.options) == ("pool", {"Fairshare": "1", "QOS": "'normal'"})
    assert [(a.name, a.parent) for a in dump.accounts] == [("fji", "root"), ("ken", "root")]
    assert dump.accounts[0].options == {
        "Description": "'fiji: the #1 account'",
        "Organization": "'pool'",
        "Fairshare": "250000",
        "GrpTRES": "cpu=12,gres/gpu=4",
    }
    assert dump.accounts[1].options == {"Description": "'ken'", "Organization": '"pool"', "Fairshare": "750000"}
    assert [(u.name, u.parent) for u in dump.users] == [("root", "root"), ("ana", "fji")]


def test_what_slurm_dumped_after_it_loaded_our_file_says_what_we_wrote():
    units = {
        "FJI": (0, 1_200_000, 10_000, 0, "0.2"),
        "KEN": (12_000_000, 2_400_000, 0, 0, "0.4"),
        "PER": (19_200_000, 2_400_000, 0, 0, "0.4"),
        "RWA": (22_800_000, 0, 0, 54, "0.8482"),
    }
    names_ = [("GrpTRESMins", "cpu"), ("GrpTRESMins", "gres/gpu"), ("GrpTRES", "mem"), ("GrpTRES", "node")]
    limits = {
        m: [(*name, Fraction(amount)) for name, amount in zip(names_, found[:4], strict=True)]
        for m, found in units.items()
    }
    ours = compose_dump(cluster="pool1", shares={m: Fraction(found[4]) for m, found in units.items()}, limits=limits)
    theirs = read_dump(text=LOADED.replace("10000M", "10000"))
    assert [a.options | {"Fairshare": ""} for a in ours.accounts] == [
        a.options | {"Fairshare": ""} for a in theirs.accounts
    ]
    for a, b in zip(ours.accounts, theirs.accounts, strict=True):
        assert (a.name, a.parent) == (b.name, b.parent)
        assert abs(int(a.options["Fairshare"]) - int(b.options["Fairshare"])) <= 60


def test_shares_are_parts_of_a_million_and_limits_are_rounded_down():
    dump = compose_dump(
        cluster="pool",
        shares={"KEN": Fraction(2, 3), "FJI": Fraction(1, 3)},
        limits={
            "FJI": [
                ("GrpTRESMins", "gres/gpu", Fraction(7, 2)),
                ("GrpTRES", "mem", Fraction(9)),
                ("GrpTRES", "cpu", Fraction(1, 3)),
            ]
        },
    )
    assert [line for line in write_dump(dump=dump).splitlines() if not line.startswith("#")] == [
        "Cluster - 'pool':Fairshare=1",
        "Parent - 'root'",
        "Account - 'fji':Description='fji':Organization='pool':Fairshare=333333:GrpTRESMins=gres/gpu=3:GrpTRES=cpu=0,mem=9",
        "Account - 'ken':Description='ken':Organization='pool':Fairshare=666667",
    ]


@given(
    cluster=names,
    members=st.dictionaries(names.map(str.upper), shares, max_size=6),
    amounts=st.lists(st.fractions(min_value=0, max_value=10**9), min_size=2, max_size=2),
)
def test_what_is_written_is_read_back_as_it_was(cluster, members, amounts):
    limits = {m: [("GrpTRES", "cpu", amounts[0]), ("GrpTRESMins", "gres/gpu", amounts[1])] for m in members}
    dump = compose_dump(cluster=cluster, shares=members, limits=limits)
    assert read_dump(text=write_dump(dump=dump)) == dump


@given(members=st.dictionaries(names, shares, min_size=1, max_size=8))
def test_shares_together_are_a_million_but_for_rounding_and_keep_their_order(members):
    found = [int(a.options["Fairshare"]) for a in compose_dump(cluster="c", shares=members, limits={}).accounts]
    ordered = [members[m] for m in sorted(members)]
    assert [share > 0 for share in ordered] == [number > 0 for number in found]
    if any(ordered):
        assert abs(sum(found) - ALL_SHARES) <= len(found)
    assert all(
        (a <= b) for (x, a) in zip(ordered, found, strict=True) for (y, b) in zip(ordered, found, strict=True) if x <= y
    )


def test_a_file_of_slurm_with_users_is_written_as_it_was_read():
    dump = read_dump(text=OF_SLURM.replace(r"\#1", "first"))
    assert read_dump(text=write_dump(dump=dump)) == dump


@pytest.mark.parametrize("member", ["", "root", "a b", "côte", "a'b", "a:b", "-a", "a#b", "x" * 61, "a\nb", "a\\b"])
def test_a_member_whose_name_slurm_could_misread_is_refused(member):
    with pytest.raises(BadInput, match="cannot be the name of an account in Slurm"):
        name_account(member=member)


def test_two_members_that_would_be_one_account_are_refused():
    with pytest.raises(BadInput, match='"FJI" and "fji" would be one account in Slurm, "fji"'):
        compose_dump(cluster="c", shares={"FJI": Fraction(1), "fji": Fraction(1)}, limits={})


@pytest.mark.parametrize("name", ["", "Pool", "a b", "x" * 61, "a'b"])
def test_a_name_that_no_cluster_can_have_is_refused(name):
    with pytest.raises(BadParameter, match="the name of a cluster"):
        demand_cluster(name=name)


def test_a_limit_that_slurm_cannot_hold_is_refused():
    with pytest.raises(BadInput, match="cpu of FJI is more than Slurm can hold"):
        compose_dump(cluster="c", shares={"FJI": Fraction(1)}, limits={"FJI": [("GrpTRES", "cpu", Fraction(2**63))]})


def test_a_line_that_is_longer_than_slurm_reads_is_refused():
    account = Account(
        name="a", parent="root", options={"GrpTRES": ",".join(f"license/{'x' * 60}{n}=1" for n in range(99))}
    )
    with pytest.raises(BadInput, match="more than Slurm reads"):
        write_dump(dump=Dump(cluster="c", options={}, accounts=(account,)))


@pytest.mark.parametrize(
    "text,row,says",
    [
        ("", 1, "it names no cluster"),
        ("# nothing\n", 1, "it names no cluster"),
        ("Account - 'a'\n", 1, "the cluster must come first"),
        ("Cluster - 'a'\nCluster - 'b'\n", 2, "a second cluster stands here, after a"),
        ("Cluster - 'a'\nParent - 'b'\n", 2, "the parent b has no account above this line"),
        ("Cluster - 'a'\nAccount - 'b'\nAccount - 'b'\n", 3, "the account b stands twice"),
        ("Cluster - 'a'\nQueue - 'b'\n", 2, "it is no Cluster, Parent, Account or User"),
        ("Cluster - 'a'\n\nAccount - 'b:Fairshare=1\n", 3, "a quotation mark is not closed"),
        ("Cluster - 'a'\nAccount - 'b':Fairshare\n", 2, '"Fairshare" is no option'),
        ("Cluster - 'a'\nAccount - 'b':Fairshare=1:Fairshare=2\n", 2, '"Fairshare=2" is no option'),
        ("Cluster - ''\n", 1, "it has no name"),
    ],
    ids=[
        "empty",
        "remarks",
        "no-cluster",
        "two-clusters",
        "parent",
        "twice",
        "object",
        "quotation",
        "option",
        "option-twice",
        "nameless",
    ],
)
def test_each_line_that_is_not_in_the_form_is_named(text, row, says):
    with pytest.raises(BadRow, match=says) as refused:
        read_dump(text=text)
    assert refused.value.data["row"] == row
