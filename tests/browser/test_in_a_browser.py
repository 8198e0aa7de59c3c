"""The worked example in a real browser: no axe violation, nothing wider than the screen, right to left, one page's weight."""

from __future__ import annotations

import stat
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.enable_socket, pytest.mark.xdist_group("browser")]

PAGES = {
    "home": "/",
    "overview": "/alignment/",
    "review-rule": "/alignment/review-rule",
    "topic": "/alignment/topics/human-oversight",
    "instruments": "/alignment/instruments",
    "instrument": "/alignment/instruments/eu-ai-act",
    "provision": "/alignment/instruments/eu-ai-act/art_14",
    "common-ground": "/alignment/common-ground",
    "joint-actions": "/alignment/joint-actions?topic=data-sharing",
    "side-by-side": "/alignment/side-by-side?a=eu-ai-act&b=korea-ai-basic-act",
    "search": "/alignment/search?q=oversight",
    "work": "/alignment/work",
    "downloads": "/alignment/downloads",
    "decisions": "/decisions/",
    "ballot": "/decisions/ballots/sharing-first",
    "open-ballot": "/decisions/ballots/review-every-three-years",
    "silence": "/decisions/ballots/offers-until-january",
    "board": "/decisions/ballots/review-every-three-years/board?renew=no",
    "votes-of-a-member": "/decisions/members/m041",
    "record": "/record/",
    "check": "/record/check",
    "chain": "/record/chain/parties/members/m041",
    "body": "/parties/bodies/assembly",
    "member": "/parties/members/m041",
    "statement": "/parties/statements/1",
    "recovery": "/account/recovery",
    "password": "/account/password/reset/",
    "dialogues": "/dialogue/",
    "dialogue": "/dialogue/stop-a-system",
    "dialogue-statement": "/dialogue/stop-a-system/statements/1",
    "dialogue-results": "/dialogue/share-first/results",
    "deliveries": "/capacity/deliveries/",
    "agreements": "/capacity/agreements/",
    "agreement": "/capacity/agreements/southern-plan",
    "promise": "/capacity/agreements/southern-plan/1",
    "activities": "/capacity/activities/",
    "questions": "/commons/questions",
    "evaluations": "/commons/releases/letters-of-six-languages/evaluations",
    "commons": "/commons/?kind=dataset",
    "release": "/commons/releases/topics-in-six-languages",
    "commons-notices": "/commons/notices",
    "about": "/about",
    "accessibility": "/accessibility",
    "privacy": "/privacy",
    "sign-in": "/sign-in",
}
TAGS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


def violations(page) -> list[str]:
    found = Axe().run(page, options=TAGS).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_axe_violation_and_fits_a_phone(instance, open_page, name, language):
    path = PAGES[name]
    page = open_page(viewport={"width": 320, "height": 800})
    page.goto(instance.address + path + ("&" if "?" in path else "?") + f"lang={language}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")


def test_the_review_queue_has_no_axe_violation_and_is_worked_without_a_script(instance, open_page):
    name = following = ""
    for who in ("reviewer", "second-reviewer"):
        page = open_page(java_script_enabled=False)
        address, password = instance.passwords[who]
        page.goto(instance.address + "/alignment/review")
        page.fill("input[name=login]", address)
        page.fill("input[name=password]", password)
        page.click("main button[type=submit]")
        page.wait_for_url("**/alignment/review")
        first, second = (page.locator("article.pair.waiting").nth(n) for n in (0, 1))
        name = name or first.get_attribute("id")
        assert first.get_attribute("id") == name
        following = second.get_attribute("id")
        # By the keyboard alone: space chooses an answer, enter gives it, and the next link has the focus.
        first.focus()
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == "answer":
                break
        page.keyboard.press("Space")
        assert first.locator("input[value=same]").is_checked()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/alignment/review?at={following}#{following}")
        assert page.evaluate("document.activeElement.id") == following
        assert page.locator(f"[id='{name}']").count() == 0
    assert "The act stands on the record" in page.inner_text("main")
    page.goto(f"{instance.address}/alignment/links/{name}")
    assert "Confirmed by reviewers" in page.inner_text("main")
    with_keys = open_page(viewport={"width": 390, "height": 800})
    with_keys.context.add_cookies(page.context.cookies())
    with_keys.goto(f"{instance.address}/alignment/links/{following}")
    provision = with_keys.locator("article.pair h3 a").first.get_attribute("href")
    search = f"{provision}/nothing-found?in=party:KOR&q=safety+of+systems"
    for path in (f"/alignment/links/{following}", "/alignment/review-rule", search):
        with_keys.goto(instance.address + path)
        assert violations(with_keys) == []
        assert with_keys.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(instance.address + "/")
    assert "Link between two provisions confirmed" in page.inner_text("main")
    cookies = page.context.cookies()
    with_script = open_page(viewport={"width": 390, "height": 800})
    with_script.context.add_cookies(cookies)
    with_script.goto(instance.address + "/alignment/review")
    assert violations(with_script) == []
    assert with_script.evaluate("document.documentElement.scrollWidth") <= 390


def sign_in(instance, page, who: str, *, address: str = "", language: str = "en") -> None:
    page.goto(f"{address or instance.address}/sign-in?lang={language}")
    page.fill("input[name=login]", instance.passwords[who][0])
    page.fill("input[name=password]", instance.passwords[who][1])
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "sign-in" not in url)


