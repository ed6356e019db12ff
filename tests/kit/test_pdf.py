"""Uploaded PDFs keep their pages and lose what acts."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from povreg.kit import boxed, pdf as cleaning
from povreg.kit.pdf import Locked, Unreadable, harmless
from tests.pdfs import a_pdf

CRY = "app.alert(31415926)"


def script():
    return Dictionary(S=Name.JavaScript, JS=CRY)


def note(pdf, **facts):
    page = pdf.pages[0]
    facts = {"Type": Name.Annot, "Rect": [0, 0, 9, 9]} | facts
    page.Annots = Array([pdf.make_indirect(Dictionary(**facts))])


def on_opening(pdf):
    pdf.Root.OpenAction = script()


def by_name(pdf):
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", pdf.make_indirect(script())])))


def of_a_page(pdf):
    pdf.pages[0].AA = Dictionary(O=script())


def of_a_link(pdf):
    note(pdf, Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=Array([0]), Next=Array([script()])))


def long_script(pdf):
    note(pdf, Subtype=Name.Widget, A=Dictionary(S=Name.JavaScript, JS=pdf.make_stream(CRY.encode())))


def program(pdf):
    note(pdf, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=CRY))


def sent_away(pdf):
    field = Dictionary(T="a", A=Dictionary(S=Name.SubmitForm, F=CRY))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))


def computing_form(pdf):
    pdf.Root.AcroForm = Dictionary(XFA=pdf.make_stream(CRY.encode()), Fields=Array())


def file_inside(pdf):
    pdf.attachments["a.txt"] = CRY.encode()


def file_on_a_page(pdf):
    held = Dictionary(Type=Name.Filespec, F=CRY, EF=Dictionary(F=pdf.make_stream(CRY.encode())))
    note(pdf, Subtype=Name.FileAttachment, FS=held)


def player(pdf):
    note(pdf, Subtype=Name.RichMedia, RichMediaContent=Dictionary(Assets=pdf.make_stream(CRY.encode())))


ACTIVE = (
    *(on_opening, by_name, of_a_page, of_a_link, long_script, program, sent_away, computing_form),
    *(file_inside, file_on_a_page, player),
)


def plainly(content: bytes) -> bytes:
    """The file with everything unpacked, so that a text in it is found."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all, qdf=True)
    return out.getvalue()


@pytest.mark.parametrize("change", ACTIVE, ids=lambda change: change.__name__)
def test_what_acts_is_gone_and_the_page_stays(change):
    before = a_pdf(change)
    assert b"31415926" in plainly(before)
    after = harmless(before)
    assert b"31415926" not in plainly(after)
    with pikepdf.open(io.BytesIO(after)) as pdf:
        assert len(pdf.pages) == 1


def test_what_does_not_act_stays():
    def quiet(pdf):
        note(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="https://example.org/2718"))
        pdf.pages[0].Contents = pdf.make_stream(b"0 0 161803 9 re f")

    after = plainly(harmless(a_pdf(quiet)))
    assert b"example.org/2718" in after and b"161803" in after


def test_the_same_file_gives_the_same_bytes():
    content = a_pdf(on_opening)
    assert harmless(content) == harmless(content)


@pytest.mark.parametrize("passwords", [{"user": "a", "owner": "b"}, {"user": "", "owner": "b"}], ids=["open", "owner"])
def test_a_locked_file_is_refused(passwords):
    with pytest.raises(Locked):
        harmless(a_pdf(encryption=pikepdf.Encryption(**passwords)))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 nothing %%EOF", b"%PDF-1.4\ntrailer<<>>\n%%EOF\n"])
def test_an_unreadable_file_is_refused(content):
    with pytest.raises(Unreadable):
        harmless(content)


def test_a_file_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(cleaning, "SECONDS", 0.01)
    with pytest.raises(Unreadable):
        harmless(a_pdf())


def test_the_child_has_no_environment_and_a_failing_one_is_told(tmp_path, monkeypatch):
    (tmp_path / "look.py").write_text("import os, sys; sys.stdout.write(str('POVREG_HOME' in os.environ))")
    (tmp_path / "fail.py").write_text("import sys; sys.stdout.write('half'); sys.exit(3)")
    monkeypatch.setattr(boxed, "HERE", tmp_path)
    monkeypatch.setenv("POVREG_HOME", "/nowhere")
    assert boxed.turned("look.py", b"", 10) == b"False"
    with pytest.raises(boxed.Died):
        boxed.turned("fail.py", b"", 10)
