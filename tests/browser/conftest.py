"""A real server with the whole worked example, aligned, and a real browser."""

from __future__ import annotations

import pytest

from support.instance import Instance


@pytest.fixture(scope="session")
def instance(tmp_path_factory):
    one = Instance(tmp_path_factory.mktemp("instance"))
    one.first_start = one.start()
    one.first_output = one.output
    one.align_seconds = one.wait_until_aligned()
    yield one
    if one.process.poll() is None:
        one.stop()


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
