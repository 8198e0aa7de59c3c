"""Many voices with their answers in a consultation, written at once: what tests of results count."""

from __future__ import annotations

import random

from django.utils import timezone

from comity.platform.dialogue.analyses import analyse_tracks
from comity.platform.dialogue.models import Answer, Dialogue, Participant
from comity.platform.parties.models import Body, Member, Membership
from support.dialogue import make_dialogue
from support.parties import BEGUN, make_body

REGIONS = ("africa", "asia-pacific", "eastern-europe")
SEEDS = tuple(
    {"en": text}
    for text in (
        "A person must be able to stop a system.",
        "Every stop is written down.",
        "Small offices may share one watch.",
        "Courts decide within thirty days.",
        "Whoever sells a system trains those who watch it.",
        "Accidents are reported to all members.",
        "The public can read why a system was halted.",
        "Hospitals keep a doctor beside each machine.",
        "Schools ask parents before they use one.",
        "Borders are no place for automatic refusals.",
    )
)


def seat_members(number: int, *, body: str = "assembly", first: int = 0) -> list[Member]:
    """Members with a seat in a body, in three regional groups in turn."""
    make_body()
    here = Body.objects.get(slug=body)
    admitted = here.memberships.first().act  # one act for all of them: what it says is of no matter here
    made = Member.objects.bulk_create(
        Member(slug=f"s{i}", names={"en": f"State {i:03}"}, region=REGIONS[i % 3], is_fictional=True)
        for i in range(first, first + number)
    )
    Membership.objects.bulk_create(
        Membership(body=here, member=member, status="full", starts_on=BEGUN, rule="Article 4", act=admitted)
        for member in made
    )
    return made


def a_dialogue(slug: str = "stop", **settings) -> Dialogue:
    """A consultation of the assembly with ten statements, open."""
    return make_dialogue(slug, body="assembly", **{"seeds": SEEDS, **settings})


def members_answer(dialogue: Dialogue, members, answers, *, standing: str = "position") -> list[Participant]:
    """One voice for each member, each with answers by the number of the statement; ``answers(member's place)`` gives them."""
    voices = [
        Participant(
            dialogue=dialogue,
            track="states",
            way="member",
            pseudonym=f"m{member.pk}",
            member=member,
            region=member.region,
            came_at=timezone.now(),
        )
        for member in members
    ]
    return _write(dialogue, voices, answers, standing)


def people_answer(dialogue: Dialogue, number: int, answers, *, first: int = 0, region=None) -> list[Participant]:
    """So many people with answers by the number of the statement; ``answers(place)`` gives them, ``region(place)`` where from."""
    voices = [
        Participant(
            dialogue=dialogue,
            track="people",
            way="imported",
            pseudonym=f"p{i}",
            region=region(i) if region else "",
            came_at=timezone.now(),
        )
        for i in range(first, first + number)
    ]
    return _write(dialogue, voices, answers, "own", first=first)


def two_camps(place: int) -> dict[int, int]:
    """All agree on statements 1 to 3, two camps are parted by the others; a few pass, a few leave one out."""
    chance = random.Random(place)
    camp = 1 if place % 2 else -1
    given = {n: 1 if chance.random() < 0.97 else 0 for n in (1, 2, 3)}
    given |= {n: camp * (1 if n % 2 else -1) if chance.random() < 0.9 else 0 for n in range(4, 11)}
    return {n: v for n, v in given.items() if chance.random() < 0.95}


def analyse_now(slug: str = "stop"):
    """The analyses of a consultation, by track."""
    return {a.track: a for a in analyse_tracks(None, slug=slug)}


def _write(dialogue, voices, answers, standing, *, first=0):
    Participant.objects.bulk_create(voices)
    keys = dict(dialogue.statements.values_list("number", "pk"))
    now = timezone.now()
    Answer.objects.bulk_create(
        Answer(participant=voice, statement_id=keys[number], value=value, standing=standing, given_at=now)
        for place, voice in enumerate(voices, first)
        for number, value in answers(place).items()
    )
    return voices
