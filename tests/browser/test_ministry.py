"""A ministry's own sign-in, there and back, in a real browser and against a real provider on loopback."""

from __future__ import annotations

import json
import os
import re
import urllib.request

import pytest

from comity.example.loading import ACCOUNTS
from support.instance import Instance

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the provider's own code, in our process


@pytest.fixture(scope="module")
def with_ministry(tmp_path_factory, file_templates):
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    from oidc_provider_mock import run_server_in_thread

    with run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        one = Instance(tmp_path_factory.mktemp("ministry"))
        file_templates.copy_tables(one.folder)
        address = ACCOUNTS["reviewer"][0]
        one.environment |= {
            "COMITY_OIDC_ISSUER": issuer,
            "COMITY_OIDC_CLIENT": "comity",
            "COMITY_OIDC_SECRET": "secret",
            "COMITY_OIDC_NAME": "Ministry of Example",
            "COMITY_OIDC_DOMAINS": address.rpartition("@")[2],
        }
        one.start()
        yield one, issuer, address
        one.stop()
    del os.environ["AUTHLIB_INSECURE_TRANSPORT"]


@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_person_goes_to_the_ministry_and_comes_back_signed_in(with_ministry, open_page, with_scripts):
    one, issuer, address = with_ministry
    request = urllib.request.Request(
        f"{issuer}/users/ada",
        data=json.dumps({"email": address, "email_verified": True}).encode(),
        headers={"Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(request, timeout=5).close()
    page = open_page(java_script_enabled=with_scripts)
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.goto(f"{one.address}/sign-in")
    page.get_by_role("button", name="Sign in with Ministry of Example").click()
    page.wait_for_url(re.compile(re.escape(issuer)))
    page.locator("input[name=sub]").fill("ada")
    page.locator("button[type=submit], input[type=submit]").first.click()
    page.wait_for_url(re.compile(re.escape(one.address)))
    page.goto(f"{one.address}/account/")
    assert page.get_by_role("button", name="Sign out").count() == 1
    assert refused == []
