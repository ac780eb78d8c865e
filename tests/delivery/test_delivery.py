"""``npl-report distribute`` against a real mail server on the loopback: what is sent, told and recorded.

The server: ``test_delivery_server.py``; stopped runs: ``test_delivery_ledger.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from delivering import EN, EVERYBODY, LIST, ZH, events, ledger
from pypdf import PdfReader

from npl_report.files.hashing import digest
from tests.helpers.mailing import FOLDER, Mailbox, fake_project, mail_server
from tests.helpers.running import Command, Ran


def test_each_gets_the_note_in_their_language_once(distribute: Callable[..., Ran], sender: Path):
    box = Mailbox()
    with mail_server(box) as port:
        ran = distribute(port, "--send")
        assert (ran.code, ran.out.splitlines()[-1]) == (0, "3 sent"), ran.err
        again = distribute(port, "--send")
    assert (again.code, again.out.splitlines()[-1]) == (0, "3 sent before")
    assert box.mailed == EVERYBODY
    for (address, message), language in zip(box.taken, ("zh", "en", "en"), strict=True):
        note = (sender / "site" / FOLDER / language / "note.pdf").read_bytes()
        (attached,) = message.iter_attachments()
        assert attached.get_content() == note
        body = message.get_body(("plain",))
        assert body is not None
        assert digest(note) in body.get_content()
        assert message["To"].addresses[0].addr_spec == address
        assert message["List-Unsubscribe"] == "<https://example.org/leave>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["Auto-Submitted"] == "auto-generated"
    assert box.taken[0][1]["Subject"] == "不良资产证券化深度研究｜第2020-03期"
    assert events(sender) == ["intent", "sent"] * 3
    assert [line["message_id"] for line in ledger(sender) if line["event"] == "intent"] == [
        message["Message-ID"] for _, message in box.taken
    ]


def test_the_ledger_names_nobody_and_is_for_its_owner_alone(distribute: Callable[..., Ran], sender: Path):
    box = Mailbox(refuse={EN: f"550 5.1.1 <{EN}>: no such user {EN}"})
    with mail_server(box) as port:
        distribute(port, "--send")
    place = sender / "deliveries" / f"{FOLDER}.jsonl"
    text = place.read_text(encoding="utf-8")
    assert "@example.org>" in text.replace("research@", "")  # only as the domain of Message-IDs
    for private in (*EVERYBODY, "王芳", "Anna", digest(EN.encode())):
        assert private not in text
    assert place.stat().st_mode & 0o077 == 0 or place.parent.stat().st_mode & 0o077 == 0
    assert "(address)" in ledger(sender)[3]["reason"]


def test_a_dry_run_sends_nothing_and_needs_no_settings(
    npl_report: Command, sender: Path, distribute: Callable[..., Ran]
):
    ran = npl_report("distribute", FOLDER, "--to", "investors.csv", cwd=sender)
    assert ran.code == 0, ran.err
    assert "needed before --send: environment: not set: NPL_SMTP_HOST, NPL_SMTP_FROM" in ran.out
    box = Mailbox()
    with mail_server(box) as port:
        told = distribute(port)
    assert told.out == (
        "zh: 不良资产证券化深度研究｜第2020-03期\nen: NPL Securitisation Research – Edition 2020-03\n"
        f"  to send       zh  {ZH}  王芳\n  to send       en  {EN}  Anna Schmidt\n"
        "  to send       en  bo@example.org  Bo\n"
        "3 to send; nothing was sent: give --send to send\n"
    )
    assert (box.sessions, box.taken) == (0, [])
    assert not (sender / "deliveries").exists()


def test_one_language_only(distribute: Callable[..., Ran]):
    box = Mailbox()
    with mail_server(box) as port:
        assert distribute(port, "--send", "--lang", "zh").code == 0
        assert box.mailed == [ZH]
        assert "--lang: found 'fr': the edition has no note in this language" in distribute(port, "--lang", "fr").err
        assert distribute(port, "--send").out.splitlines()[-1] == "1 sent before, 2 sent"
    assert sorted(box.mailed) == sorted(EVERYBODY)


def test_a_bad_list_sends_nothing(distribute: Callable[..., Ran], sender: Path):
    (sender / "investors.csv").write_text(LIST + "nobody,No,fr\n", encoding="utf-8")
    box = Mailbox()
    with mail_server(box) as port:
        ran = distribute(port, "--send")
    assert ran.code == 1
    assert "investors.csv, row 5, column email: found 'nobody': is not an e-mail address" in ran.err
    assert "investors.csv, row 5, column language: found 'fr'" in ran.err
    assert (box.sessions, box.taken) == (0, [])


def test_an_edition_that_was_changed_is_not_sent(distribute: Callable[..., Ran], sender: Path):
    (sender / "site" / FOLDER / "zh" / "note.pdf").write_bytes(b"%PDF")
    box = Mailbox()
    with mail_server(box) as port:
        ran = distribute(port, "--send")
    assert ran.code == 1
    assert "site/2020-03/zh/note.pdf: was changed since it was published" in ran.err
    assert box.sessions == 0


def test_a_watermark(distribute: Callable[..., Ran], sender: Path):
    box = Mailbox()
    with mail_server(box) as port:
        assert distribute(port, "--send", "--watermark").code == 0
    lines = (f"收件人：王芳（{ZH}）", f"Sent to Anna Schmidt ({EN})", "Sent to Bo (bo@example.org)")
    for (_, message), line, recorded in zip(
        box.taken, lines, [item for item in ledger(sender) if item["event"] == "intent"], strict=True
    ):
        (attached,) = message.iter_attachments()
        data = attached.get_content()
        (sender / "note.pdf").write_bytes(data)
        assert all(line in page.extract_text() for page in PdfReader(sender / "note.pdf").pages)
        body = message.get_body(("plain",))
        assert body is not None
        assert digest(data) in body.get_content()
        assert recorded["sha256"] == digest(data)


def test_a_name_that_cannot_be_printed_is_told_before(distribute: Callable[..., Ran], sender: Path):
    (sender / "investors.csv").write_text(LIST.replace("Bo,", "بو,"), encoding="utf-8")
    ran = distribute(1, "--watermark")
    assert ran.code == 1
    assert (
        "investors.csv, row 4, column name: found 'ب (U+0628) و (U+0648)': the font NPL Sans has no glyph for it"
        in ran.err
    )
    assert "send without --watermark" in ran.err


def test_as_json(distribute: Callable[..., Ran]):
    box = Mailbox(refuse={EN: "550 no such user"})
    with mail_server(box) as port:
        dry = json.loads(distribute(port, "--json").out)
        ran = distribute(port, "--send", "--json")
    assert (dry["ok"], dry["sent"], [item["standing"] for item in dry["recipients"]]) == (True, False, ["to send"] * 3)
    answer = json.loads(ran.out)
    assert (ran.code, ran.err, answer["ok"]) == (1, "", False)
    assert [(item["email"], item["standing"], item["reason"]) for item in answer["recipients"]] == [
        (ZH, "sent", ""),
        (EN, "failed", "550 no such user"),
        ("bo@example.org", "sent", ""),
    ]


def test_a_later_revision_is_named(distribute: Callable[..., Ran], sender: Path):
    fake_project(sender, revision=2)
    assert "note: a later revision is published, 2020-03-r2\n" in distribute(1).out
