"""The file form of a template: what is written is read again as the same, and what is no template is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.agreement_templates import MOST_BYTES, read_template, write_template
from comity.engines.commons.blanks import Blank, Template
from comity.errors import BadParameter

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
OPTIONS = (("a", {"en": 'A “quote” " and \\ '}), ("b", {"en": "B"}))


@given(WORDS, WORDS, st.none() | st.integers(1, 3660))
def test_a_template_that_is_written_is_read_as_the_same(title, line, notice):
    template = Template(
        slug="t",
        kind="cost-sharing",
        titles={"en": title, "ar": "عنوان"},
        summaries={"en": line},
        texts={"en": f"x{line}\n\n'''{title}x", "fr": f"x{line}x"},
        authentic=("en",),
        translations={"fr": "machine"},
        blanks=(
            Blank("law", "choice", {"en": title}, options=OPTIONS),
            Blank("note", "text", {"en": line}, required=False),
        ),
        notice_days=notice,
    )
    written = write_template(template)
    assert read_template(written) == template
    assert write_template(read_template(written)) == written


@pytest.mark.parametrize(
    "content, name",
    [
        (b"\xff\xfe", "file"),
        (b"not toml", "file"),
        (b"[" * 5000, "file"),
        (b"x" * (MOST_BYTES + 1), "file"),
        (b"comity_template = 2", "comity_template"),
        (b"comity_template = 1\nsecret = 1", "key of the file"),
        (b"comity_template = 1\nslug = 3", "slug"),
        (b"comity_template = 1\nnotice_days = true", "notice_days"),
        (b"comity_template = 1\nnotice_days = 9" + b"9" * 5000, "file"),
        (b"comity_template = 1\nnotice_days = 0x" + b"f" * 5000, "notice_days"),
        (b"comity_template = 0x" + b"f" * 5000, "comity_template"),
        (b"comity_template = 1\nslug = [0x" + b"f" * 5000 + b"]", "slug"),
        (b'comity_template = 1\ntitles = "x"', "titles"),
        (b"comity_template = 1\ntitles = { en = 3 }", "titles"),
        (b'comity_template = 1\nauthentic = "en"', "authentic"),
        (b"comity_template = 1\nblank = 3", "blank"),
        (b'comity_template = 1\n[[blank]]\nrequired = "yes"', "required"),
        (b"comity_template = 1\n[[blank]]\nx = 1", "key of the blank"),
        (b"comity_template = 1\n[[blank]]\n[[blank.option]]\nx = 1", "key of the option"),
    ],
)
def test_what_is_no_template_is_refused_by_its_place(content, name):
    with pytest.raises(BadParameter) as refused:
        read_template(content)
    assert refused.value.data["name"] == name