OWN = {
    "delegate": [
        "/delegation/",
        "/delegation/texts/new",
        "/delegation/texts/3",
        "/parties/members/m041",
        "/dialogue/stop-a-system",
        "/dialogue/stop-a-system/delegation",
        "/decisions/ballots/review-every-three-years/paper",
        "/decisions/ballots/review-every-three-years/delegation",
        "/decisions/ballots/sharing-first/explain",
    ],
    "secretariat": [
        "/parties/bodies/oversight",
        "/account/invitations",
        "/account/recoveries",
        "/decisions/ballots/new?body=assembly",
        "/decisions/ballots/review-every-three-years/desk",
        "/decisions/ballots/review-every-three-years/outcome",
        "/dialogue/new",
        "/capacity/agreements/new?body=capacity",
        "/capacity/activities/",
        "/commons/notices",
        "/commons/releases/new?for=assembly/",
        "/commons/releases/topics-in-six-languages/new",
        "/commons/releases/topics-in-six-languages/take-down",
        *(
            f"/dialogue/stop-a-system/{place}"
            for place in ("settings", "desk", "translations", "sheets", "other-views", "import")
        ),
    ],
    "expert": ["/account/", "/account/2fa/", "/account/sessions/", "/account/email/", "/account/password/change/"],
}


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("who", OWN)
def test_the_pages_of_those_who_sign_in_have_no_axe_violation_and_fit_a_phone(instance, open_page, who, language):
    page = open_page(viewport={"width": 390, "height": 800})
    sign_in(instance, page, who, language=language)
    for path in OWN[who]:
        page.goto(instance.address + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_a_text_goes_from_draft_to_sent_between_two_people_without_a_script(instance, open_page):
    delegate, capital = open_page(java_script_enabled=False), open_page(java_script_enabled=False)
    sign_in(instance, delegate, "delegate")
    delegate.goto(instance.address + "/delegation/texts/new")
    delegate.fill("input[name=title]", "On shared review")
    delegate.fill("textarea[name=text]", "We support shared review bodies.")
    delegate.check("input[value=public]")
    delegate.click("main button")
    number = delegate.url.rsplit("/", 1)[-1]
    sign_in(instance, capital, "capital")
    capital.click(f"a[href='/delegation/texts/{number}'] >> nth=0")
    capital.click("button[value=clear]")
    delegate.goto(f"{instance.address}/delegation/texts/{number}")
    delegate.click("button[value=send]")
    assert "Sent, and entered on the record" in delegate.inner_text("main")
    delegate.click("text=As it was sent")
    reader = open_page(java_script_enabled=False)
    reader.goto(delegate.url)
    assert "We support shared review bodies." in reader.inner_text("main")


def test_a_passkey_is_added_in_a_browser_with_the_one_script_that_we_serve(instance, open_page):
    # A passkey belongs to a name, and a number is none: the machine is asked under its other name.
    here = instance.address.replace("127.0.0.1", "localhost")
    page = open_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(f"{page.url}: {message.text}"))
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    client.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    sign_in(instance, page, "translator", address=here)
    page.goto(here + "/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.fill("input[name=password]", instance.passwords["translator"][1])
        page.click("main button[type=submit]")
    page.fill("input[name=name]", "My telephone")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")
    page.goto(here + "/account/2fa/webauthn/")
    assert "My telephone" in page.inner_text("main")
    assert [problem for problem in problems if "[DOM]" not in problem] == []


def test_dark_mode_keeps_its_contrasts(instance, open_page):
    page = open_page(color_scheme="dark")
    for path in ("/", PAGES["topic"], PAGES["side-by-side"]):
        page.goto(instance.address + path)
        assert violations(page) == []


def test_a_cold_visit_transfers_at_most_100_kilobytes(instance, open_page):
    for name, path in PAGES.items():
        page = open_page()
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        sizes: list[float] = []
        client.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
        page.goto(instance.address + path, wait_until="networkidle")
        assert len(sizes) >= 2, name
        assert sum(sizes) <= 100_000, (name, sum(sizes))


def test_a_page_asks_nothing_of_another_host(instance, open_page):
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    for path in PAGES.values():
        page.goto(instance.address + path, wait_until="networkidle")
    assert [u for u in asked if not u.startswith(instance.address)] == []
    assert problems == []


def test_up_makes_a_key_that_only_its_owner_can_read_and_accounts_once(instance):
    mode = (instance.folder / "env").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert stat.S_IMODE(instance.folder.stat().st_mode) == 0o700
    assert {"capital", "chair", "delegate", "focal-point", "operator", "reviewer", "secretariat"} <= set(
        instance.passwords
    )
    log = (instance.folder / "comity.log").read_text()
    assert all(password not in log for _address, password in instance.passwords.values())


def test_an_example_instance_refuses_another_host_name(instance):
    request = urllib.request.Request(instance.address + "/", headers={"Host": "comity.example.org"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=5)
    assert refused.value.code == 400


def test_the_worker_aligns_the_example_within_two_minutes(instance):
    assert instance.align_seconds < 120
    with urllib.request.urlopen(instance.address + "/alignment/work", timeout=5) as answer:
        text = answer.read().decode()
    assert "1309" in text
