"""The report in a real browser: no violation of accessibility, nothing wider than the window, nothing fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.adapters.visual.report.model import Report  # noqa: TC001  (fixture annotation)
from comity.adapters.visual.report.render import render_report

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's Chromium at /usr/bin/chromium"),
]


def test_report_is_accessible_at_every_width_in_light_and_dark_and_fetches_nothing(
    example_report: Report, tmp_path: Path
) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    page_file = tmp_path / "report.html"
    page_file.write_text(render_report(report=example_report), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        found, fetched, complaints = {}, [], []
        for width, scheme in ((320, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            page.on("request", lambda request: fetched.append(request.url))
            page.on("console", lambda message: complaints.append(message.text))
            page.goto(page_file.as_uri())
            wide = page.evaluate("document.documentElement.scrollWidth")
            violations = [v["id"] for v in Axe().run(page).response["violations"]]
            found[width, scheme] = (wide, violations)
            page.close()
        browser.close()
    assert found == {(w, s): (w, []) for w, s in found}
    assert len(found) == 4
    assert set(fetched) == {page_file.as_uri()}
    assert complaints == []
