"""Compose the report of a run: what the engine found, in the order and the words in which it is shown."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from comity import __version__
from comity.adapters.visual.report import model
from comity.cli.files.line import is_one_party, stand_ins_of
from comity.engines.alignment import addressees, crosswalk, strength, topics
from comity.engines.alignment.convergence import force_of
from comity.engines.alignment.topics import counted_topics, searched_instruments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.cli.files.clusters import ClusterLine
    from comity.cli.files.line import Aligned
    from comity.engines.alignment.commitments import Commitment
    from comity.engines.alignment.crosswalk import Pair
    from comity.engines.alignment.texts import Modality, Provision

MOST_PAIRS = 40
MOST_OF_TWO = 3
FORCE: tuple[Modality, ...] = ("must-not", "must", "should", "may", "declares")
LANGUAGE = "en"
UNCOUNTED = {
    "subnational": "A law of a state, province or city: it speaks for no member here.",
    "proposed": "Proposed, not adopted: it speaks for nobody yet.",
    "lapsed": "Lapsed or withdrawn: it speaks for nobody any more.",
    "not-yet-in-force": "Adopted, not yet in force: it speaks for nobody yet.",
}


def compose_report(*, aligned: Aligned, clusters: Sequence[ClusterLine]) -> model.Report:
    """Return the report of a run, in English."""
    provisions = aligned.counted.provisions
    shown, total = _closest(aligned)
    actions = [c for c in aligned.commitments if c.kind == "action"]
    common_ground, regions_present = _ground(aligned, clusters)
    return model.Report(
        title="Where these AI policies agree",
        as_of=aligned.as_of,
        parties=_parties(aligned),
        instruments=_instruments(aligned),
        topics=_topics(aligned),
        method=_method(aligned),
        refusals=tuple(
            model.Refusal(file=r.file, code=r.error.code, message=str(r.error)) for r in aligned.gathered.refused
        ),
        facets=aligned.scheme.facets,
        pairs=shown,
        pairs_total=total,
        tiles=aligned.atlas.tiles,
        unjudged=sum(1 for p in provisions if p.modality is None or p.modality_by),
        common_ground=common_ground,
        regions_present=regions_present,
        joint_actions=_joint_actions(aligned),
        goals_read=sum(c.kind == "goal" for c in aligned.commitments),
        actions_read=len(actions),
        actions_dated=sum(bool(c.dates) for c in actions),
        actions_measured=sum(bool(c.indicators) for c in actions),
        actions_owned=sum(bool(c.owners) for c in actions),
        untopiced=sum(1 for p in provisions if not p.topics),
        files=(
            model.OutputFile("crosswalk.csv", "Every suggested pair with both texts, the score and who made it."),
            model.OutputFile(
                "convergence.csv", "Every topic and member with its level, own and through organisations apart."
            ),
            model.OutputFile("common_ground.csv", "All common ground, one provision a row."),
            model.OutputFile("joint_actions.csv", "Every possible joint action, one action of a member a row."),
            model.OutputFile(
                "joint_actions.json", "The same for machines, with the place of every word that is quoted."
            ),
            model.OutputFile(
                "provisions.jsonl", "Every provision with its reference, text, language and topics, one a line."
            ),
            model.OutputFile("align.json", "Counts, refusals, makers and the time each step took, for machines."),
            model.OutputFile(
                "akoma-ntoso", "A folder with each instrument as Akoma Ntoso 3.0, for tools that read laws."
            ),
            *(
                [model.OutputFile("oscal-mapping.json", "Every suggested pair as an OSCAL mapping collection.")]
                if aligned.pairs
                else []
            ),
        ),
    )


def _parties(aligned: Aligned) -> tuple[model.Party, ...]:
    """Return the members by name in English, then the organisations by name."""
    from comity.engines.parties.countries import listed_in, name_of

    atlas = aligned.atlas
    members = [
        model.Party(code=s.iso3, name=name_of(atlas=atlas, code=s.iso3, language=LANGUAGE))
        for s in listed_in(atlas=atlas, language=LANGUAGE)
        if s.status == "member"
    ]
    codes = {i.party for i in aligned.collection.instruments if i.party} - {m.code for m in members} - {"MULTI"}
    organisations = sorted(
        (model.Party(code=c, name=name_of(atlas=atlas, code=c, language=LANGUAGE), kind="organisation") for c in codes),
        key=lambda party: party.name,
    )
    return (*members, *organisations)


def _instruments(aligned: Aligned) -> tuple[model.InstrumentLine, ...]:
    counts: dict[str, int] = defaultdict(int)
    for provision in aligned.collection.provisions:
        counts[provision.instrument] += 1
    searched = searched_instruments(collection=aligned.counted)
    return tuple(
        model.InstrumentLine(
            id=i.id,
            title=i.title,
            short_title=i.short_title,
            title_language=LANGUAGE if i.summary else i.language,
            provisions=counts[i.id],
            party=i.party or "",
            kind=i.kind or "",
            status=i.status or "",
            binding=None if force_of(i) == "unstated" else i.binding,
            date=i.date,
            language=i.language,
            lexical_only=i.language in aligned.words_only,
            file=aligned.gathered.files[i.id],
            official_url=i.official_url,
            basis=i.basis,
            subdivision=i.subdivision or "",
            signatories=i.signatories,
            summary=i.summary,
            stated_by=i.stated_by,
            searched=i.id in searched,
            uncounted=UNCOUNTED.get(aligned.convergence.uncounted.get(i.id, ""), ""),
        )
        for i in aligned.collection.instruments
    )


def _topics(aligned: Aligned) -> tuple[model.TopicLine, ...]:
    spoken: dict[str, dict[str, list[Provision]]] = defaultdict(lambda: defaultdict(list))
    for provision in aligned.counted.provisions:
        for topic in provision.topics:
            spoken[topic][provision.instrument].append(provision)
    levels: dict[str, dict[str, str]] = defaultdict(dict)
    for cell in aligned.convergence.cells:
        if cell.level != "not-in-collection":
            levels[cell.topic][cell.member] = cell.level
    return tuple(
        model.TopicLine(
            id=topic.id,
            facet=topic.facet,
            label=topic.label,
            definition=topic.definition,
            voices=tuple(
                model.Voice(instrument=name, provisions=len(parts), strongest=_strongest(parts))
                for name, parts in sorted(spoken[topic.id].items())
            ),
            levels=levels[topic.id],
        )
        for topic in aligned.scheme.topics
    )


def _strongest(parts: list[Provision]) -> Modality | Literal[""]:
    # What a machine proposes of strength is shown beside a text, and decides nothing here.
    found = {p.modality for p in parts if p.modality and not p.modality_by}
    return next((m for m in FORCE if m in found), "")


def _closest(aligned: Aligned) -> tuple[tuple[model.Pair, ...], int]:
    """Return the closest pairs of different parties, few of any two instruments, and how many pairs there are in all."""
    by_id = {p.id: p for p in aligned.collection.provisions}
    instruments = {i.id: i for i in aligned.collection.instruments}
    shown: list[model.Pair] = []
    of_two: dict[tuple[str, str], int] = defaultdict(int)
    stand_ins = stand_ins_of(aligned)
    for pair in aligned.pairs:
        a, b = by_id[pair.a], by_id[pair.b]
        if is_one_party(instruments[a.instrument], instruments[b.instrument]):
            continue
        if not stand_ins.isdisjoint((a.instrument, b.instrument)):
            continue
        key = (a.instrument, b.instrument)
        if len(shown) < MOST_PAIRS and of_two[key] < MOST_OF_TWO:
            of_two[key] += 1
            shown.append(
                model.Pair(
                    left=_cited(a), right=_cited(b), why=_why(pair, aligned), relation="related", closeness=pair.score
                )
            )
    return tuple(shown), len(aligned.pairs)


def _ground(
    aligned: Aligned, clusters: Sequence[ClusterLine]
) -> tuple[tuple[model.CommonGround, ...], tuple[str, ...]]:
    """Return common ground with its names in the reader's language, and the regional groups that are present, by name."""
    from comity.engines.parties.countries import name_of

    titles = {i.id: i.short_title for i in aligned.collection.instruments}
    labels = {t.id: t.label for t in aligned.scheme.topics}

    def names(codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(name_of(atlas=aligned.atlas, code=code, language=LANGUAGE) for code in codes))

    matters = tuple(
        model.CommonGround(
            topic=labels.get(c.central.topics[0], "") if c.central.topics else "",
            central=_cited(c.central),
            parties=names(c.parties),
            missing=names(c.missing),
            others=tuple(sorted(f"{titles[p.instrument]}, {p.label or p.ref}" for p in c.others)),
        )
        for c in clusters
    )
    return matters, names({region for c in clusters for region in (*c.regions, *c.missing)})


