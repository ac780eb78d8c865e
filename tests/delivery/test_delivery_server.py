"""``npl-report distribute`` and the mail server: protected sessions, refusals, attempts, and connections that break."""

from __future__ import annotations

from collections.abc import Callable
from email.headerregistry import Address
from pathlib import Path

import pytest
from delivering import EN, EVERYBODY, ZH, events, ledger

from npl_report.delivery.mail import Settings
from npl_report.delivery.server import Server
from tests.helpers.mailing import FOLDER, LOOPBACK, Mailbox, certificate, mail_server, server_context, with_login
from tests.helpers.running import Ran

PASSWORD = "correct-horse-battery"  # noqa: S105 -- of the test's own server


def test_starttls_and_login(
    distribute: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sender: Path
):
    pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    box = Mailbox()
    with mail_server(
        box,
        tls_context=server_context(pem),
        require_starttls=True,
        authenticator=with_login("npl", PASSWORD),
        auth_required=True,
    ) as port:
        ran = distribute(port, "--send", TLS="starttls", USER="npl", PASSWORD=PASSWORD)
    assert ran.code == 0, ran.err
    assert box.mailed == EVERYBODY
    assert box.secure == [True] * 3
    assert PASSWORD not in ran.out + ran.err + (sender / "deliveries" / f"{FOLDER}.jsonl").read_text(encoding="utf-8")


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
        (
            {"TLS": "off", "USER": "npl", "PASSWORD": "wrong-secret"},
            True,
            "SMTP AUTH extension not supported by server",
        ),
    ],
)
def test_a_session_that_cannot_be_opened_sends_nothing(
    distribute: Callable[..., Ran],
    sender: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    said: str,
    *,
    trusted: bool,
):
    pem = certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    box = Mailbox()
    with mail_server(
        box, tls_context=server_context(pem), require_starttls=True, authenticator=with_login("npl", PASSWORD)
    ) as port:
        ran = distribute(port, "--send", **settings)
    assert ran.code == 1
    assert said in ran.err.partition("mail server: ")[2]
    assert "wrong-secret" not in ran.out + ran.err
    assert box.taken == []
    assert (sender / "deliveries" / f"{FOLDER}.jsonl").read_bytes() == b""


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


def test_a_refused_recipient_is_told_the_others_go_on_and_it_is_tried_again(
    distribute: Callable[..., Ran], sender: Path
):
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
    assert events(sender) == ["intent", "sent", "intent", "failed", "intent", "sent", "intent", "sent"]


@pytest.mark.parametrize("replies", [["451 try later"], ["451 try later", "452 full"]])
def test_what_fails_for_a_time_is_tried_up_to_three_times(distribute: Callable[..., Ran], replies: list[str]):
    box = Mailbox(replies=list(replies))
    with mail_server(box) as port:
        assert distribute(port, "--send").code == 0
    assert box.mailed == EVERYBODY


def test_after_three_attempts_the_next_goes_on(distribute: Callable[..., Ran], sender: Path):
    box = Mailbox(replies=["451 a", "451 b", "451 c"])
    with mail_server(box) as port:
        ran = distribute(port, "--send")
    assert (ran.code, ran.out.splitlines()[-1]) == (1, "1 failed, 2 sent")
    assert box.mailed == EVERYBODY[1:]
    assert ledger(sender)[1]["reason"] == "451 c"


def test_a_message_that_is_refused_for_good(distribute: Callable[..., Ran]):
    box = Mailbox(replies=["554 not wanted"])
    with mail_server(box) as port:
        ran = distribute(port, "--send")
    assert ran.code == 1
    assert "王芳: 554 not wanted" in ran.out
    assert box.mailed == EVERYBODY[1:]


def test_a_server_that_drops_after_some_and_a_second_run(distribute: Callable[..., Ran], sender: Path):
    """Forty recipients; the server takes seven messages, drops the connection, and is gone until the second run."""
    everybody = [f"r{number}@example.org" for number in range(40)]
    (sender / "investors.csv").write_text(
        "email,name,language\n"
        + "".join(f"{email},R,{'zh' if number % 2 else 'en'}\n" for number, email in enumerate(everybody)),
        encoding="utf-8",
    )
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


def test_a_server_that_goes_away_stops_the_run(distribute: Callable[..., Ran], sender: Path):
    """It is not asked once for each of those who are left."""
    box = Mailbox(leave_at=EN)
    with mail_server(box) as port:
        ran = distribute(port, "--send")
    assert (ran.code, ran.out.splitlines()[-1]) == (1, "1 sent, 1 failed, 1 not tried")
    assert box.mailed == [ZH]
    assert events(sender) == ["intent", "sent", "intent", "failed"]
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


def test_a_line_that_begins_with_a_full_stop_arrives_whole():
    """And a full stop alone on its line does not end the message."""
    box = Mailbox()
    with mail_server(box) as port:
        server = Server(
            Settings(
                LOOPBACK, port, Address("Research", addr_spec="research@example.org"), "off", "mailto:leave@example.org"
            )
        )
        server.take(EN, b"Subject: x\r\n\r\n.hidden\r\n.\r\nend\r\n")
        server.close()
    assert [message.get_content() for _, message in box.taken] == [".hidden\r\n.\r\nend\r\n"]
