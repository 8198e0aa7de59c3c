"""Accounts and the table of who may do what."""

from __future__ import annotations

import pytest
from django.apps import apps

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.parties.models import PersonalData, RoleGrant, User
from comity.platform.parties.personal import erase_account, export_account
from comity.platform.parties.services import account_of, open_account

PASSWORD = "a long enough word 9"


@pytest.mark.django_db
def test_an_account_signs_in_by_its_address_in_any_case():
    open_account(email="Ada@Example.org", name="Ada", password=PASSWORD)
    assert User.objects.get_by_natural_key("ada@example.ORG").name == "Ada"


@pytest.mark.django_db
def test_an_address_has_one_account_whatever_its_case():
    open_account(email="ada@example.org", name="Ada", password=PASSWORD)
    with pytest.raises(Conflict):
        open_account(email="ADA@example.org", name="Other", password=PASSWORD)
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"email": "no address"}, {"roles": ("king",)}, {"password": "short"}, {"password": "password12345"}]
)
def test_an_account_that_will_not_do_is_refused_and_nothing_is_written(changes):
    with pytest.raises(BadParameter) as refused:
        open_account(**{"email": "a@example.org", "name": "A", "password": PASSWORD, **changes})
    assert "password12345" not in str(refused.value)
    assert User.objects.count() == 0


@pytest.mark.django_db
def test_the_personal_data_of_an_account_can_be_exported_and_erased():
    open_account(email="ada@example.org", name="Ada", password=PASSWORD, roles=("reviewer",))
    exported = export_account(email="ada@example.org")
    assert (exported["email"], exported["name"], exported["roles"]) == ("ada@example.org", "Ada", ["reviewer"])
    assert "password" not in exported
    erase_account(email="ada@example.org")
    assert RoleGrant.objects.count() == 0
    (left,) = User.objects.all()
    assert (left.name, left.is_active, left.has_usable_password()) == ("", False, False)
    with pytest.raises(NotFound):
        account_of(email="ada@example.org")


@pytest.mark.django_db
def test_a_closed_account_has_no_role():
    user = open_account(email="x@example.org", name="X", password=PASSWORD, roles=("reviewer",))
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert User.objects.get(pk=user.pk).roles == frozenset()


def test_every_table_that_names_a_person_states_its_personal_data():
    silent = [
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("comity.")
        and (model is User or any(getattr(f, "related_model", None) is User for f in model._meta.fields))
        and not isinstance(getattr(model, "personal_data", None), PersonalData)
    ]
    assert silent == []