def _joint_actions(aligned: Aligned) -> tuple[model.JointAction, ...]:
    from comity.engines.parties.countries import name_of

    by_id = {p.id: p for p in aligned.collection.provisions}
    party = {i.id: i.party or "" for i in aligned.collection.instruments}
    labels = {t.id: t.label for t in aligned.scheme.topics}

    def name(action: Commitment) -> str:
        return name_of(atlas=aligned.atlas, code=party[by_id[action.provision].instrument], language=LANGUAGE)

    return tuple(
        model.JointAction(
            topics=tuple(labels[t] for t in group.topics),
            actions=tuple(
                model.ActionLine(
                    cited=_cited(by_id[a.provision]),
                    dates=tuple(q.text for q in a.dates),
                    indicators=tuple(q.text for q in a.indicators),
                    owners=tuple(q.text for q in a.owners),
                )
                for a in sorted(group.actions, key=name)
            ),
        )
        for group in aligned.joint_actions
    )


def _cited(provision: Provision) -> model.Cited:
    return model.Cited(
        instrument=provision.instrument,
        ref=provision.ref,
        label=provision.label,
        text=provision.text,
        heading=provision.heading,
        language=provision.language,
        modality=provision.modality or "",
        is_suggested=bool(provision.modality_by),
        page=provision.page,
        addressees=provision.addressees,
        addressees_suggested=bool(provision.addressees_by),
    )


