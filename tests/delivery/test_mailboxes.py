"""One mailbox in every header of ours that names one, whoever reads it and whatever the list calls a recipient.

The bytes on the wire, read by three readers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses
from pathlib import Path

import pytest
from delivering import LIST
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from npl_report.delivery.mail import Note, compose, read_settings
from npl_report.delivery.recipients import Recipient, read_recipients
from npl_report.editions.folder import Published, read_published
from npl_report.model import InputError
from npl_report.text.words import program_words
from tests.delivery.test_mail import NOW, WHOLE
from tests.helpers.mailing import FOLDER, Mailbox, fake_project, mail_server
from tests.helpers.running import Ran
from tests.helpers.snapshots import assert_told

LONG = "Schmidt-Mustermann, Anna-Katharina (Structured Credit Research, Example Asset Management)"
NASTY = (
    LONG,
    "a@example.com, b@example.com",
    "Anna <x@example.com>",
    'Anna "the, boss" \\',
    "\\" * 100,
    '"' * 100,
    "=?utf-8?q?Anna=2C_x=40example.com?=",
    "=?utf-8?b?QSwgeEBleGFtcGxlLmNvbQ==?= " * 2,
    "王芳（某某资产管理有限公司, 结构化融资部）" * 3,
    "Åse, x\u0301\u0302 (née), 👩🏽 " + "🇨🇳" * 30,
    "undisclosed-recipients:;",
    "Anna; Bo: team;",
    "(" * 60,
    "Müller, Anna <a@b.example>, " * 3,
    "a\u00a0,\u2003b",
    "A" * 100,
)
ADDRESS = "o'neil+npl@mail.example.org"
CHARACTERS = st.characters(exclude_categories=("Cc", "Cf", "Zl", "Zp", "Co", "Cs", "Cn"))
NAMES = st.one_of(
    st.text(CHARACTERS, min_size=1, max_size=100),
    st.text(st.sampled_from(' ,;:@<>()[]"\\=?_.ab王é\u0301👩'), min_size=1, max_size=100),
    st.lists(st.sampled_from((*NASTY, "=?utf-8?q?", "?=", ", ", " <", "> ", '"')), min_size=1, max_size=6).map(
        lambda parts: "".join(parts)[:100]
    ),
)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'
_ENCODED = r"=\?utf-8\?(?:b\?[A-Za-z0-9+/=]+|q\?(?:[A-Za-z0-9!*+/_-]|=[0-9A-F]{2})+)\?="
_SPEC = rf"{_ATOM}(?:\.{_ATOM})*@{_ATOM}(?:\.{_ATOM})*"
MAILBOX = re.compile(
    rf"(?:(?P<quoted>{_QUOTED})|(?P<encoded>{_ENCODED}(?: {_ENCODED})*)) <(?P<spec>{_SPEC})>|(?P<alone>{_SPEC})"
)
"""A mailbox of RFC 5322, 3.4, without what is obsolete and without comments, its name in one pair of quotes or in
encoded words (RFC 2047, 5: those of a phrase)."""


def headers(raw: bytes) -> dict[str, str]:
    """The headers of a message as they stand on the wire, unfolded; each once."""
    head = re.sub(r"\r\n(?=[ \t])", "", raw.partition(b"\r\n\r\n")[0].decode("ascii"))
    lines = [line.partition(": ") for line in head.split("\r\n")]
    assert len({name.lower() for name, _, _ in lines}) == len(lines)
    return {name: value for name, _, value in lines}


def assert_one_mailbox(raw: bytes, header: str, name: str, address: str) -> None:
    """By the grammar, by the old and the new parser of the standard library, and by what decodes names afterwards."""
    value = headers(raw)[header]
    found = MAILBOX.fullmatch(value)
    assert found, value
    assert (found["spec"] or found["alone"]) == address
    assert [spec for _, spec in getaddresses([value])] == [address]
    shown = getaddresses([value])[0][0]
    assert str(make_header(decode_header(shown))) == name if found["encoded"] else shown == name
    parsed = message_from_bytes(raw, policy=policy.default)[header]
    assert [item.addr_spec for item in parsed.addresses] == [address]
    assert not parsed.defects
    assert all(len(word) <= 75 for word in re.findall(_ENCODED, value))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    found = read_published(fake_project(tmp_path_factory.mktemp("mailboxes")) / "site", FOLDER)
    assert found
    return found


def listed(folder: Path, name: str) -> Recipient:
    """The recipient as the list gives it; a name that the list refuses is no example."""
    path = folder / "investors.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("email", "name", "language"), (ADDRESS, name, "en")])
    try:
        return read_recipients(path, path.name, ("en",))[0]
    except InputError:
        assume(False)
        raise


def with_nasty_examples(test: Callable[..., None]) -> Callable[..., None]:
    for name in NASTY:
        test = example(name=name)(test)
    return test


@with_nasty_examples
@given(name=NAMES)
@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_mailbox_for_any_name_of_the_list(published: Published, tmp_path: Path, name: str):
    recipient = listed(tmp_path, name)
    raw = compose(published, recipient, Note(b"%PDF"), read_settings(WHOLE), program_words("en"), NOW).as_bytes()
    assert_one_mailbox(raw, "To", recipient.name, ADDRESS)
    assert_one_mailbox(raw, "From", "研究组", "research@example.org")
    assert headers(raw)["List-Unsubscribe"] == f"<{WHOLE['NPL_UNSUBSCRIBE']}>"


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        (f"{LONG} <research@example.org>", LONG),
        (f'"{LONG}" <research@example.org>', LONG),
        ("=?utf-8?q?a=40b=2C?= <research@example.org>", "=?utf-8?q?a=40b=2C?="),
        ("研究组, 某某 <research@example.org>", "研究组, 某某"),
        ("research@example.org", ""),
    ],
)
def test_one_sender(published: Published, sender: str, name: str):
    raw = compose(
        published,
        Recipient(ADDRESS, LONG, "en"),
        Note(b"%PDF"),
        read_settings(WHOLE | {"NPL_SMTP_FROM": sender}),
        program_words("en"),
        NOW,
    ).as_bytes()
    assert_one_mailbox(raw, "From", name, "research@example.org")


def test_where_to_unsubscribe_stands_as_it_was_given(published: Published):
    leave = "https://example.org/leave?a==?utf-8?q?b=2C?=&c=" + "d" * 200
    raw = compose(
        published,
        Recipient(ADDRESS, LONG, "en"),
        Note(b"%PDF"),
        read_settings(WHOLE | {"NPL_UNSUBSCRIBE": leave}),
        program_words("en"),
        NOW,
    ).as_bytes()
    assert headers(raw)["List-Unsubscribe"] == f"<{leave}>"


def test_a_sender_with_a_long_name_is_refused():
    with pytest.raises(InputError) as refused:
        read_settings(WHOLE | {"NPL_SMTP_FROM": f"{'A' * 101} <research@example.org>"})
    assert_told("mail-settings-long-name", refused.value.problems)


def test_on_the_wire(sender: Path, distribute: Callable[..., Ran]):
    """What a mail server is handed."""
    path = sender / "investors.csv"
    known = [line.split(",") for line in LIST.splitlines()[1:]]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [(f"r{number}@example.org", name, "zh" if number % 2 else "en") for number, name in enumerate(NASTY)]
        csv.writer(file).writerows([("email", "name", "language"), *rows, *known])
    names = {item.email: item.name for item in read_recipients(path, path.name, ("zh", "en"))}
    box = Mailbox()
    with mail_server(box) as port:
        ran = distribute(port, "--send", FROM=f"{LONG} <research@example.org>")
    assert ran.code == 0, ran.err
    assert box.mailed == list(names)
    for raw, address in zip(box.raw, box.mailed, strict=True):
        assert_one_mailbox(raw, "To", names[address], address)
        assert_one_mailbox(raw, "From", LONG, "research@example.org")
        assert headers(raw)["List-Unsubscribe"] == "<https://example.org/leave>"
