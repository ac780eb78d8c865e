"""``npl-report distribute`` against a real mail server on the loopback."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from mailing import FOLDER, LOOPBACK, Mailbox, certificate, fake_project, mail_server, server_context, with_login
from pypdf import PdfReader
from running import Command, Ran

from npl_report.publish.fingerprint import digest

ZH, EN = "wang@example.cn", "anna@example.org"
LIST = f"email,name,language\n{ZH},王芳,zh\n{EN},Anna Schmidt,en\nbo@example.org,Bo,en\n"
EVERYBODY = [ZH, EN, "bo@example.org"]
PASSWORD = "correct-horse-battery"  # noqa: S105 -- of the test's own server


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an edition and a list, and no pause between attempts."""
    monkeypatch.setattr("npl_report.publish.shelf.delivery.PAUSES", (0.0, 0.0))
    for name in [name for name in os.environ if name.startswith("NPL_SMTP_")]:
        monkeypatch.delenv(name)
    project = fake_project(tmp_path / "project")
    (project / "investors.csv").write_text(LIST, encoding="utf-8")
    return project


def environment(port: int, **others: str) -> dict[str, str]:
    named = {"HOST": LOOPBACK, "PORT": str(port), "FROM": "Research <research@example.org>", "TLS": "off", **others}
    return {f"NPL_SMTP_{name}": value for name, value in named.items()} | {"NPL_UNSUBSCRIBE": "https://example.org/leave"}


