"""Do things from four processes at one moment each, and tell how often each was done: ``python racing.py WHAT=DATABASE ...``.

Each thing has a database of its own, with tables and nothing in them: the name of one on PostgreSQL's server, or a file.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import traceback
from pathlib import Path

AT_ONCE = 4


def prepare() -> None:
    """Make a body, and people."""
    from support.parties import make_body

    make_body()


def things() -> dict[str, object]:
    """What is raced for: each a function of the number of the process."""
    from comity.platform.alignment.reviewing import answer_link, set_review_rule
    from comity.platform.parties.bodies import enter_member
    from comity.platform.parties.memberships import admit_member
    from comity.platform.parties.models import Submission
    from comity.platform.parties.submissions import clear_text, draft_text, send_text
    from comity.platform.parties.voices import take_voice
    from support.links import make_links
    from support.parties import SET_UP, account_with, today

    enter_member(slug="new", names={"en": "New"}, by=SET_UP)
    heads = [account_with("head", member=slug) for slug in ("m1", "m2")]
    capitals = [account_with("capital", member=slug) for slug in ("m1", "m2")]
    people = [heads[0], *(account_with(role, member="m1") for role in ("alternate", "delegate"))]
    texts = []
    for head, capital, slug in zip(heads, capitals, ("m1", "m2"), strict=True):
        made = draft_text(member=slug, body="oversight", title="T", text="X", language="en", by=head)
        clear_text(submission=made.pk, version=1, by=capital)
        take_voice(member=slug, body="oversight", by=head)
        texts.append(made.pk)
    assert Submission.objects.count() == 2
    reviewers = [account_with("reviewer", origin=origin) for origin in ("KEN", "FRA", "BRA", "JPN")]
    make_links()
    return {
        "answer": lambda n: answer_link(name="l1", answer="same", by=reviewers[n]),
        "answer-split": lambda n: answer_link(name="l1", answer="none" if n % 2 else "same", by=reviewers[n]),
        "set-rule": lambda n: set_review_rule(reviewers=n + 1, regions=0, own_count=True, by=SET_UP),
        "admit": lambda n: admit_member(
            body="assembly", member="new", status="full", starts_on=today(), rule=f"R{n}", by=SET_UP
        ),
        "send": lambda n: send_text(submission=texts[0], version=1, by=heads[0]),
        "send-two": lambda n: send_text(submission=texts[n % 2], version=1, by=heads[n % 2]),
        "voice": lambda n: take_voice(member="m1", body="oversight", by=people[n % 3]),
        **things_with_versions(),
        **things_with_dialogues(),
        **things_of_a_desk(),
    }


def things_with_versions() -> dict[str, object]:
    """Another version taken in while reviewers decide on the text, and several versions at once."""
    from comity.engines.alignment import texts
    from comity.platform.alignment.models import CrosswalkLink, Provision
    from comity.platform.alignment.reviewing import answer_link
    from comity.platform.alignment.services import add_instrument
    from comity.platform.alignment.versions import take_in_version
    from support.parties import SET_UP, account_with

    def written(slug: str, ending: str) -> dict[str, object]:
        about = texts.Instrument(id=slug, title=slug, short_title=slug, party=None, language="en")
        rows = [
            texts.Provision(slug, f"art_{n}", str(n), "", f"Rule {n} on the matter of {word} {ending}", "en")
            for n, word in enumerate(("logs", "workers", "toys"), 1)
        ]
        return {"instrument": about, "provisions": rows, "by": SET_UP}

    for slug in ("one", "other"):
        add_instrument(**written(slug, "as first said."))
    names = []
    for row in Provision.objects.filter(instrument__slug="one"):
        b = Provision.objects.get(instrument__slug="other", ref="art_1")
        names.append(f"race{row.pk}")
        CrosswalkLink.objects.create(name=names[-1], a=row, b=b, suggested="related", maker="test/1", score=1.0)
    reviewers = [account_with("reviewer") for _ in range(AT_ONCE)]

    def decide_or_replace(n: int) -> None:
        if n == 0:
            take_in_version(**written("one", "as said in another year."))
        else:
            answer_link(name=names[n - 1], answer="same", by=reviewers[n], on="1.1")

    return {
        "decide-and-replace": decide_or_replace,
        "replace": lambda n: take_in_version(**written("one", f"as process {n} says.")),
    }


def things_with_dialogues() -> dict[str, object]:
    """One voice answers, one account comes in, several people write, and answers come while a dialogue is closed."""
    from comity.errors import DialogueNotOpen
    from comity.platform.dialogue.answering import answer_by_code, keep_answer
    from comity.platform.dialogue.consultations import close_dialogue
    from comity.platform.dialogue.participation import join_dialogue
    from comity.platform.dialogue.writing import write_statement
    from support.dialogue import NOBODY, a_participant, make_dialogue
    from support.parties import SET_UP, account_with

    made = make_dialogue("raced")
    user = account_with("translator")
    _, key = join_dialogue(slug="raced", user=NOBODY)
    others = [a_participant(made) for _ in range(AT_ONCE)]

    def answer_many(n: int) -> None:
        for turn in range(40):
            assert answer_by_code(slug="raced", key=key, number=1 + turn % 3, value=(n + turn) % 3 - 1)

    def answer_while_it_closes(n: int) -> None:
        if n == 0:
            time.sleep(0.05)
            close_dialogue(slug="raced", by=SET_UP)
            return
        for turn in range(2000):
            try:
                keep_answer(participant=others[n], number=1 + turn % 3, value=1, standing="own")
            except DialogueNotOpen:
                return

    return {
        "dialogue-answer": answer_many,
        "dialogue-join": lambda n: join_dialogue(slug="raced", user=user),
        "dialogue-write": lambda n: write_statement(
            slug="raced", text=f"Idea of {n}", language="en", participant=others[n]
        ),
        "dialogue-close": answer_while_it_closes,
    }


def found_of_dialogues() -> dict[str, object]:
    """What stands of the raced dialogue."""
    from comity.platform.dialogue.models import Answer, Dialogue, Participant, Statement

    held = Dialogue.objects.get(slug="raced")
    late = Answer.objects.filter(given_at__gte=held.closed_at).count() if held.closed_at else 0
    numbers = list(Statement.objects.filter(dialogue=held).values_list("number", flat=True))
    return {
        "cells": Answer.objects.count(),
        "late_answers": late,
        "voices_of_accounts": Participant.objects.filter(dialogue=held, way="account").count(),
        "numbers_in_row": sorted(numbers) == list(range(1, len(numbers) + 1)),
        "written": len(numbers) - 3,
    }


def things_of_a_desk() -> dict[str, object]:
    """Four moderators at one statement, and the same four who type one paper sheet."""
    from comity.errors import AlreadyDecided
    from comity.platform.dialogue.moderation import decide_statement
    from comity.platform.dialogue.sheets import enter_sheet, make_batch
    from support.desk import open_one, written
    from support.parties import account_with

    dialogue = open_one()
    number = written(dialogue).number
    people = [account_with("secretariat") for _ in range(AT_ONCE)]
    make_batch(slug=dialogue.slug, place="Lamu", language="en", sheets=1, by=people[0])

    def moderate_and_type(n: int) -> None:
        decision = {"decision": "refuse", "reason": "insults"} if n % 2 else {"decision": "show"}
        with contextlib.suppress(AlreadyDecided):
            decide_statement(slug=dialogue.slug, number=number, by=people[n], **decision)
        enter_sheet(slug=dialogue.slug, batch=1, serial=1, answers={1: 1}, by=people[n])

    return {"moderate-and-type": moderate_and_type}


def things_of_ballots() -> dict[str, object]:
    """Four offices that state one outcome, and forty members that vote while an office closes the ballot."""
    from comity.errors import ComityError
    from comity.platform.decisions.ballots import close_ballot, state_outcome
    from comity.platform.decisions.voting import cast_vote
    from comity.platform.parties.bodies import enter_member
    from comity.platform.parties.credentials import issue_credential
    from comity.platform.parties.memberships import admit_member
    from support.ballots import make_ballot, make_rule
    from support.parties import BEGUN, SET_UP, account_with, today

    make_rule(body="other")
    people = [account_with("secretariat"), *(account_with("translator") for _ in range(AT_ONCE - 1))]
    voters: dict[int, list[str]] = {n: [] for n in range(1, AT_ONCE)}
    for number in range(40):
        slug, n = f"n{number}", 1 + number % (AT_ONCE - 1)
        enter_member(slug=slug, names={"en": f"Nation {number}"}, by=SET_UP)
        for body in ("assembly", "other"):
            admit_member(body=body, member=slug, status="full", starts_on=BEGUN, rule="Article 4", by=SET_UP)
        issue_credential(
            member=slug, body="other", role="head", holder="H", user=people[n], starts_on=today(), by=SET_UP
        )
        voters[n].append(slug)
    ballot = make_ballot("raced", body="other")

    def vote_while_it_closes(n: int) -> None:
        kept = [Path(os.environ["COMITY_DATA"]) / f"acknowledged-{os.getppid()}-{m}" for m in range(AT_ONCE)]
        if n == 0:
            # Not before somebody has voted, however long the others take to begin.
            until = time.time() + 60
            while time.time() < until and sum(k.stat().st_size for k in kept if k.exists()) < 15:
                time.sleep(0.01)
            close_ballot(slug="raced", by=people[0])
            return
        with kept[n].open("w", encoding="utf-8", buffering=1) as file:
            for member in voters[n]:
                with contextlib.suppress(ComityError):
                    cast_vote(slug=ballot.slug, member=member, position="yes", by=people[n])
                    file.write(f"{member}\n")

    offices = [account_with("secretariat") for _ in range(AT_ONCE)]
    return {
        "ballot-state": lambda n: state_outcome(slug="raced", by=offices[n]),
        "ballot-close": vote_while_it_closes,
    }


def found_of_ballots() -> dict[str, object]:
    """What stands of the raced ballot, and whether it is what was acknowledged."""
    from comity.platform.decisions.ballots import state_outcome
    from comity.platform.decisions.models import Ballot, BallotOutcome, Vote
    from comity.platform.record.models import Act
    from support.parties import SET_UP

    outcomes = BallotOutcome.objects.count()
    stating = Act.objects.filter(type="state-outcome").count()
    kept = Path(os.environ["COMITY_DATA"]).glob(f"acknowledged-{os.getpid()}-*")
    acknowledged = sorted(line for file in kept for line in file.read_text(encoding="utf-8").splitlines())
    voted = sorted(Vote.objects.values_list("elector__member__slug", flat=True))
    if not outcomes:
        state_outcome(slug="raced", by=SET_UP)
    closed = Ballot.objects.get(slug="raced").closed_at
    return {
        "outcomes": outcomes,
        "stating_acts": stating,
        "acknowledged_are_kept": acknowledged == voted,
        "counted": BallotOutcome.objects.get().result["yes"] == len(voted),
        "acts_of_votes": Act.objects.filter(type="cast-vote").count() == len(voted),
        "late_votes": Vote.objects.filter(cast_at__gt=closed).count(),
        "some_voted": 0 < len(voted) <= 40,
    }


def things_of_rules() -> dict[str, object]:
    """Four offices that put one rule in force and issue one revision."""
    from comity.adapters.rule_files import built_in_text
    from comity.errors import ComityError
    from comity.platform.decisions.documents import issue_version
    from comity.platform.decisions.ruling import put_in_force
    from support.decisions import ENGLISH, make_document
    from support.parties import SET_UP

    make_document()

    def force_and_revise(n: int) -> None:
        del n
        with contextlib.suppress(ComityError):
            put_in_force(body="other", text=built_in_text("consensus"), authority="Rule 30", by=SET_UP)
        issue_version(
            slug="review", symbol="C/3/L.7/Rev.1", texts={"en": ENGLISH}, authentic=["en"], required=["en"], by=SET_UP
        )

    return {"force-and-revise": force_and_revise}


def found_of_rules() -> dict[str, object]:
    """What stands of the raced rule and revision."""
    from comity.platform.decisions.models import DocumentVersion, RuleInForce
    from comity.platform.record.models import Act

    return {
        "rules": RuleInForce.objects.count(),
        "revisions": DocumentVersion.objects.filter(symbol__endswith="Rev.1").count(),
        "acts": Act.objects.filter(type__in=["put-rule-in-force", "issue-version"]).count(),
    }


def race(what: str) -> dict[str, object]:
    """Let four processes do ``what`` at once; return how many were let through and what stands afterwards."""
    from django.db import connections

    from comity.errors import ComityError

    if what.startswith("round"):
        from support.racing_rounds import found_of_rounds as found
        from support.racing_rounds import things_of_rounds

        work = things_of_rounds(what)[what]
    elif what.startswith("agreement"):
        from support.racing_agreements import found_of_agreements as found
        from support.racing_agreements import things_of_agreements

        work = things_of_agreements(what)[what]
    else:
        made, found = next(
            (pair for start, pair in OF_DECISIONS.items() if what.startswith(start)), (things, found_elsewhere)
        )
        work = made()[what]
    if what == "decide-and-replace":
        from comity.platform.alignment.reviewing import set_review_rule
        from support.parties import SET_UP

        set_review_rule(reviewers=1, regions=0, own_count=True, by=SET_UP)
    connections.close_all()
    begin = time.time() + 0.5
    children = []
    for number in range(AT_ONCE):
        child = os.fork()
        if child:
            children.append(child)
            continue
        time.sleep(max(0.0, begin - time.time()))
        try:
            work(number)
        except ComityError:
            os._exit(1)
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(2)
        os._exit(0)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    done = {"done": codes.count(0), "broken": codes.count(2)}
    return {**done, **found()}


OF_DECISIONS = {"ballot": (things_of_ballots, found_of_ballots), "force": (things_of_rules, found_of_rules)}


def found_elsewhere() -> dict[str, object]:
    """What stands of all other races."""
    from comity.platform.alignment.models import (
        CrosswalkLink,
        Instrument,
        LinkAnswer,
        LinkReview,
        PastVersion,
        ReviewRule,
        StaleMark,
    )
    from comity.platform.dialogue.models import Moderation, Participant, SheetEntry
    from comity.platform.parties.models import Membership, Statement, Voice
    from comity.platform.record.models import Act

    versions = list(ReviewRule.objects.values_list("version", flat=True))

    return {
        "seats": Membership.objects.filter(member__slug="new").count(),
        "statements": Statement.objects.count(),
        "decisions": LinkReview.objects.count(),
        "decided_acts": Act.objects.filter(type__in=["confirm-link", "reject-link"]).count(),
        "answers": LinkAnswer.objects.count(),
        "states": sorted(CrosswalkLink.objects.exclude(name__startswith="race").values_list("state", flat=True)),
        "raced_states": sorted(CrosswalkLink.objects.filter(name__startswith="race").values_list("state", flat=True)),
        "versions_in_row": versions == list(range(1, len(versions) + 1)),
        "stale": CrosswalkLink.objects.filter(state="stale", relation="same").count(),
        "marks": StaleMark.objects.filter(settled_by__isnull=True).count(),
        "lost_versions": Instrument.objects.get(slug="one").version - 1 - PastVersion.objects.count(),
        **found_of_dialogues(),
        "moderations": Moderation.objects.count(),
        "typings": SheetEntry.objects.count(),
        "sheet_voices": Participant.objects.filter(way="sheet").count(),
        "open_voices": Voice.objects.filter(member__slug="m1", ends_at__isnull=True).count(),
    }


def run_on(database: str, what: str) -> None:
    """Race in a child whose database is another; its line on the output is what was found."""
    child = os.fork()
    if child:
        assert os.waitpid(child, 0)[1] == 0, f"{what} broke"
        return
    code = 1
    try:
        from django.db import connection

        connection.settings_dict["NAME"] = database
        prepare()
        print(json.dumps({"what": what, **race(what)}), flush=True)
        code = 0
    except BaseException:
        traceback.print_exc()
    os._exit(code)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    import django

    django.setup()
    for pair in sys.argv[1:]:
        run_on(pair.partition("=")[2], pair.partition("=")[0])
