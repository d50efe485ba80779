"""A report on a screen, in a pull request, and the example that the page works out."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example as for_example
from hypothesis import given, settings
from hypothesis import strategies as st

from conductor.core.footprint import READ, SESSION, SKILL, WRITTEN
from conductor.formats.report import html, markdown, text
from conductor.formats.report.document import document
from conductor.formats.report.outline import outline
from tests.conftest import ROOT, command
from tests.formats.reports import OPUS, empty, example, line, rich, tally

PAGE = ROOT / "docs/savings.md"
SCREEN = 60  # lines


def tables(report) -> str:
    """Give the two tables of the example as Markdown."""
    shown = markdown(report).split("## ")
    wanted = [part for part in shown if part.startswith(("Net savings", "How that comes about"))]
    rows = [row for part in wanted for row in [*re.findall(r"^\|.*$", part, re.MULTILINE), ""]]
    return "\n".join(rows).strip()


def test_the_worked_example_is_computed():
    only_opus = rich(savings=example(), baselines=rich().baselines[:1])
    block = f"<!-- example -->\n{tables(only_opus)}\n<!-- /example -->"
    assert block in PAGE.read_text(), block


def test_the_headline_of_the_example_by_hand():
    found = example()
    written = 24_000 - 3_600 - 6_000 - (20 + 5 + 2) * WRITTEN
    read = 24_000 + 6_000 + (20 + 5 + 2) * READ + 10 * (SESSION + SKILL)
    assert found.headline == (written, -read)
    assert OPUS.of(found.headline) == pytest.approx((written * 20 - read * 5) / 1_000_000)


def test_the_page_states_the_costs_that_are_counted():
    page = " ".join(PAGE.read_text().split())
    assert f"{WRITTEN} tokens written and {READ} read" in page
    assert f"{SESSION + SKILL:,} tokens read, once on every day" in page


def test_a_rich_report_fits_a_screen(snapshot):
    lines = text(rich()).splitlines()
    assert "\n".join(lines) == snapshot
    assert max(map(len, lines)) <= 100
    assert len(lines) <= SCREEN


def test_many_ensembles_still_fit_a_screen():
    judged = tally("human", 1, 2, 9)
    many = tuple(line(f"ensemble-{n}", "extraction", 50, judged) for n in range(40))
    lines = text(rich(lines=many)).splitlines()
    assert len(lines) <= SCREEN + 15
    assert "  … and 26 more: conductor report --format markdown" in lines
    assert "ensemble-39" in markdown(rich(lines=many))


def test_markdown_has_everything(snapshot):
    assert markdown(rich()) == snapshot


def test_no_name_breaks_out_of_a_table():
    hostile = line("a|b\n<img src=x>\x1b[2J", "[x](javascript:1)", 3, tally("human", 0, 0, 1))
    shown = markdown(rich(lines=(hostile,)))
    assert "a\\|b &lt;img src=x&gt;\\x1b" in shown
    assert "\\[x](javascript" in shown
    assert "\x1b" not in text(rich(lines=(hostile,)))


def test_before_anything_ran_the_first_step_is_told():
    assert text(empty()).splitlines()[0] == "Nothing has run yet."
    assert "conductor run" in text(empty())
    assert "Nothing has run yet." in markdown(empty())
    decided = replace(empty(), decisions={"claude": 2})
    assert "Decisions logged: 2 claude." in text(decided)


def test_what_is_shown_in_money_is_in_the_object():
    opus, haiku, unknown = document(rich())["money"]
    assert opus["shown"] == pytest.approx(OPUS.of(example().headline))
    assert haiku["stale"] is True
    assert (unknown["price"], unknown["shown"]) == (None, None)


def test_a_section_without_anything_to_say_is_left_out():
    keys = [one.key for one in outline(rich(paying={}, candidates=(), pending=()))]
    assert "unpaying" not in keys
    assert "next" not in keys


class Page(HTMLParser):
    """What a browser would find: the elements with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "line", "rect", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("line", "rect", "circle"):
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_says_what_markdown_says():
    found = " ".join(Page(html(rich())).text.replace("`", "").split())
    for section in outline(rich()):
        for cell in [section.title, *section.head, *(one for row in section.rows for one in row)]:
            assert cell in found


@pytest.mark.parametrize("report", [rich(), empty(), rich(lines=())], ids=["rich", "empty", "bare"])
def test_the_page_is_well_formed_and_loads_nothing(report):
    page = html(report)
    found = Page(page)
    assert found.open == []
    names = {name for _, attributes in found.tags for name in attributes}
    assert not names & {"src", "href", "srcset", "onload", "onclick", "style", "action"}
    assert not {tag for tag, _ in found.tags} & {"script", "img", "link", "iframe", "object"}
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


@given(st.text(max_size=40), st.text(max_size=40))
@for_example("<b>a</b>", "</td><script>")
@for_example("<a>", '"><img src=x onerror=y>')
@settings(max_examples=20)
def test_no_name_becomes_markup(name: str, judge: str):
    one = line(name, name, 3, tally(judge, 0, 0, 1))
    plain = rich(lines=(line("a", "a", 3, tally("b", 0, 0, 1)),))
    tags = [tag for tag, _ in Page(html(rich(lines=(one,)))).tags if tag != "code"]
    assert tags == [tag for tag, _ in Page(html(plain)).tags if tag != "code"]


def test_charts_say_in_words_what_they_show():
    drawn = [attributes for tag, attributes in Page(html(rich())).tags if tag == "svg"]
    assert len(drawn) == 3
    assert all(one["role"] == "img" and one["aria-label"] for one in drawn)


def test_on_paper_folded_tables_are_open_and_heads_stand_on_every_page():
    page = html(rich())
    tags = [tag for tag, _ in Page(page).tags]
    assert tags.count("thead") == tags.count("table") > 0
    printed = page.split("@media print")[1]
    assert "details::details-content { content-visibility: visible; }" in printed
    assert ".wide { overflow: visible; }" in printed


def test_a_file_is_written_whole(workspace: Path):
    done = command("report", "--format", "html", "--out", "r.html", folder=workspace)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "wrote r.html\n")
    assert (workspace / "r.html").read_text().startswith("<!doctype html>")
    refused = command("report", "--out", "policy", folder=workspace)
    assert refused.returncode == 3
    assert refused.stderr.startswith("policy: error: ")