@pytest.fixture
def distribute(npl_report: Command, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs the command in this process against a server on a port."""

    def run(port: int, *arguments: str, **settings: str) -> Ran:
        for name, value in environment(port, **settings).items():
            monkeypatch.setenv(name, value)
        return npl_report("distribute", FOLDER, "--to", "investors.csv", *arguments, cwd=shelf)

    return run


def ledger(shelf: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (shelf / "deliveries" / f"{FOLDER}.jsonl").read_text(encoding="utf-8").splitlines()]


def events(shelf: Path) -> list[str]:
    return [line["event"] for line in ledger(shelf)]


def test_each_gets_the_note_in_their_language_once(distribute: Callable[..., Ran], shelf: Path):
    box = Mailbox()
    with mail_server(box) as port:
        ran = distribute(port, "--send")
        assert (ran.code, ran.out.splitlines()[-1]) == (0, "3 sent"), ran.err
        again = distribute(port, "--send")
    assert (again.code, again.out.splitlines()[-1]) == (0, "3 sent before")
    assert box.mailed == EVERYBODY
    for (address, message), language in zip(box.taken, ("zh", "en", "en"), strict=True):
        note = (shelf / "site" / FOLDER / language / "note.pdf").read_bytes()
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
    assert events(shelf) == ["intent", "sent"] * 3
    assert [line["message_id"] for line in ledger(shelf) if line["event"] == "intent"] == [message["Message-ID"] for _, message in box.taken]


def test_the_ledger_names_nobody_and_is_for_its_owner_alone(distribute: Callable[..., Ran], shelf: Path):
    box = Mailbox(refuse={EN: f"550 5.1.1 <{EN}>: no such user {EN}"})
    with mail_server(box) as port:
        distribute(port, "--send")
    place = shelf / "deliveries" / f"{FOLDER}.jsonl"
    text = place.read_text(encoding="utf-8")
    assert "@example.org>" in text.replace("research@", "")  # only as the domain of Message-IDs
    for private in (*EVERYBODY, "王芳", "Anna", digest(EN.encode())):
        assert private not in text
    assert place.stat().st_mode & 0o077 == 0 or place.parent.stat().st_mode & 0o077 == 0
    assert "(address)" in ledger(shelf)[3]["reason"]


def test_a_dry_run_sends_nothing_and_needs_no_settings(npl_report: Command, shelf: Path, distribute: Callable[..., Ran]):
    ran = npl_report("distribute", FOLDER, "--to", "investors.csv", cwd=shelf)
    assert ran.code == 0, ran.err
    assert "needed before --send: environment: not set: NPL_SMTP_HOST, NPL_SMTP_FROM" in ran.out
    box = Mailbox()
    with mail_server(box) as port:
        told = distribute(port)
    assert told.out == (
        "zh: 不良资产证券化深度研究｜第2020-03期\nen: NPL Securitisation Research – Edition 2020-03\n"
        f"  to send       zh  {ZH}  王芳\n  to send       en  {EN}  Anna Schmidt\n  to send       en  bo@example.org  Bo\n"
        "3 to send; nothing was sent: give --send to send\n"
    )
    assert (box.sessions, box.taken) == (0, [])
    assert not (shelf / "deliveries").exists()


def test_one_language_only(distribute: Callable[..., Ran]):
    box = Mailbox()
    with mail_server(box) as port:
        assert distribute(port, "--send", "--lang", "zh").code == 0
        assert box.mailed == [ZH]
        assert "--lang: found 'fr': the edition has no note in this language" in distribute(port, "--lang", "fr").err
        assert distribute(port, "--send").out.splitlines()[-1] == "1 sent before, 2 sent"
    assert sorted(box.mailed) == sorted(EVERYBODY)


def test_a_bad_list_sends_nothing(distribute: Callable[..., Ran], shelf: Path):
    (shelf / "investors.csv").write_text(LIST + "nobody,No,fr\n", encoding="utf-8")
    box = Mailbox()
    with mail_server(box) as port:
        ran = distribute(port, "--send")
    assert ran.code == 1
    assert "investors.csv, row 5, column email: found 'nobody': is not an e-mail address" in ran.err
    assert "investors.csv, row 5, column language: found 'fr'" in ran.err
    assert (box.sessions, box.taken) == (0, [])


def test_an_edition_that_was_changed_is_not_sent(distribute: Callable[..., Ran], shelf: Path):
    (shelf / "site" / FOLDER / "zh" / "note.pdf").write_bytes(b"%PDF")
    box = Mailbox()
    with mail_server(box) as port:
        ran = distribute(port, "--send")
    assert ran.code == 1
    assert "site/2020-03/zh/note.pdf: was changed since it was published" in ran.err
    assert box.sessions == 0


def test_a_watermark(distribute: Callable[..., Ran], shelf: Path):
    box = Mailbox()
    with mail_server(box) as port:
        assert distribute(port, "--send", "--watermark").code == 0
    lines = (f"收件人：王芳（{ZH}）", f"Sent to Anna Schmidt ({EN})", "Sent to Bo (bo@example.org)")
    for (_, message), line, recorded in zip(box.taken, lines, [item for item in ledger(shelf) if item["event"] == "intent"], strict=True):
        (attached,) = message.iter_attachments()
        data = attached.get_content()
        (shelf / "note.pdf").write_bytes(data)
        assert all(line in page.extract_text() for page in PdfReader(shelf / "note.pdf").pages)
        body = message.get_body(("plain",))
        assert body is not None
        assert digest(data) in body.get_content()
        assert recorded["sha256"] == digest(data)


def test_a_name_that_cannot_be_printed_is_told_before(distribute: Callable[..., Ran], shelf: Path):
    (shelf / "investors.csv").write_text(LIST.replace("Bo,", "بو,"), encoding="utf-8")
    ran = distribute(1, "--watermark")
    assert ran.code == 1
    assert "investors.csv, row 4, column name: found 'ب (U+0628) و (U+0648)': the font NPL Sans has no glyph for it" in ran.err
    assert "send without --watermark" in ran.err


def test_starttls_and_login(distribute: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shelf: Path):
    pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    box = Mailbox()
    with mail_server(box, tls_context=server_context(pem), require_starttls=True, authenticator=with_login("npl", PASSWORD), auth_required=True) as port:
        ran = distribute(port, "--send", TLS="starttls", USER="npl", PASSWORD=PASSWORD)
    assert ran.code == 0, ran.err
    assert box.mailed == EVERYBODY
    assert box.secure == [True] * 3
    assert PASSWORD not in ran.out + ran.err + (shelf / "deliveries" / f"{FOLDER}.jsonl").read_text(encoding="utf-8")


def test_tls_from_the_first_byte(distribute: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    box = Mailbox()
    with mail_server(box, implicit=server_context(pem)) as port:
        ran = distribute(port, "--send", TLS="tls")
    assert ran.code == 0, ran.err
    assert box.mailed == EVERYBODY


@pytest.mark.parametrize(
    ("settings", "trusted", "said"),
    [
        ({"TLS": "starttls"}, False, "is not trusted: self-signed certificate"),
        ({"TLS": "starttls", "HOST": "localhost"}, True, "is not trusted: Hostname mismatch"),
        ({"TLS": "starttls", "USER": "npl", "PASSWORD": "wrong-secret"}, True, "refused the login (535)"),
        ({"TLS": "off", "USER": "npl", "PASSWORD": "wrong-secret"}, True, "SMTP AUTH extension not supported by server"),
    ],
)
def test_a_session_that_cannot_be_opened_sends_nothing(
    distribute: Callable[..., Ran], shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str, *, trusted: bool
):
    pem = certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    box = Mailbox()
    with mail_server(box, tls_context=server_context(pem), require_starttls=True, authenticator=with_login("npl", PASSWORD)) as port:
        ran = distribute(port, "--send", **settings)
    assert ran.code == 1
    assert said in ran.err.partition("mail server: ")[2]
    assert "wrong-secret" not in ran.out + ran.err
    assert box.taken == []
    assert (shelf / "deliveries" / f"{FOLDER}.jsonl").read_bytes() == b""


def test_a_server_without_starttls_is_refused(distribute: Callable[..., Ran]):
    box = Mailbox()
    with mail_server(box) as port:
        ran = distribute(port, "--send", TLS="starttls")
    assert ran.code == 1
    assert "STARTTLS extension not supported by server" in ran.err
    assert box.taken == []


def test_no_server(distribute: Callable[..., Ran]):
    with mail_server(Mailbox()) as port:
        pass
    ran = distribute(port, "--send")
    assert ran.code == 1
    assert f"mail server: no connection with {LOOPBACK}:{port}: " in ran.err


def test_a_refused_recipient_is_told_the_others_go_on_and_it_is_tried_again(distribute: Callable[..., Ran], shelf: Path):
    box = Mailbox(refuse={EN: "550 no such user"})
    with mail_server(box) as port:
        ran = distribute(port, "--send")
        assert ran.code == 1
        assert f"  failed        en  {EN}  Anna Schmidt: 550 no such user\n" in ran.out
        assert ran.out.splitlines()[-1] == "2 sent, 1 failed"
        assert box.recipients_tried.count(EN) == 1  # what is refused for good is not tried again in the same run
        assert f"to try again  en  {EN}" in distribute(port).out
        box.refuse.clear()
        assert distribute(port, "--send").out.splitlines()[-1] == "2 sent before, 1 sent"
    assert sorted(box.mailed) == sorted(EVERYBODY)
    assert events(shelf) == ["intent", "sent", "intent", "failed", "intent", "sent", "intent", "sent"]


@pytest.mark.parametrize("replies", [["451 try later"], ["451 try later", "452 full"]])
def test_what_fails_for_a_time_is_tried_up_to_three_times(distribute: Callable[..., Ran], replies: list[str]):
    box = Mailbox(replies=list(replies))
    with mail_server(box) as port:
        assert distribute(port, "--send").code == 0
    assert box.mailed == EVERYBODY


def test_after_three_attempts_the_next_goes_on(distribute: Callable[..., Ran], shelf: Path):
    box = Mailbox(replies=["451 a", "451 b", "451 c"])
    with mail_server(box) as port:
        ran = distribute(port, "--send")
    assert (ran.code, ran.out.splitlines()[-1]) == (1, "1 failed, 2 sent")
    assert box.mailed == EVERYBODY[1:]
    assert ledger(shelf)[1]["reason"] == "451 c"


def test_a_message_that_is_refused_for_good(distribute: Callable[..., Ran]):
    box = Mailbox(replies=["554 not wanted"])
    with mail_server(box) as port:
        ran = distribute(port, "--send")
    assert ran.code == 1
    assert "王芳: 554 not wanted" in ran.out
    assert box.mailed == EVERYBODY[1:]


def test_a_server_that_drops_after_some_and_a_second_run(distribute: Callable[..., Ran], shelf: Path):
    """Forty recipients; the server takes seven messages, drops the connection, and is gone until the second run."""
    everybody = [f"r{number}@example.org" for number in range(40)]
    (shelf / "investors.csv").write_text("email,name,language\n" + "".join(f"{email},R,{'zh' if number % 2 else 'en'}\n" for number, email in enumerate(everybody)), encoding="utf-8")
    first, second = Mailbox(drop_after=7), Mailbox()
    with mail_server(first) as port:
        ran = distribute(port, "--send")
    assert ran.code == 1
    assert first.mailed == everybody[:7]
    assert "7 sent, 33 failed" in ran.out
    with mail_server(second) as port:
        ran = distribute(port, "--send")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "7 sent before, 33 sent")
    assert first.mailed + second.mailed == everybody


def test_a_server_that_goes_away_stops_the_run(distribute: Callable[..., Ran], shelf: Path):
    """It is not asked once for each of those who are left."""
    box = Mailbox(leave_at=EN)
    with mail_server(box) as port:
        ran = distribute(port, "--send")
    assert (ran.code, ran.out.splitlines()[-1]) == (1, "1 sent, 1 failed, 1 not tried")
    assert box.mailed == [ZH]
    assert events(shelf) == ["intent", "sent", "intent", "failed"]
    rest = Mailbox()
    with mail_server(rest) as port:
        assert distribute(port, "--send").code == 0
    assert box.mailed + rest.mailed == EVERYBODY


def test_a_connection_that_breaks_on_the_way_is_uncertain_and_not_mailed_again_unasked(distribute: Callable[..., Ran]):
    box = Mailbox()
    with mail_server(box) as port:
        box.on_data = lambda server, taken: server.transport.abort() if taken == 1 else None
        ran = distribute(port, "--send")
        assert (ran.code, ran.out.splitlines()[-1]) == (1, "1 uncertain, 2 sent")
        assert "--resend-uncertain mails them again" in ran.err
        assert box.mailed == EVERYBODY
        again = distribute(port, "--send")
        assert (again.code, again.out.splitlines()[-1]) == (1, "1 uncertain, 2 sent before")
        assert box.mailed == EVERYBODY
        assert f"to resend     zh  {ZH}" in distribute(port, "--resend-uncertain").out
        last = distribute(port, "--send", "--resend-uncertain")
        assert (last.code, last.out.splitlines()[-1]) == (0, "1 sent, 2 sent before")
        assert distribute(port, "--send", "--resend-uncertain").out.splitlines()[-1] == "3 sent before"
    assert box.mailed == [*EVERYBODY, ZH]
    assert box.taken[0][1]["Message-ID"] == box.taken[-1][1]["Message-ID"]


def test_killed_between_intent_and_sent(distribute: Callable[..., Ran], shelf: Path):
    """The server has the message and has not answered when the program is killed."""
    box = Mailbox()
    arrived, answer = threading.Event(), threading.Event()

    def hold(_: object, taken: int) -> None:
        if taken == 2:
            arrived.set()
            answer.wait(30)

    box.on_data = hold
    with mail_server(box) as port:
        command = [sys.executable, "-m", "npl_report", "distribute", FOLDER, "--to", "investors.csv", "--send"]
        running = subprocess.Popen(command, cwd=shelf, env=os.environ | environment(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert arrived.wait(60)
        os.kill(running.pid, signal.SIGKILL)
        assert running.wait(30) == -signal.SIGKILL
        answer.set()
        box.on_data = None
        assert events(shelf) == ["intent", "sent", "intent"]
        ran = distribute(port, "--send")
        assert (ran.code, ran.out.splitlines()[-1]) == (1, "1 sent before, 1 uncertain, 1 sent")
        assert box.mailed == EVERYBODY
        assert distribute(port, "--send", "--resend-uncertain").code == 0
    assert box.mailed == [*EVERYBODY, EN]
    assert box.taken[1][1]["Message-ID"] == box.taken[3][1]["Message-ID"]


@pytest.mark.parametrize(("full_at", "mailed", "told"), [(3, [ZH], "1 sent before, 2 to send"), (4, [ZH, EN], "1 sent before, 1 uncertain, 1 to send")])
def test_a_full_disk_stops_the_run(distribute: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, full_at: int, mailed: list[str], told: str):
    """Nothing is sent that cannot be recorded; what was sent and could not be recorded is uncertain."""
    write, lines = os.write, []

    def full(handle: int, data: bytes) -> int:
        if data.startswith(b'{"event"'):
            lines.append(data)
            if len(lines) >= full_at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data)

    box = Mailbox()
    with mail_server(box) as port:
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            ran = distribute(port, "--send")
        assert ran.code == 1
        assert ran.out.splitlines()[-1] == "1 sent"
        assert "deliveries/2020-03.jsonl: cannot be written: No space left on device" in ran.err
        assert "nothing was written" not in ran.err
        assert box.mailed == mailed
        assert distribute(port).out.splitlines()[-1].startswith(told)


def test_stopped_by_the_user(distribute: Callable[..., Ran], shelf: Path, monkeypatch: pytest.MonkeyPatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    box = Mailbox()
    with mail_server(box) as port:
        with monkeypatch.context() as patch:
            patch.setattr("smtplib.SMTP.send", lambda smtp, data: stop() if len(data) > 1000 else smtp.sock.sendall(data.encode() if isinstance(data, str) else data))
            ran = distribute(port, "--send")
        assert ran.code == 1
        assert "distribute: stopped\n    → run it again: it goes on where it stopped" in ran.err
        assert events(shelf) == ["intent"]
        assert distribute(port, "--send").out.splitlines()[-1] == "1 uncertain, 2 sent"


def test_one_run_at_a_time(distribute: Callable[..., Ran], shelf: Path):
    (shelf / "deliveries").mkdir()
    box = Mailbox()
    with mail_server(box) as port, FileLock(shelf / "deliveries" / ".lock"):
        ran = distribute(port, "--send")
    assert ran.code == 1
    assert "deliveries: another run is sending" in ran.err
    assert box.sessions == 0


def test_a_line_that_a_crash_cut_off_is_no_line(distribute: Callable[..., Ran], shelf: Path):
    box = Mailbox()
    place = shelf / "deliveries" / f"{FOLDER}.jsonl"
    with mail_server(box) as port:
        distribute(port, "--send", "--lang", "zh")
        whole = place.read_bytes()
        place.write_bytes(whole + b'{"event": "int')
        assert distribute(port, "--send").code == 0
        assert place.read_bytes().startswith(whole + b'{"event": "intent"')
        place.write_bytes(whole[:-20])  # the line that says sent
        assert distribute(port).out.splitlines()[-1] == "1 uncertain, 2 to send; nothing was sent: give --send to send"
    assert sorted(box.mailed) == sorted(EVERYBODY)


def test_a_damaged_ledger_sends_nothing(distribute: Callable[..., Ran], shelf: Path):
    box = Mailbox()
    with mail_server(box) as port:
        distribute(port, "--send", "--lang", "zh")
        place = shelf / "deliveries" / f"{FOLDER}.jsonl"
        place.write_bytes(b'{"event": "posted", "recipient": "x"}\n[]\n' + place.read_bytes())
        ran = distribute(port, "--send")
    assert ran.code == 1
    assert "deliveries/2020-03.jsonl, row 1: is no line of this ledger" in ran.err
    assert "deliveries/2020-03.jsonl, row 2: is no line of this ledger" in ran.err
    assert box.mailed == [ZH]


def test_as_json(distribute: Callable[..., Ran]):
    box = Mailbox(refuse={EN: "550 no such user"})
    with mail_server(box) as port:
        dry = json.loads(distribute(port, "--json").out)
        ran = distribute(port, "--send", "--json")
    assert (dry["ok"], dry["sent"], [item["standing"] for item in dry["recipients"]]) == (True, False, ["to send"] * 3)
    answer = json.loads(ran.out)
    assert (ran.code, ran.err, answer["ok"]) == (1, "", False)
    assert [(item["email"], item["standing"], item["reason"]) for item in answer["recipients"]] == [(ZH, "sent", ""), (EN, "failed", "550 no such user"), ("bo@example.org", "sent", "")]


def test_a_later_revision_is_named(distribute: Callable[..., Ran], shelf: Path):
    fake_project(shelf, revision=2)
    assert "note: a later revision is published, 2020-03-r2\n" in distribute(1).out
