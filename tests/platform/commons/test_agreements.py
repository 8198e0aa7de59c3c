"""Agreements on sharing: drafted, cleared, proposed, signed by all, changed by all, ended; each step by whom it is of."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.commons import sharing_agreements, signing
from comity.platform.commons.agreement_pages import agreement_view, document_of, list_agreements, plain_text
from comity.platform.commons.agreements_seen import stands_of
from comity.platform.commons.models import AgreementText, SharingAgreement, TemplateVersion
from comity.platform.commons.templates import compare_templates, template_cards, template_view
from comity.platform.parties.memberships import withdraw_member
from comity.platform.record.models import Act
from support.agreements import (
    PURPOSE,
    TEXT,
    VALUES,
    concluded,
    drafted,
    head_of,
    issued,
    proposed,
    signed,
    template_given,
    waiting,
    wording,
)
from support.commons import release
from support.parties import SET_UP, account_with, make_body, today

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _body(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")
    make_body()
    issued()


def stands(agreement, *, at=None):
    agreement.refresh_from_db()
    held = agreement.texts.filter(state="concluded").first()
    return stands_of(agreement, held, now=at)


def test_a_version_is_one_act_with_the_digest_of_its_file():
    held = TemplateVersion.objects.get()
    assert hashlib.sha256(held.content.encode()).hexdigest() == held.sha256
    assert (held.act.type, held.act.visibility) == ("issue-template", "public")
    assert held.act.subject == "commons/agreements/templates/transfer/1"


def test_the_secretariat_issues_and_nobody_else():
    assert issued("other", by=account_with("secretariat")).number == 1
    for role in ("head", "focal-point", "operator", "chair", "public"):
        with pytest.raises(NotPermitted):
            issued("another", by=account_with(role))


def test_a_new_version_leaves_agreements_on_the_old_one_as_they_are():
    made = concluded()
    before = waiting(made, state="concluded")
    newer = issued(texts={"en": f"{TEXT}\n\n3. More.", "fr": f"{template_given().texts['fr']}\n\n3. Plus."})
    assert newer.number == 2
    after = AgreementText.objects.get(pk=before.pk)
    assert (after.template.number, after.texts, after.sha256) == (1, before.texts, before.sha256)
    assert template_cards()[0].number == 2
    added = [p.text for row in compare_templates(slug="transfer", old=1, new=2, language="en") for p in row]
    assert added[-1] == "3. More."


@pytest.mark.parametrize(
    "changes",
    [
        {"slug": "new"},
        {"kind": "treaty"},
        {"titles": {}},
        {"authentic": ()},
        {"authentic": ("ar",)},
        {"translations": {}},
        {"translations": {"fr": "perfect"}},
        {"translations": {"fr": "machine", "en": "machine"}},
        {"notice_days": 0},
        {"texts": {"en": TEXT, "fr": "Sans trou."}},
        {"texts": {"en": TEXT + "\u202e", "fr": TEXT}},
        {"blanks": (PURPOSE,)},
    ],
)
def test_a_template_that_will_not_do_is_refused_and_nothing_is_entered(changes):
    count = Act.objects.count()
    with pytest.raises(BadParameter):
        issued(**{"slug": "other", **changes})
    assert (Act.objects.count(), TemplateVersion.objects.count()) == (count, 1)


def test_the_same_version_again_and_a_name_of_another_kind_are_refused():
    with pytest.raises(Conflict):
        issued()
    with pytest.raises(Conflict):
        issued(kind="cost-sharing")


def test_a_draft_is_seen_by_its_own_delegation_alone():
    made = drafted(by=account_with("delegate", member="m1"))
    assert [c.slug for c in list_agreements(user=account_with("adviser", member="m1"))] == [made.slug]
    for role, member in (("head", "m2"), ("secretariat", ""), ("operator", ""), ("public", ""), ("head", "m3")):
        assert list_agreements(user=account_with(role, member=member)) == ()
    assert Act.objects.filter(subject__contains=made.slug).count() == 0


def test_what_is_proposed_is_seen_by_the_parties_alone_with_the_text_filled():
    made = proposed(shown_to="public")
    for member in ("m1", "m2"):
        view = agreement_view(slug=made.slug, user=account_with("adviser", member=member))
        assert view.text.text == "1. Member 1 gives the data.\n\n2. They serve research alone."
    french = agreement_view(slug=made.slug, user=head_of("m2"), language="fr")
    assert (french.text.language, french.text.translation) == ("fr", "machine")
    for role, member in (("head", "m3"), ("secretariat", ""), ("public", ""), ("operator", "")):
        with pytest.raises(NotFound):
            agreement_view(slug=made.slug, user=account_with(role, member=member))


def test_an_agreement_is_in_force_once_all_have_signed_the_same_text():
    made = proposed()
    signed(made, "m2")
    assert stands(made) == "proposed"
    signed(made, "m1")
    assert stands(made) == "in-force"
    acts = Act.objects.filter(type="conclude-agreement").order_by("audience")
    assert [a.audience for a in acts] == ["delegation:m1", "delegation:m2"]


def test_the_digest_that_is_signed_is_that_of_the_document_that_is_given_out():
    made = concluded()
    document, digest = document_of(slug=made.slug, user=head_of("m2"), number=1)
    assert hashlib.sha256(document.encode()).hexdigest() == digest
    held = json.loads(document)
    assert (held["parties"], list(held["texts"])) == (["parties/members/m1", "parties/members/m2"], ["en"])
    for act in Act.objects.filter(type="sign-agreement"):
        assert act.visibility == "delegation"
    assert f"SHA-256 {digest}" in plain_text(slug=made.slug, user=SET_UP, number=1, language="fr")


def test_a_first_day_that_has_not_come_is_awaited():
    made = concluded(begins_on=today() + ONE, ends_on=today() + 2 * ONE)
    assert stands(made) == "awaited"
    assert stands(made, at=timezone.now() + ONE) == "in-force"
    assert stands(made, at=timezone.now() + 2 * ONE) == "in-force"
    assert stands(made, at=timezone.now() + 3 * ONE) == "ended"


def test_a_change_takes_all_signatures_back():
    made = signed(proposed(), "m1")
    old = waiting(made).sha256
    sharing_agreements.draft_text(slug=made.slug, wording=wording(title="Data for schools"), member="m2", by=SET_UP)
    assert waiting(made).sha256 == old
    sharing_agreements.propose_text(slug=made.slug, on=waiting(made, state="draft").sha256, member="m2", by=SET_UP)
    with pytest.raises(Conflict):
        signing.sign_agreement(slug=made.slug, on=old, member="m2", by=SET_UP)
    signed(made, "m2")
    assert stands(made) == "proposed"
    signed(made, "m1")
    assert (stands(made), waiting(made, state="concluded").title) == ("in-force", "Data for schools")


def test_a_draft_of_one_party_is_not_seen_by_the_other_and_leaves_no_gap():
    made = proposed()
    sharing_agreements.draft_text(slug=made.slug, wording=wording(title="Secret wish"), member="m2", by=SET_UP)
    view = agreement_view(slug=made.slug, user=head_of("m1"))
    assert (view.numbers, view.drafts) == (((1, "proposed"),), ())
    own = agreement_view(slug=made.slug, user=head_of("m2"), draft=True)
    assert own.text.title == "Secret wish"
    with pytest.raises(NotFound):
        agreement_view(slug=made.slug, user=head_of("m1"), draft=True)
    on = waiting(made, state="draft").sha256
    sharing_agreements.drop_draft(slug=made.slug, on=on, member="m2", by=SET_UP)
    assert SharingAgreement.objects.filter(pk=made.pk).exists()


def test_an_amendment_holds_once_all_have_signed_and_until_then_the_old_text_does():
    made = concluded(shown_to="public")
    sharing_agreements.draft_text(slug=made.slug, wording=wording(title="Amended"), member="m2", by=SET_UP)
    sharing_agreements.propose_text(slug=made.slug, on=waiting(made, state="draft").sha256, member="m2", by=SET_UP)
    assert (stands(made), waiting(made, state="concluded").number) == ("in-force", 1)
    public = agreement_view(slug=made.slug, user=account_with("public"))
    assert (public.card.title, public.numbers, public.card.change_waits) == (
        "Data for research",
        ((1, "concluded"),),
        False,
    )
    signed(made, "m1", "m2")
    public = agreement_view(slug=made.slug, user=account_with("public"))
    assert (public.card.title, public.numbers) == ("Amended", ((2, "concluded"), (1, "replaced")))


def test_a_proposal_on_what_no_longer_holds_is_refused():
    made = concluded()
    for member in ("m1", "m2"):
        sharing_agreements.draft_text(slug=made.slug, wording=wording(title=f"Of {member}"), member=member, by=SET_UP)
    drafts = {t.author.slug: t.sha256 for t in made.texts.filter(state="draft")}
    sharing_agreements.propose_text(slug=made.slug, on=drafts["m1"], member="m1", by=SET_UP)
    signed(made, "m1", "m2")
    with pytest.raises(Conflict):
        sharing_agreements.propose_text(slug=made.slug, on=drafts["m2"], member="m2", by=SET_UP)


def test_only_a_head_signs_and_only_for_its_own_member():
    made = proposed()
    on = waiting(made).sha256
    for role in ("delegate", "alternate", "adviser", "focal-point"):
        with pytest.raises(NotPermitted):
            signing.sign_agreement(slug=made.slug, on=on, member="m1", by=account_with(role, member="m1"))
    for role, member in (("head", "m2"), ("head", "m3"), ("secretariat", ""), ("public", "")):
        with pytest.raises(NotFound):
            signing.sign_agreement(slug=made.slug, on=on, member="m1", by=account_with(role, member=member))
    signing.sign_agreement(slug=made.slug, on=on, member="m1", by=head_of("m1"))
    with pytest.raises(Conflict):
        signing.sign_agreement(slug=made.slug, on=on, member="m1", by=head_of("m1"))


def test_where_the_capital_clears_nothing_is_proposed_or_signed_before():
    capital, head = account_with("capital", member="m1"), head_of("m1")
    made = drafted(by=head)
    on = waiting(made, state="draft").sha256
    with pytest.raises(Conflict):
        sharing_agreements.propose_text(slug=made.slug, on=on, member="m1", by=head)
    with pytest.raises(NotPermitted):
        sharing_agreements.clear_text(slug=made.slug, on=on, member="m1", by=head)
    sharing_agreements.clear_text(slug=made.slug, on=on, member="m1", by=capital)
    sharing_agreements.send_text_back(slug=made.slug, on=on, member="m1", note="Not yet.", by=capital)
    with pytest.raises(Conflict):
        sharing_agreements.propose_text(slug=made.slug, on=on, member="m1", by=head)
    sharing_agreements.clear_text(slug=made.slug, on=on, member="m1", by=capital)
    sharing_agreements.propose_text(slug=made.slug, on=on, member="m1", by=head)
    signing.sign_agreement(slug=made.slug, on=on, member="m1", by=head)
    other = account_with("capital", member="m2")
    with pytest.raises(Conflict):
        signing.sign_agreement(slug=made.slug, on=on, member="m2", by=head_of("m2"))
    with pytest.raises(NotFound):
        sharing_agreements.clear_text(slug=made.slug, on=on, member="m1", by=other)
    sharing_agreements.clear_text(slug=made.slug, on=on, member="m2", by=other)
    signing.sign_agreement(slug=made.slug, on=on, member="m2", by=head_of("m2"))
    assert stands(made) == "in-force"


def test_what_the_capital_cleared_is_the_text_and_not_the_agreement():
    capital = account_with("capital", member="m1")
    made = drafted()
    old = waiting(made, state="draft").sha256
    sharing_agreements.clear_text(slug=made.slug, on=old, member="m1", by=capital)
    sharing_agreements.draft_text(slug=made.slug, wording=wording(title="Another"), member="m1", by=SET_UP)
    on = waiting(made, state="draft").sha256
    with pytest.raises(Conflict):
        sharing_agreements.clear_text(slug=made.slug, on=old, member="m1", by=capital)
    with pytest.raises(Conflict):
        sharing_agreements.propose_text(slug=made.slug, on=on, member="m1", by=head_of("m1"))


def test_notice_ends_it_after_the_days_of_the_template():
    made = concluded(ends_on=today() + 400 * ONE)
    signing.give_notice(slug=made.slug, member="m2", by=SET_UP)
    assert stands(made, at=timezone.now() + 90 * ONE) == "in-force"
    assert stands(made, at=timezone.now() + 91 * ONE) == "ended"
    with pytest.raises(Conflict):
        signing.give_notice(slug=made.slug, member="m2", by=SET_UP)


def test_notice_never_prolongs_and_is_refused_where_the_text_knows_none():
    short = concluded(ends_on=today() + ONE)
    signing.give_notice(slug=short.slug, member="m2", by=SET_UP)
    assert stands(short, at=timezone.now() + 2 * ONE) == "ended"
    issued("firm", notice_days=None)
    firm = concluded(template="firm")
    with pytest.raises(Conflict):
        signing.give_notice(slug=firm.slug, member="m1", by=SET_UP)


def test_all_together_end_it_at_once():
    made = concluded(shown_to="members")
    signing.agree_to_end(slug=made.slug, member="m1", by=SET_UP)
    assert stands(made) == "in-force"
    assert [a.visibility for a in Act.objects.filter(type="end-sharing-agreement")] == ["delegation"]
    signing.agree_to_end(slug=made.slug, member="m2", by=SET_UP)
    assert stands(made) == "ended"
    assert Act.objects.filter(type="end-sharing-agreement").latest("entered_at").visibility == "members"
    for act in (signing.agree_to_end, signing.give_notice):
        with pytest.raises(Conflict):
            act(slug=made.slug, member="m1", by=SET_UP)


def test_any_party_takes_what_is_proposed_off_the_table():
    made = signed(proposed(), "m1")
    on = waiting(made).sha256
    with pytest.raises(NotPermitted):
        signing.set_aside(slug=made.slug, on=on, member="m2", by=account_with("delegate", member="m2"))
    signing.set_aside(slug=made.slug, on=on, member="m2", by=head_of("m2"))
    assert stands(made) == "aside"
    with pytest.raises(Conflict):
        sharing_agreements.draft_text(slug=made.slug, wording=wording(), member="m1", by=SET_UP)


def test_the_body_agrees_by_its_secretariat_and_members_see_what_it_binds_itself_to():
    secretariat = account_with("secretariat")
    with pytest.raises(BadParameter):
        drafted(parties=["m1"], with_body=True)
    made = proposed(
        parties=["m1"], with_body=True, shown_to="members", values=VALUES | {"giver": "parties/bodies/assembly"}
    )
    on = waiting(made).sha256
    with pytest.raises(NotFound):
        signing.sign_agreement(slug=made.slug, on=on, by=head_of("m1"))
    signing.sign_agreement(slug=made.slug, on=on, by=secretariat)
    signing.sign_agreement(slug=made.slug, on=on, member="m1", by=SET_UP)
    assert [c.slug for c in list_agreements(user=head_of("m3"))] == [made.slug]
    assert list_agreements(user=account_with("public")) == ()
    assert agreement_view(slug=made.slug, user=secretariat).text.text.startswith("1. Assembly gives")


def test_the_secretariat_drafts_for_others_and_signs_nothing():
    secretariat = account_with("secretariat")
    made = drafted(member="", by=secretariat)
    sharing_agreements.propose_text(slug=made.slug, on=waiting(made, state="draft").sha256, by=secretariat)
    with pytest.raises(Conflict):
        signing.sign_agreement(slug=made.slug, on=waiting(made).sha256, by=secretariat)
    signed(made, "m1", "m2")
    assert stands(made) == "in-force"


@pytest.mark.parametrize(
    "changes",
    [
        {"parties": ["m1"]},
        {"parties": ["m2", "m3"]},
        {"shown_to": "everyone"},
        {"title": "x"},
        {"title": "x" * 201},
        {"values": {"giver": "m1"}},
        {"values": {"giver": "m3", "purpose": "x"}},
        {"values": VALUES | {"other": "x"}},
        {"values": VALUES | {"purpose": "a\u202eb"}},
        {"language": "de"},
        {"annex": "x" * 20_001},
        {"project": "https://example.org"},
        {"project": "capacity/needs/../../secret?x"},
        {"begins_on": dt.date(2030, 1, 2), "ends_on": dt.date(2030, 1, 1)},
        {"ends_on": dt.date(2020, 1, 1)},
        {"releases": ("none",)},
    ],
)
def test_a_draft_that_will_not_do_is_refused_and_nothing_is_kept(changes):
    with pytest.raises(BadParameter):
        drafted(**changes)
    assert SharingAgreement.objects.count() == 0


def test_a_party_needs_a_seat_when_it_is_named_and_when_it_signs():
    with pytest.raises(Conflict):
        drafted(parties=["m1", "watcher"])
    made = proposed(parties=["m1", "m4"])
    withdraw_member(body="assembly", member="m4", ends_on=today(), rule="Article 9", by=SET_UP)
    with pytest.raises(Conflict):
        signed(made, "m4")


def test_it_covers_releases_that_everyone_sees_who_will_see_it():
    release("open", member="m1")
    release("inner", member="m1", visibility="members")
    release("own", member="m1", visibility="delegation", audience="delegation:m1")
    for shown, covered in (("public", ["open"]), ("parties", ["inner", "open"])):
        made = drafted(shown_to=shown, releases=tuple(covered))
        assert [r.slug for r in waiting(made, state="draft").releases.order_by("slug")] == covered
    for shown, slug in (("public", "inner"), ("members", "own"), ("parties", "own")):
        with pytest.raises(BadParameter):
            drafted(shown_to=shown, releases=(slug,))


def test_a_template_shows_its_blanks_by_their_labels():
    view = template_view(slug="transfer", language="fr")
    assert "".join(p.text for p in view.parts).startswith("1. [Qui donne] donne")
    assert (view.language, view.state, view.languages) == ("fr", "machine", (("en", "authentic"), ("fr", "machine")))
