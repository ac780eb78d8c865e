"""An edition, a recipient and the server's settings → the message, byte for byte but for its date."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, HeaderRegistry, UniqueSingleAddressHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, quote
from ipaddress import ip_address
from typing import Any, Literal, cast

from npl_report.delivery.recipients import LONGEST, Recipient, has_hidden, is_address, same_mailbox
from npl_report.editions.folder import Published
from npl_report.files.hashing import digest
from npl_report.model import InputError, Problem
from npl_report.text.words import Words

Tls = Literal["starttls", "tls", "off"]
_PORTS: Mapping[str, int] = {"starttls": 587, "tls": 465, "off": 25}
"""RFC 6409 (submission), RFC 8314 (submission under TLS), RFC 5321."""
_NEEDED = ("NPL_SMTP_HOST", "NPL_SMTP_FROM", "NPL_UNSUBSCRIBE")
_LONGEST_PORT = 65535
_LONGEST_LINE = 900
"""RFC 5322, 2.1.1 allows 998 characters a line; the header's name stands on it too."""
_ENCODED_LINE = 76
"""RFC 2047, 2: the longest line that holds an encoded word."""
_MAILBOX = re.compile(r'"?([^"<>]*?)"?\s*<([^<>\s]+)>|([^<>\s]+)')
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


@dataclass(frozen=True)
class Settings:
    """The mail server and what stands in every message's head. The password is never printed."""

    host: str
    port: int
    sender: Address
    tls: Tls
    unsubscribe: str
    user: str = ""
    password: str = field(default="", repr=False)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of the environment.

    InputError with everything that is missing, in one message, and everything that is wrong.
    """
    values = {
        name: environment.get(name, "").strip() for name in (*_NEEDED, "NPL_SMTP_PORT", "NPL_SMTP_TLS", "NPL_SMTP_USER")
    }
    password = environment.get("NPL_SMTP_PASSWORD", "")
    problems = list(_wrong(values, password))
    missing = [name for name in _NEEDED if not values[name]]
    if values["NPL_SMTP_USER"] and not password:
        missing.append("NPL_SMTP_PASSWORD")
    if password and not values["NPL_SMTP_USER"]:
        missing.append("NPL_SMTP_USER")
    if missing:
        problems.insert(
            0,
            Problem(
                "environment",
                rule=f"not set: {', '.join(missing)}",
                fix="set them before the command; npl-report guide mail says what each holds",
            ),
        )
    if problems:
        raise InputError(problems)
    tls = cast("Tls", values["NPL_SMTP_TLS"] or "starttls")
    name, email = _mailbox(values["NPL_SMTP_FROM"])
    port = int(values["NPL_SMTP_PORT"] or _PORTS[tls])
    return Settings(
        values["NPL_SMTP_HOST"],
        port,
        Address(name, addr_spec=email),
        tls,
        values["NPL_UNSUBSCRIBE"],
        values["NPL_SMTP_USER"],
        password,
    )


def _wrong(values: Mapping[str, str], password: str) -> list[Problem]:
    """Every setting that cannot be what it says."""
    return [
        Problem("environment", column=name, value=values.get(name), rule=rule, fix=fix)
        for name, rule, fix in (*_wrong_server(values), *_wrong_addresses(values), *_wrong_login(values, password))
    ]


def _wrong_server(values: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Setting, rule and remedy, for what is wrong with the place of the server."""
    host, port, tls = values["NPL_SMTP_HOST"], values["NPL_SMTP_PORT"], values["NPL_SMTP_TLS"]
    if host and (has_hidden(host) or re.search(r"[\s/@]", host) or not host.isascii()):
        fix = "write it without scheme and port, as in smtp.example.org"
        yield "NPL_SMTP_HOST", "must be the name or address of a host", fix
    if port and not (re.fullmatch(r"\d{1,5}", port, re.ASCII) and 0 < int(port) <= _LONGEST_PORT):
        fix = "leave it out for 587 (starttls) or 465 (tls)"
        yield "NPL_SMTP_PORT", f"must be a whole number from 1 to {_LONGEST_PORT}", fix
    if tls and tls not in _PORTS:
        yield "NPL_SMTP_TLS", f"must be one of {', '.join(_PORTS)}", "leave it out for starttls"
    if tls == "off" and host and not _is_loopback(host):
        fix = "use starttls or tls; off is for a server on this machine"
        yield "NPL_SMTP_TLS", f"mail to {host} would go through the network unprotected", fix


