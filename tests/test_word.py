"""Word documents are read as they stand with every change accepted, wherever in them the words are."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from claims.formats import read_bytes

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def xml(content: str):
    """A piece of a document; the first element gets the namespaces."""
    at = min(place for sign in " >" if (place := content.find(sign)) > 0)
    return parse_xml(f"{content[:at]} {SPACES}{content[at:]}")


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def read(document) -> str:
    out = io.BytesIO()
    document.save(out)
    return read_bytes("a.docx", out.getvalue())[0]


@pytest.mark.parametrize(
    ("between", "read_as"),
    [
        (f'<w:ins w:id="1">{run("not ")}</w:ins>', "did not approve it."),
        (f'<w:moveTo w:id="1">{run("not ")}</w:moveTo>', "did not approve it."),
        (f"<w:sdt><w:sdtContent>{run('not ')}</w:sdtContent></w:sdt>", "did not approve it."),
        (f'<w:smartTag w:element="x">{run("not ")}</w:smartTag>', "did not approve it."),
        (f'<w:fldSimple w:instr="DATE">{run("not ")}</w:fldSimple>', "did not approve it."),
        (f"<w:hyperlink>{run('not ')}</w:hyperlink>", "did not approve it."),
        ('<w:del w:id="1"><w:r><w:delText>not </w:delText><w:tab/></w:r></w:del>', "did approve it."),
        (f'<w:moveFrom w:id="1">{run("not ")}</w:moveFrom>', "did approve it."),
        (f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click here')}</w:sdtContent></w:sdt>",
         "did approve it."),
        ("<w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t><w:tab/></w:r>", "did co-op approve it."),
    ],
)  # fmt: skip
def test_a_change_or_a_control_in_a_sentence_does_not_turn_it_round(between, read_as):
    document = Document()
    paragraph = document.add_paragraph("The minister did ")
    paragraph.paragraph_format.tab_stops.add_tab_stop(1000)
    paragraph._p.append(xml(between))
    paragraph.add_run("approve it.")
    assert read(document) == f"The minister {read_as}"


def test_controls_text_boxes_and_notes_are_read_once():
    document = Document()
    control = f"<w:sdt><w:sdtContent><w:p>{run('In a control.')}</w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(0, xml(control))
    box = f"<w:txbxContent><w:p>{run('In a box.')}</w:p></w:txbxContent>"
    ways = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    paragraph = document.add_paragraph("In the ")
    paragraph._p.append(xml(f"<w:r><mc:AlternateContent>{ways}</mc:AlternateContent></w:r>"))
    paragraph.add_run("text.")
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0"><w:p>{run("-----")}</w:p></w:footnote>'
        f'<w:footnote w:id="1"><w:p>{run("In a note.")}</w:p></w:footnote></w:footnotes>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    assert read(document).split("\n\n") == ["In a control.", "In the text.", "In a box.", "In a note."]
