"""Hand out instruments and their links in the forms of others: Akoma Ntoso and OSCAL; never more than an account may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity import __version__
from comity.adapters.akoma import akoma_text
from comity.adapters.country_data import read_atlas
from comity.engines.alignment import texts
from comity.engines.alignment.oscal import MappedLink, MappedText, State, compose_mapping
from comity.errors import NotFound
from comity.platform.alignment import selectors
from comity.platform.alignment.collection import instrument_for_engine
from comity.platform.alignment.models import CrosswalkLink
from comity.platform.alignment.readings import readings_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    from comity.platform.alignment.models import Provision, ProvisionTopic
    from comity.platform.alignment.readings import ReadingView

_STATES: dict[str, State] = {
    CrosswalkLink.State.WAITING: "suggested",
    CrosswalkLink.State.DISPUTED: "disputed",
    CrosswalkLink.State.CONFIRMED: "confirmed",
}
_TURNED = {"broader": "narrower", "narrower": "broader"}


def akoma_of_instrument(*, slug: str, user: Any) -> str:
    """Return an instrument as Akoma Ntoso 3.0, topics named in English. Raises NotFound."""
    found = selectors.instrument_of(slug=slug, user=user)
    rows = selectors.provisions_of(instrument=found)
    return akoma_text(
        instrument=instrument_for_engine(found),
        provisions=[_provision(row, slug=found.slug, marks=row.topic_marks.all()) for row in rows],
        topics={t.pk: t.labels["en"] for t in selectors.topics()},
        atlas=read_atlas(),
        on=timezone.now().date(),
    )


def mapping_of_pair(*, a: str, b: str, user: Any, origin: str, address: Callable[[str], str]) -> dict[str, Any]:
    """Return the links of two texts, read from a to b, as an OSCAL mapping collection: suggested, disputed and confirmed apart.

    ``origin`` names this instance; ``address`` gives where a text can be had as Akoma Ntoso. Raises NotFound where there is no such
    text, or no link between the two: OSCAL knows no empty collection.
    """
    left, right = (selectors.instrument_of(slug=slug, user=user) for slug in (a, b))
    links = selectors.links_between(a=left, b=right, user=user)
    if not links:
        raise NotFound(reference=f"alignment/oscal-mapping.json?a={a}&b={b}")
    readings = readings_of(links=links)
    states = read_atlas().states
    mapped = [
        _mapped(
            link, turned=link.a.instrument_id == right.pk, readings=[r for r in readings[link.pk] if r.party in states]
        )
        for link in links
    ]
    return compose_mapping(
        texts=[MappedText(instrument=instrument_for_engine(i), address=address(i.slug)) for i in (left, right)],
        links=mapped,
        title=f"{left.short_title} and {right.short_title}",
        version=__version__,
        modified=_last_change(links, readings=[r for pair in readings.values() for r in pair]),
        origin=origin,
    )


def _mapped(link: CrosswalkLink, *, turned: bool, readings: Sequence[ReadingView]) -> MappedLink:
    source, target = (link.b, link.a) if turned else (link.a, link.b)
    relation = link.relation or link.suggested
    given = sorted({(r.party, r.reading, r.text) for r in readings if r.reading != "not-asked"})
    return MappedLink(
        source=_provision(source, slug=source.instrument.slug),
        target=_provision(target, slug=target.instrument.slug),
        relation=_TURNED.get(relation, relation) if turned else relation,
        state=_STATES[link.state],
        maker=link.maker,
        score=link.score,
        cosine=link.cosine,
        readings=tuple(given),
    )


def _last_change(links: Sequence[CrosswalkLink], *, readings: Sequence[ReadingView]) -> dt.datetime:
    """Return when a run, a reviewer or a member last changed what these links say."""
    run = selectors.latest_run()
    moments = [review.decided_at for link in links for review in link.reviews.all()]
    moments += [r.given_at for r in readings if r.given_at is not None]
    if run is not None and run.finished_at is not None:
        moments.append(run.finished_at)
    return max(moments) if moments else timezone.now()


def _provision(row: Provision, *, slug: str, marks: Iterable[ProvisionTopic] = ()) -> texts.Provision:
    """Return a provision as the engine takes it, with what machines proposed of it marked so; ``marks`` are its topics."""
    held = list(marks)
    chances = tuple(mark.chance for mark in held if mark.chance is not None)
    return texts.Provision(
        instrument=slug,
        ref=row.ref,
        label=row.label,
        heading=row.heading,
        text=row.text,
        language=row.language,
        modality=row.modality or None,  # type: ignore[arg-type]  # the table's choices are the engine's
        modality_by=row.modality_by,
        addressees=tuple(row.addressees),
        addressees_by=row.addressees_by,
        topics=tuple(mark.topic_id for mark in held),
        topics_by=row.topics_by,
        topic_chances=chances if row.topics_are_proposed and len(chances) == len(held) else (),
    )