def _wrong_addresses(values: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The same for the sender, and for the address to unsubscribe."""
    sender, leave = values["NPL_SMTP_FROM"], values["NPL_UNSUBSCRIBE"]
    if sender and (has_hidden(sender) or not is_address(_mailbox(sender)[1])):
        fix = "write it as in Research <research@example.org>"
        yield "NPL_SMTP_FROM", "must be one address, with or without a name", fix
    elif len(_mailbox(sender)[0]) > LONGEST:
        yield "NPL_SMTP_FROM", f"its name must have at most {LONGEST} characters", "shorten it"
    if leave and not (
        re.fullmatch(r"(mailto:[^\s<>@,]+@[^\s<>@,]+|https://[^\s<>,/]+[^\s<>,]*)", leave)
        and leave.isascii()
        and not has_hidden(leave)
        and len(leave) <= _LONGEST_LINE
    ):
        fix = "write it as in mailto:unsubscribe@example.org or https://example.org/unsubscribe"
        yield "NPL_UNSUBSCRIBE", "must be a mailto: or https: address", fix


def _wrong_login(values: Mapping[str, str], password: str) -> Iterator[tuple[str, str, str]]:
    """The same for user and password, whose values no message shows."""
    if any(not text.isascii() or has_hidden(text) for text in (password, values["NPL_SMTP_USER"])):
        fix = "set a password of such characters at the mail server"
        yield "NPL_SMTP_USER, NPL_SMTP_PASSWORD", "must be printable ASCII", fix


def _mailbox(text: str) -> tuple[str, str]:
    """``Name <address>`` or an address alone → name and address; both empty for anything else."""
    found = _MAILBOX.fullmatch(text)
    return (found[1] or "", found[2] or found[3]) if found else ("", "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Note:
    """The PDF that goes to one recipient. ``marked``: it bears the recipient's name."""

    data: bytes
    marked: bool = False


def file_name(published: Published, language: str) -> str:
    """Name of a note outside its folder: series, edition, language.

    Plain ASCII, for any mail program and file system.
    """
    return f"{series_name(published)}-{published.folder}.{language}.pdf"


def series_name(published: Published) -> str:
    """The id of the series as part of a file's name."""
    return "-".join(_WORD.findall(published.manifest.series)) or "report"


def subject(published: Published, language: str, words: Words) -> str:
    """Title of the series and edition."""
    return str(words["mail.subject"]).format(
        title=published.manifest.front[language]["title"], edition=edition_name(published, language, words)
    )


def edition_name(published: Published, language: str, words: Words) -> str:
    """``Edition 2020-03``, with its revision from the second on."""
    front = published.manifest.front[language]
    return (
        str(front["edition"])
        if published.place[2] == 1
        else str(words["mail.edition"]).format(edition=front["edition"], revision=front["revision"])
    )


def message_id(published: Published, recipient: Recipient, sender: Address) -> str:
    """The same for the same edition of a series, recipient and language, so that mail servers can drop a double."""
    told = "\0".join((published.manifest.series, published.folder, same_mailbox(recipient.email), recipient.language))
    return f"<{digest(told.encode())[:32]}.{published.folder}@{sender.domain}>"


def compose(
    published: Published, recipient: Recipient, note: Note, settings: Settings, words: Words, now: datetime
) -> EmailMessage:
    """The message: text, the PDF, and the headers of a mailing that is not answered by machines.

    The headers are those of RFC 3834, RFC 2369 and RFC 8058.
    """
    message = EmailMessage(_POLICY)
    message["From"] = settings.sender
    message["To"] = Address(recipient.name, addr_spec=recipient.email)
    message["Subject"] = subject(published, recipient.language, words)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(published, recipient, settings.sender)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{settings.unsubscribe}>"
    if settings.unsubscribe.startswith("https:"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    tag = published.manifest.front[recipient.language]["tag"]
    message.set_content(body(published, recipient, note, settings, words), headers=[f"Content-Language: {tag}"])
    message.add_attachment(
        note.data, maintype="application", subtype="pdf", filename=file_name(published, recipient.language)
    )
    return message


def body(published: Published, recipient: Recipient, note: Note, settings: Settings, words: Words) -> str:
    """The text of the message: paragraphs with an empty line between."""
    language = recipient.language
    front = published.manifest.front[language]

    def said(key: str) -> str:
        return str(words[key])

    notice, online = said("mail.notice"), said("mail.online")
    about = {
        "title": front["title"],
        "subtitle": front["subtitle"],
        "edition": edition_name(published, language, words),
    }
    parts = [
        said("mail.greeting").format(name=recipient.name),
        said("mail.lead").format(**about)
        + str(words["ui.between_sentences"])
        + said("mail.dates").format(as_of=front["as_of"], published=front["published"]),
    ]
    if front["notice"]:
        parts.append(f"{notice}{words['ui.colon']}{front['notice']}")
    if address := published.manifest.address:
        parts.append(f"{online}\n{address}/{published.folder}/{language}/index.html")
    parts.append(
        said("mail.attachment").format(file=file_name(published, language))
        + "\n"
        + said("mail.hash").format(hash=hashlib.sha256(note.data).hexdigest())
    )
    parts.append(said("mail.check") + (str(words["ui.between_sentences"]) + said("mail.marked") if note.marked else ""))
    parts += [
        said("mail.disclaimer"),
        str(front["publisher"]),
        said("mail.unsubscribe").format(address=_told(settings.unsubscribe)),
    ]
    return "\n\n".join(parts) + "\n"


def _told(address: str) -> str:
    """An address to unsubscribe, as the text names it: a mailbox without scheme and query."""
    return address.removeprefix("mailto:").partition("?")[0] if address.startswith("mailto:") else address


class _Whole(UnstructuredHeader):
    """A header on one line, as it was given.

    An address in it must not be broken or encoded, as the library does with what is longer than a line.
    """

    name: str

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """The library would decode what looks like an encoded word of RFC 2047."""
        super().parse(value, kwds)
        kwds["decoded"] = value

    def fold(self, *, policy: Policy) -> str:
        """Name and value."""
        return f"{self.name}: {self}{policy.linesep}"


class _Mailbox(UniqueSingleAddressHeader):
    """A name and an address.

    The library leaves out the quotes of a name that it breaks, and commas and brackets in it then part or comment
    addresses.
    """

    name: str

    def fold(self, *, policy: Policy) -> str:
        """The name whole in its quotes, or in encoded words (RFC 2047, 2 and 5).

        The latter is for a name of other letters, and for one that looks like such words itself.
        """
        name, address = self.address.display_name, self.address.addr_spec
        if not name:
            return f"{self.name}: {address}{policy.linesep}"
        plain = name.isascii() and "=?" not in name
        phrase = (
            f'"{quote(name)}"'
            if plain
            else Header(name, "utf-8", _ENCODED_LINE, self.name).encode(linesep=policy.linesep)
        )
        return f"{self.name}: {phrase}{policy.linesep} <{address}>{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("list-unsubscribe", "message-id"):
        registry.map_to_type(name, cast("Any", _Whole))
    for name in ("from", "to"):
        registry.map_to_type(name, cast("Any", _Mailbox))
    return registry


_POLICY = SMTP.clone(header_factory=_headers(), cte_type="7bit")
"""Seven bits, so that a server without 8BITMIME takes it too."""
