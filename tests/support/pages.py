"""A browser without scripts, for tests of pages: who is signed in, what a page says, and what its last form sends as it stands."""

from __future__ import annotations

import html
import re

from allauth.mfa.models import Authenticator
from django.test import Client

from support.parties import account_with

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(role: str, **about) -> Client:
    return signed_in_as(account_with(role, **about))


def signed_in_as(user) -> Client:
    """A browser of somebody who is there already."""
    client = Client()
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user, backend=BACKEND)
    return client


def page(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return html.unescape(answer.content.decode())


def fields_of(text: str) -> dict[str, object]:
    """What the last form of a page sends as it stands: inputs, areas, selects and what is ticked."""
    form = (
        text[text.rindex("<form", 0, text.rindex('name="do"')) :]
        if 'name="do"' in text
        else text[text.rindex("<form") :]
    )
    found: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind = re.search(r'name="([^"]*)"', tag), re.search(r'type="(\w+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or (kind and kind[1] in {"checkbox", "radio"} and " checked" not in tag):
            continue
        held = value[1] if value else ""
        if name[1] in found and kind and kind[1] == "checkbox":
            earlier = found[name[1]]
            found[name[1]] = [*(earlier if isinstance(earlier, list) else [earlier]), held]
        else:
            found[name[1]] = held
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, flags=re.DOTALL))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, flags=re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(
            r'<option value="([^"]*)"', options
        )
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found
