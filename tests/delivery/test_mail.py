"""The settings of the mail server, and the message to one recipient."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import pytest

from npl_report.delivery.mail import Note, Settings, compose, message_id, read_settings
from npl_report.delivery.recipients import Recipient
from npl_report.editions.folder import Published, read_published
from npl_report.files.hashing import digest
from npl_report.model import InputError
from npl_report.text.words import program_words
from tests.helpers.mailing import FOLDER, NOTICE, fake_project
from tests.helpers.snapshots import assert_told

WHOLE = {
    "NPL_SMTP_HOST": "smtp.example.org",
    "NPL_SMTP_FROM": "研究组 <research@example.org>",
    "NPL_UNSUBSCRIBE": "mailto:leave@example.org?subject=unsubscribe",
}
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
WANG = Recipient("wang@example.cn", "王芳", "zh")
ANNA = Recipient("anna@example.org", "Anna, née O'Neil", "en")


def edition(tmp_path: Path, **options: object) -> Published:
    revision = int(str(options.get("revision", 1)))
    project = fake_project(tmp_path / "project", **options)  # type: ignore[arg-type]
    found = read_published(project / "site", FOLDER if revision == 1 else f"{FOLDER}-r{revision}")
    assert found is not None
    return found


def received(published: Published, recipient: Recipient, settings: Settings, *, marked: bool = False) -> EmailMessage:
    sent = compose(
        published, recipient, Note(b"%PDF", marked=marked), settings, program_words(recipient.language), NOW
    ).as_bytes()
    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    assert b"\n" not in sent.replace(b"\r\n", b"")
    return message_from_bytes(sent, policy=policy.default)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_defaults_of_the_settings():
    assert [read_settings(WHOLE | {"NPL_SMTP_TLS": tls}).port for tls in ("", "starttls", "tls")] == [587, 587, 465]
    settings = read_settings(WHOLE | {"NPL_SMTP_USER": "u", "NPL_SMTP_PASSWORD": " secret ", "NPL_SMTP_PORT": "2525"})
    assert (settings.host, settings.port, settings.tls, settings.user, settings.password) == (
        "smtp.example.org",
        2525,
        "starttls",
        "u",
        " secret ",
    )
    assert (settings.sender.display_name, settings.sender.addr_spec) == ("研究组", "research@example.org")
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_without_tls_on_this_machine_only(host: str):
    assert read_settings(WHOLE | {"NPL_SMTP_HOST": host, "NPL_SMTP_TLS": "off"}).port == 25


@pytest.mark.parametrize(
    ("case", "environment"),
    [
        ("mail-settings-missing", {}),
        ("mail-settings-password-missing", WHOLE | {"NPL_SMTP_USER": "u"}),
        ("mail-settings-off-beyond-loopback", WHOLE | {"NPL_SMTP_TLS": "off"}),
        (
            "mail-settings-wrong",
            {
                "NPL_SMTP_HOST": "smtp://example.org",
                "NPL_SMTP_PORT": "70000",
                "NPL_SMTP_TLS": "ssl",
                "NPL_SMTP_FROM": "a@example.org, b@example.org",
                "NPL_UNSUBSCRIBE": "http://example.org/leave",
                "NPL_SMTP_USER": "u",
                "NPL_SMTP_PASSWORD": "pässword",
            },
        ),
        (
            "mail-settings-injected",
            WHOLE
            | {
                "NPL_SMTP_FROM": "Research\r\nBcc: x@example.org <research@example.org>",
                "NPL_UNSUBSCRIBE": "https://example.org/a>\r\nBcc:b",
            },
        ),
    ],
)
def test_wrong_settings(case: str, environment: dict[str, str]):
    with pytest.raises(InputError) as refused:
        read_settings(environment)
    assert "ssword'" not in str(refused.value)
    assert_told(case, refused.value.problems)


def test_the_chinese_message(tmp_path: Path):
    published = edition(tmp_path)
    message = received(published, WANG, read_settings(WHOLE))
    assert str(message["To"]) == "王芳 <wang@example.cn>"
    assert str(message["From"]) == "研究组 <research@example.org>"
    assert message["Subject"] == "不良资产证券化深度研究｜第2020-03期"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<mailto:leave@example.org?subject=unsubscribe>"
    assert message["List-Unsubscribe-Post"] is None
    body = message.get_body(("plain",))
    assert body is not None
    assert body["Content-Language"] == "zh-CN"
    assert text_of(message) == (
        "王芳，您好：\n\n"
        "现发送《不良资产证券化深度研究——回收》第2020-03期研究报告，请查收附件。数据截至2020年3月17日；发布日期：2020年4月15日。\n\n"
        f"数据说明：{NOTICE['zh']}\n\n"
        "本期网站版载有各表的口径、公式与逐单明细：\nhttps://npl.example/2020-03/zh/index.html\n\n"
        f"附件：npl-research-2020-03.zh.pdf\nSHA-256：{digest(b'%PDF')}\n\n"
        "附件的 SHA-256 值与上列数值一致，即表明文件未经改动。\n\n"
        "本报告仅供参考，免责声明见报告文末。\n\n"
        "研究组\n\n"
        "本邮件发送给本系列报告的订阅者。退订方式：leave@example.org\n"
    )
    (attached,) = message.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename(), attached.get_content()) == (
        "application/pdf",
        "npl-research-2020-03.zh.pdf",
        b"%PDF",
    )


def test_the_english_message(tmp_path: Path):
    published = edition(tmp_path)
    message = received(
        published, ANNA, read_settings(WHOLE | {"NPL_UNSUBSCRIBE": "https://example.org/leave?list=npl"}), marked=True
    )
    assert message["To"].addresses[0].display_name == ANNA.name
    assert message["Subject"] == "NPL Securitisation Research – Edition 2020-03"
    assert message["List-Unsubscribe"] == "<https://example.org/leave?list=npl>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = text_of(message)
    assert text.startswith(
        "Dear Anna, née O'Neil,\n\n"
        "Please find attached Edition 2020-03 of our research series “NPL Securitisation Research: "
        "Recoveries”. Data as of 17 March 2020. Published: 15 April 2020.\n"
    )
    assert f"About the data: {NOTICE['en']}" in text
    assert "The foot of each page carries your name and address." in text
    assert text.endswith("To unsubscribe: https://example.org/leave?list=npl\n")


def test_without_notice_and_address_and_of_a_revision(tmp_path: Path):
    published = edition(tmp_path, revision=2, notice=False, address="")
    text = text_of(received(published, WANG, read_settings(WHOLE)))
    assert "数据说明" not in text
    assert "https:" not in text
    assert "《不良资产证券化深度研究——回收》第2020-03期（第2版）研究报告" in text


def test_long_addresses_and_names_stay_whole(tmp_path: Path):
    published = edition(tmp_path)
    leave = "https://example.org/" + "a" * 300
    sender = "Research <research@" + "sub." * 30 + "example.org>"
    recipient = Recipient("a" * 60 + "@" + "sub." * 30 + "example.org", "长" * 100, "zh")
    settings = read_settings(WHOLE | {"NPL_UNSUBSCRIBE": leave, "NPL_SMTP_FROM": sender})
    raw = compose(published, recipient, Note(b"%PDF"), settings, program_words("zh"), NOW).as_bytes().decode()
    assert f"List-Unsubscribe: <{leave}>\r\n" in raw
    assert f"Message-ID: {message_id(published, recipient, settings.sender)}\r\n" in raw
    message = received(published, recipient, settings)
    assert message["To"].addresses[0].addr_spec == recipient.email
    told = re.sub(r"\r\n ", " ", raw).partition("\r\nTo: ")[2].partition("\r\n")[0]
    assert str(make_header(decode_header(told))) == f"{recipient.name} <{recipient.email}>"


def test_the_message_id_depends_on_edition_recipient_and_language_alone(tmp_path: Path):
    settings = read_settings(WHOLE)
    first, revised = edition(tmp_path), edition(tmp_path, revision=2)
    ids = [
        message_id(published, recipient, settings.sender)
        for published in (first, revised)
        for recipient in (WANG, ANNA, Recipient(WANG.email, WANG.name, "en"))
    ]
    assert len(set(ids)) == 6
    assert all(re.fullmatch(r"<[0-9a-f]{32}\.2020-03(-r2)?@example\.org>", told) for told in ids)
    assert message_id(first, Recipient("Wang@Example.cn", "another name", "zh"), settings.sender) == ids[0]
