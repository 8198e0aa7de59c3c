"""A small collection of the worked example, aligned, and accounts for every role."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity.adapters.readers import read_instrument_file, read_scheme
from comity.example.loading import INSTRUMENTS, SCHEME, load_scheme
from comity.platform.alignment.services import add_instrument
from comity.platform.alignment.tasks import align_collection
from comity.platform.parties.rules import Installation
from comity.platform.parties.services import open_account
from comity.platform.work.models import Job
from support.kept_tables import folder_of, rows_made_by

SLUGS = ("eu-ai-act", "korea-ai-basic-act", "g7-hiroshima-code", "us-california-sb53")
PASSWORD = "a long enough word 9"


def load_small_collection() -> None:
    load_scheme()
    scheme = read_scheme(path=SCHEME)
    for slug in SLUGS:
        instrument, provisions, _ = read_instrument_file(path=INSTRUMENTS / f"{slug}.toml", scheme=scheme)
        add_instrument(instrument=instrument, provisions=provisions, by=Installation())


def align_now() -> None:
    job = Job.objects.create(kind="align", subject="collection", created_at=timezone.now())
    align_collection.call(job_id=job.pk)


def _make_collection() -> None:
    load_small_collection()
    align_now()


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module", autouse=True)
def _collection(django_db_setup, django_db_blocker, data_folder):
    """The collection stands during the tests of one file, inside a transaction that is rolled back after them."""
    settings.DATA = folder_of("small collection", data_folder)
    with django_db_blocker.unblock(), transaction.atomic():
        rows_made_by("small collection", _make_collection)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _quick_and_plain(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, for tests alone
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def account(db):
    def make(*roles, name="", origin=""):
        name = name or "-".join(roles) or "nobody"
        user = open_account(email=f"{name}@example.org", name=name, password=PASSWORD, roles=roles, origin=origin)
        # Whoever has an office has a second step; what it is matters only to the tests of signing in.
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        return user

    return make
