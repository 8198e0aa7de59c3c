"""A real server with the whole worked example, aligned, and a real browser."""

from __future__ import annotations

import pytest

from support.instance import Instance

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--force-color-profile=srgb",
]


@pytest.fixture(scope="session")
def instance(tmp_path_factory):
    one = Instance(tmp_path_factory.mktemp("instance"))
    one.first_start = one.start()
    one.first_output = one.output
    one.align_seconds = one.wait_until_aligned()
    yield one
    if one.process.poll() is None:
        one.stop()


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def open_page(browser):
    contexts = []

    def make(**options):
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "java_script_enabled": True, **options}
        )
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
