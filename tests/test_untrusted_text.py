"""Article text is hostile: it reaches the page through `views/markup.py` alone, and never Markdown or a label."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from views import markup
from views.markup import Html, Mark, passage, plain, tag

ROOT = Path(__file__).parent.parent
MARKUP = ROOT / "views" / "markup.py"
SCRIPTS = ROOT / "views" / "scripts.py"
SCREEN = [ROOT / "app.py", *sorted((ROOT / "views").glob("*.py"))]
MARKDOWN = {
    "markdown",
    "write",
    "caption",
    "title",
    "header",
    "subheader",
    "error",
    "warning",
    "info",
    "success",
    "exception",
    "toast",
    "table",
    "latex",
    "metric",
    "status",
    "dialog",
    "spinner",
    "badge",
    "write_stream",
    "page_link",
    "feedback",
    "image",
    "video",
    "audio",
    "graphviz_chart",
    "iframe",
}
LABELLED = {
    "button",
    "download_button",
    "form_submit_button",
    "checkbox",
    "toggle",
    "radio",
    "selectbox",
    "multiselect",
    "text_input",
    "text_area",
    "date_input",
    "number_input",
    "file_uploader",
    "pills",
    "segmented_control",
    "tabs",
    "expander",
    "popover",
    "Page",
    "link_button",
    "progress",
}
CONSTANT_TABLES = {"FIELDS", "PAIR_JUDGEMENTS", "UNDO_WORDS", "UNDO_STEP_WORDS"}


def calls(path: Path) -> list[ast.Call]:
    """Every call in a module."""
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def fixed(node: ast.AST) -> bool:
    """Whether an argument can only be a text of the program's own."""
    if isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper()):
        return True
    if isinstance(node, ast.JoinedStr):
        return all(fixed(part.value if isinstance(part, ast.FormattedValue) else part) for part in node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        return ast.unparse(node.func.value) in CONSTANT_TABLES and all(map(fixed, node.args[1:]))
    if isinstance(node, ast.List | ast.Tuple):
        return all(map(fixed, node.elts))
    if isinstance(node, ast.IfExp):
        return fixed(node.body) and fixed(node.orelse)
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Name) and node.value.id in CONSTANT_TABLES
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "markup.in_label":
        return True
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "markup.aloud":
        return fixed(node.args[0])
    return ast.unparse(node) in {"kind.label", "label", "wording.job_share(job)"}


@pytest.mark.parametrize("path", [path for path in SCREEN if path != MARKUP], ids=lambda path: path.name)
def test_only_markup_writes_html(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "unsafe_allow" not in source and ("components" not in source or path == SCRIPTS)
    assert not [ast.unparse(call) for call in calls(path) if called(call) in {"html", "Html"}]


def test_markup_never_lets_scripts_in() -> None:
    assert "unsafe_allow" not in MARKUP.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SCREEN, ids=lambda path: path.name)
def test_nothing_is_written_as_markdown(path: Path) -> None:
    written = [call for call in calls(path) if called(call) in MARKDOWN and call.args]
    own = {"dialog", "spinner"}  # with texts of the program's own
    assert not [ast.unparse(call) for call in written if called(call) not in own or not fixed(call.args[0])]


def test_the_scripts_make_no_html_and_fetch_nothing() -> None:
    source = SCRIPTS.read_text(encoding="utf-8")
    for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch(", "XMLHttp", "import("):
        assert word not in source
    for call in calls(SCRIPTS):
        assert called(call) != "component" or {word.arg for word in call.keywords} == {"js"}


@pytest.mark.parametrize(
    "text", ["**bold**", "[a](javascript:x)", "$x$", ":material/bolt:", "<b>", "1. a", "~~a~~", "a\\*b"]
)
def test_a_label_is_no_markdown(text: str) -> None:
    escaped = markup.in_label(text)
    assert re.sub(r"\\(.)", r"\1", escaped) == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_$<>\[\]():~`.]", escaped)


def test_what_only_a_screen_reader_says_is_no_markdown_either_and_not_endless() -> None:
    assert markup.aloud("Open", " **bold**\n[a](javascript:x) ") == r"Open *\*\*bold\*\* \[a\]\(javascript\:x\)*"
    assert len(markup.aloud("Open", "word " * 1000)) < 200
    assert markup.aloud("Open", " \u202e ") == markup.aloud("Open", "") == "Open"


@pytest.mark.parametrize("path", SCREEN, ids=lambda path: path.name)
def test_labels_and_help_hold_no_data(path: Path) -> None:
    labels = [call.args[0] for call in calls(path) if called(call) in LABELLED and call.args]
    others = [
        word.value for call in calls(path) for word in call.keywords if word.arg in {"help", "placeholder", "icon"}
    ]
    assert not [ast.unparse(node) for node in (*labels, *others) if not fixed(node)]


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><b>", "a & b", "</p><style>*{}</style>",
])  # fmt: skip
def test_text_never_becomes_a_tag(text: str) -> None:
    built = tag("p", text, css="cc-claim-text")
    assert built.count("<") == 2 and built.count(">") == 2


def test_what_is_built_already_is_not_escaped_again() -> None:
    assert tag("p", tag("bdi", "a & b")) == '<p class="" dir="auto"><bdi class="" dir="auto">a &amp; b</bdi></p>'


def test_unseen_characters_are_left_out() -> None:
    assert plain("pay \u202edrawkcab\u2069 1\x00\u200f0\n\tthen") == "pay drawkcab 10\n\tthen"


def test_marks_stand_where_their_offsets_say() -> None:
    text = "He said <b>no</b> & left."
    built = passage(text, [Mark(8, 17, "claim"), Mark(3, 7, "source")])
    assert '<mark class="cc-mark cc-claim">&lt;b&gt;no&lt;/b&gt;</mark> &amp; left.' in built
    assert '<mark class="cc-mark cc-source">said</mark>' in built


def test_marks_that_overlap_or_lie_outside_are_left_out() -> None:
    built = passage("abcdef", [Mark(0, 4, "claim"), Mark(2, 5, "source"), Mark(5, 9, "source")])
    assert built.count("<mark") == 1 and built.endswith("ef</p>")


@pytest.mark.parametrize("build", [lambda: tag("script", "x"), lambda: passage("abc", [Mark(0, 1, "x onclick=y")])])
def test_only_known_tags_and_marks_are_made(build) -> None:
    with pytest.raises(ValueError, match="choose one of"):
        build()


def test_plain_strings_are_no_html() -> None:
    assert not isinstance("<p>", Html) and isinstance(markup.together(["<p>"]), Html)
    assert markup.together(["<p>"]) == "&lt;p&gt;"
