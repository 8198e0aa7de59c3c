"""HTML gives headings, paragraphs, items and table rows of a page, without its scripts, menus and notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from comity.engines.alignment.texts import Block
from comity.errors import BrokenFile, EmptyFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.engines.alignment.texts import BlockKind

DEEPEST = 2_000
"""Elements within elements: more is no page anybody wrote."""

_DROPPED = frozenset(
    "script style nav footer noscript template head svg math button form select iframe object canvas video audio aside"  # noqa: SIM905  (a list that reads as one)
    " input".split()
)
_BLOCKS = frozenset(
    "address article blockquote body caption center dd details dialog div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header"  # noqa: SIM905  (a list that reads as one)
    " hr html li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|menu|breadcrumb|breadcrumbs|footer|sidebar|cookie|cookies|share|search|top-bar|topbar|header|"
    r"current-path|toolbar|footnotes?|endnotes?|oj-note)(?:$|[-_\s])",
    re.IGNORECASE,
)
_LEGAL_HEADINGS = {  # the classes of EUR-Lex, old and new, for headings it writes as paragraphs
    "doc-ti": 1, "ti-section-1": 2, "ti-section-2": 2, "ti-grseq-1": 4, "ti-art": 3, "sti-art": 4, "ti-annotation": 3,
}  # fmt: skip
_MARK = re.compile(
    r"(?:[(（\[]?(?:[0-9]{1,3}[a-z]?|[a-zA-Z]|([a-z])\1|[ivxlIVXL]{1,6})[)）\].]{1,2}|[–—•·-]|①|[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.?)$"
)
_SMALL = 600
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})[^<>]*>?")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_SELF_CLOSED = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
        "optgroup",
        "tbody",
        "thead",
        "tfoot",
        "colgroup",
        "rt",
        "rp",
        "html",
        "body",
        "head",
    ]
)
_FORMATTING = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
_MOST_COPIES = 2_000_000
_MOST_LOOKS = 40
_CALL = re.compile(r"[\s(\[]*\*?[0-9a-z*†‡]{1,4}[\s)\]]*$")
_JUNK_TITLE = re.compile(r"^\s*$|\.(?:xml|html?|fmx|pdf|docx?)\b|^untitled", re.IGNORECASE)


def read_html(*, text: str, shown: str) -> tuple[list[Block], str, str]:
    """Return the blocks, the title and the declared language (as the page writes it, else "") of an HTML text.

    Raises BrokenFile where the page nests deeper than 2,000 elements, and EmptyFile where it holds no text.
    """
    from selectolax.lexbor import LexborHTMLParser

    if _nests_too_deeply(text=text):
        raise BrokenFile(
            file=shown, problem=f"its elements nest deeper than {DEEPEST}, or are left open by the thousand"
        )
    tree = LexborHTMLParser(text)
    root = tree.body or tree.root
    if root is None:
        raise EmptyFile(file=shown)
    blocks = list(_Walk(shown=shown).read(root=root))
    html = tree.css_first("html")
    language = (html.attributes.get("lang") or html.attributes.get("xml:lang") or "") if html is not None else ""
    title_node = tree.css_first("title")
    stated = " ".join(title_node.text().split()) if title_node is not None else ""
    return blocks, _choose_title(stated=stated, blocks=blocks), language


def _nests_too_deeply(*, text: str) -> bool:
    """Whether the tags of a page nest beyond reason, counted before parsing.

    Parsers take time with the square of the depth, and copy each formatting element left open into every block that
    follows: "<b><p>" repeated is a bomb. The count is rough; what it lets through is cheap to parse.
    """
    depth = formatting = copies = 0
    for found in _TAG.finditer(text):
        name = found.group(2).lower()
        if name in _VOID or found.group(0).endswith("/>"):
            continue
        step = -1 if found.group(1) else 1
        if name in _FORMATTING:
            formatting = max(0, formatting + step)
        elif step > 0:
            copies += formatting
        if name not in _SELF_CLOSED:
            depth = max(0, depth + step)
        if depth > DEEPEST or copies > _MOST_COPIES:
            return True
    return False


def _choose_title(*, stated: str, blocks: list[Block]) -> str:
    headings = [b.text for b in blocks if b.kind == "heading" and b.level == 1][:4]
    if not _JUNK_TITLE.search(stated):
        site_name = next((h for h in headings if stated.startswith(h)), "")
        return site_name or stated
    if headings:
        return " ".join(headings)[:300]
    return blocks[0].text[:300] if blocks else ""


class _Walk:
    """One walk over the tree, without recursion, that collects inline text and releases it at block borders."""

    def __init__(self, *, shown: str) -> None:
        self.shown = shown
        self.text: list[str] = []
        self.mark = ""
        self.size = 0
        self.budget = 0
        self.blocks: list[Block] = []

    def read(self, *, root: Any) -> list[Block]:
        """Return the blocks of the element ``root``."""
        self.size = len(root.text() or "")
        self.budget = _MOST_LOOKS * (self.size + 1_000)
        node, depth = root, 0
        skip = self._enter(node=node)
        while True:
            child = None if skip else node.child
            if child is not None:
                node, depth = child, depth + 1
                if depth > DEEPEST:
                    raise BrokenFile(file=self.shown, problem=f"its elements nest deeper than {DEEPEST}")
                skip = self._enter(node=node)
                continue
            while node.next is None or depth == 0:
                if depth == 0:
                    self._release(kind="paragraph", level=0)
                    return self.blocks
                node, depth = node.parent, depth - 1
                self._leave(node=node)
            node = node.next
            skip = self._enter(node=node)

    def _enter(self, *, node: Any) -> bool:  # noqa: PLR0911  (one return for each kind of element)
        """Take in what opens; tell whether what it holds is to be skipped."""
        tag = node.tag
        if tag == "-text":
            self.text.append(node.text_content or "")
            return True
        if tag in _DROPPED or tag.startswith(("-", "!")):
            return True
        if tag == "br":
            self.text.append(" ")
            return True
        if tag == "a" and (node.attributes.get("href") or "").startswith("#") and _CALL.match(node.text() or "x" * 9):
            return True
        if tag == "sup" and _CALL.match(node.text() or "") and (node.text() or "").strip("()[] ").isdigit():
            return True
        if tag in _BLOCKS:
            self._release(kind="paragraph", level=0)
            if self._is_furniture(node=node, tag=tag):
                return True
            if tag == "table":
                return self._enter_table(node=node)
            kind, level = _classify(node=node, tag=tag)
            if kind == "heading":
                self._add(text=node.text(separator="") or "", kind="heading", level=level)
                return True
        return False

    def _leave(self, *, node: Any) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            self._release(kind="item" if tag in {"li", "dd"} else "paragraph", level=0)

    def _is_furniture(self, *, node: Any, tag: str) -> bool:
        if tag in {"body", "html", "main", "article", "td", "tr", "table"}:
            return False
        if tag == "header":
            parent = node.parent
            return parent is None or parent.tag not in {"article", "main", "section"}
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''} {node.attributes.get('role') or ''}"
        size = self._weigh(node=node) if _FURNITURE.search(names) is not None else None
        if size is None:
            return False
        # A frame around the whole text may carry such a name too; only a small part of the page is furniture.
        return size < max(_SMALL, self.size // 4) and node.css_first("h1") is None

    def _weigh(self, *, node: Any) -> int | None:
        """Return the characters within an element; None once elements within elements were looked at 40 times over."""
        if self.budget < 0:
            return None
        size = len(node.text() or "")
        self.budget -= size + 1
        return size

    def _enter_table(self, *, node: Any) -> bool:
        """Tell a table of data, taken row by row, from the tables by which pages lay out their lists."""
        if self._weigh(node=node) is None or len(node.css("table")) > 1:
            return False
        rows = _rows(table=node)
        cells = [[" ".join((c.text(separator=" ") or "").split()) for c in row] for row in rows]
        if not rows or any(len(row) > 1 and _MARK.match(row[0]) for row in cells[:3]) or len(rows) == 1:
            return False
        if any(len(c.css("p")) > 3 for row in rows for c in row):  # noqa: PLR2004  (a cell of data holds few paragraphs)
            return False
        for row in cells:
            self._add(text=" | ".join(c for c in row if c), kind="table", level=0)
        return True

    def _release(self, *, kind: BlockKind, level: int) -> None:
        text = "".join(self.text)
        self.text.clear()
        self._add(text=text, kind=kind, level=level)

    def _add(self, *, text: str, kind: BlockKind, level: int) -> None:
        folded = " ".join(text.replace("\u200b", "").split())
        if not folded:
            return
        if kind != "heading" and _MARK.match(folded) and not self.mark:
            self.mark = folded
            return
        if self.mark:
            folded, kind, self.mark = f"{self.mark} {folded}", "item", ""
        self.blocks.append(Block(text=folded, kind=kind, level=level))


def _rows(*, table: Any) -> list[list[Any]]:
    rows = []
    for part in _children(node=table):
        for row in [part] if part.tag == "tr" else _children(node=part):
            if row.tag == "tr":
                rows.append([c for c in _children(node=row) if c.tag in {"td", "th"}])  # noqa: PERF401  (a list in a list)
    return rows


def _children(*, node: Any) -> Iterator[Any]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _classify(*, node: Any, tag: str) -> tuple[BlockKind, int]:
    if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():  # noqa: PLR2004  (h1 to h6)
        return "heading", int(tag[1])
    for name in (node.attributes.get("class") or "").split():
        level = _LEGAL_HEADINGS.get(name.removeprefix("oj-"))
        if level is not None:
            return "heading", level
    return "paragraph", 0
