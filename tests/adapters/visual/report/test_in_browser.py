"""The report in a real browser: no violation of accessibility, nothing wider than the window, nothing fetched."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (fixture annotation)

import pytest

from comity.adapters.visual.report.model import Report  # noqa: TC001  (fixture annotation)
from comity.adapters.visual.report.render import render_report

pytestmark = pytest.mark.browser


def test_report_is_accessible_at_every_width_in_light_and_dark_and_fetches_nothing(
    example_report: Report, tmp_path: Path, browser
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page_file = tmp_path / "report.html"
    page_file.write_text(render_report(report=example_report), encoding="utf-8")
    found, fetched, complaints = {}, [], []
    for width, scheme in ((320, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.on("request", lambda request: fetched.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(page_file.as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth")
        violations = [v["id"] for v in Axe().run(page).response["violations"]]
        found[width, scheme] = (wide, violations)
        page.close()
    assert found == {(w, s): (w, []) for w, s in found}
    assert len(found) == 4
    assert set(fetched) == {page_file.as_uri()}
    assert complaints == []