def _why(pair: Pair, aligned: Aligned) -> str:
    labels = {t.id: t.label for t in aligned.scheme.topics}
    by_words = f"both hold the words {', '.join(pair.shared_terms)}" if pair.shared_terms else ""
    by_topic = f"both are on {'; '.join(labels[t] for t in pair.shared_topics)}" if pair.shared_topics else ""
    reasons = " and ".join(r for r in (by_topic, by_words) if r)
    opening = "Each is the other's closest counterpart in its text"
    return f"{opening}; {reasons}." if reasons else f"{opening}."


def _method(aligned: Aligned) -> model.Method:
    embedder = aligned.embedder
    words_only = ", ".join(sorted(aligned.words_only))
    steps = [
        "Each file was read and split by article, section, numbered paragraph or heading.",
        "Each provision was compared with those of every other text by its words and by its meaning; a pair is suggested "
        "where each is the other's closest in the text of the other.",
        "Topics of our own summaries were named by people; those of other texts were proposed by a machine.",
        "Members are counted for each topic by their own texts in force, and apart from these through organisations.",
    ]
    if embedder is None:
        steps[1] = (
            "Each provision was compared with those of every other text by its words alone; a pair is suggested where "
            "each is the other's closest in the text of the other."
        )
    not_measured = [
        "How likely a suggested pair is right; the score only puts likelier ones first.",
        "Whether two texts have the same content: every suggestion says related, and people decide.",
        "The strength of wording of texts that nobody has coded: what is shown of it is suggested, and counts nowhere.",
        "Whether members could act together: a possible joint action says that their texts are close, and nothing more.",
    ]
    suggested = sorted({p.language for p in aligned.collection.provisions if p.topics and not counted_topics(p)})
    if suggested:
        languages = ", ".join(suggested)
        not_measured.append(
            f"Topics proposed in these languages: {languages}. They stand in provisions.jsonl as suggestions and count nowhere."
        )
    if words_only:
        not_measured.append(
            f"The model does not know these languages, which were compared by words alone: {words_only}."
        )
    return model.Method(
        made_by=f"comity {__version__}, {crosswalk.MAKER}",
        embedder=embedder.name if embedder else "none",
        embedder_version=embedder.version if embedder else "",
        lexical="BM25",
        fusion=crosswalk.FUSION,
        topics_by=topics.MAKER,
        modality_by=f"people, for our own summaries; suggested for other texts by {strength.MAKER} and {strength.MAKER_WORDS}",
        addressees_by=f"people, for our own summaries; suggested for other texts by {addressees.MAKER} and {addressees.MAKER_WORDS}",
        steps=tuple(steps),
        not_measured=tuple(not_measured),
    )
