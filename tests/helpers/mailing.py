"""A small published edition, and a mail server of one's own on the loopback."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pikepdf
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from npl_report.files.hashing import digest
from npl_report.files.writing import MANIFEST, write_tree
from tests.helpers.manifests import some_manifest
from tests.helpers.running import ROOT

FOLDER = "2020-03"
LOOPBACK = "127.0.0.1"
NOTICE = {"zh": "本期数据为重构样本。", "en": "The data are a reconstructed sample."}
FRONT = {
    "zh": {
        "tag": "zh-CN",
        "name": "中文",
        "title": "不良资产证券化深度研究",
        "subtitle": "回收",
        "publisher": "研究组",
        "edition": "第2020-03期",
        "revision": "第1版",
        "as_of": "数据截至2020年3月17日",
        "published": "发布日期：2020年4月15日",
        "latest": "最新一期",
        "notice": NOTICE["zh"],
    },
    "en": {
        "tag": "en",
        "name": "English",
        "title": "NPL Securitisation Research",
        "subtitle": "Recoveries",
        "publisher": "The research group",
        "edition": "Edition 2020-03",
        "revision": "Revision 1",
        "as_of": "Data as of 17 March 2020",
        "published": "Published: 15 April 2020",
        "latest": "Latest edition",
        "notice": NOTICE["en"],
    },
}


def tiny_pdf(text: str, pages: int = 2) -> bytes:
    """A tagged PDF: one paragraph a page, drawn as WeasyPrint does, with the coordinates turned and never put back."""
    with pikepdf.new() as pdf:
        root = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot, K=pikepdf.Array()))
        numbers = pikepdf.Array()
        for index in range(pages):
            page = pdf.add_blank_page(page_size=(595.28, 841.89))
            page.Contents = pdf.make_stream(
                (
                    f"1 0 0 -1 0 841.89 cm\n/P <</MCID 0>> BDC\nBT 1 0 0 -1 72 100 Tm /F1 12 Tf ({text} "
                    f"{index + 1}) Tj ET\nEMC"
                ).encode()
            )
            page.Resources = pikepdf.Dictionary(
                Font=pikepdf.Dictionary(
                    F1=pikepdf.Dictionary(
                        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                    )
                )
            )
            page.StructParents = index
            item = pdf.make_indirect(
                pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.P, P=root, Pg=page.obj, K=0)
            )
            root.K.append(item)
            numbers.extend([index, pikepdf.Array([item])])
        root.ParentTree = pikepdf.Dictionary(Nums=numbers)
        pdf.Root.StructTreeRoot = root
        pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def fake_project(root: Path, *, revision: int = 1, notice: bool = True, address: str = "https://npl.example") -> Path:
    """A project with one published edition in site/, made by nothing but its hashes."""
    (root / "report").mkdir(parents=True, exist_ok=True)
    (root / "report" / "series.toml").write_text('id = "npl-research"\n', encoding="utf-8")
    shutil.copytree(ROOT / "templates", root / "templates", dirs_exist_ok=True)
    files: dict[str, bytes] = {
        "index.html": b"<!doctype html><title>door</title>",
        "inputs.zip": b"PK",
        "assets/site.css": b"p{}",
    }
    for language in FRONT:
        files[f"{language}/index.html"] = b"<!doctype html><title>page</title>"
        files[f"{language}/note.pdf"] = tiny_pdf(f"note {language}")
        files[f"downloads/tables.{language}.xlsx"] = b"PK" + language.encode()
    folder = FOLDER if revision == 1 else f"{FOLDER}-r{revision}"
    front = {
        language: words
        | {"notice": words["notice"] if notice else "", "revision": words["revision"].replace("1", str(revision))}
        for language, words in FRONT.items()
    }
    manifest = some_manifest(
        edition=FOLDER, revision=revision, languages=tuple(FRONT), series="npl-research", address=address, front=front
    )
    site = root / "site"
    site.mkdir(exist_ok=True)
    write_tree(site / folder, files, manifest)
    items = json.loads((site / "editions.json").read_bytes())["editions"] if (site / "editions.json").exists() else []
    items.append({"folder": folder, "manifest_sha256": digest((site / folder / MANIFEST).read_bytes())})
    (site / "editions.json").write_text(json.dumps({"editions": items}), encoding="utf-8")
    return root


@dataclass
class Mailbox:
    """The handler of the server: what it was given, and how it is to answer.

    ``refuse``: address → reply to RCPT. ``replies``: replies to the next messages; then all are taken. ``on_data`` is
    called with every message taken, before the answer. ``drop_after``: so many messages are taken, then every session
    breaks off. ``leave_at``: the recipient at whom the server goes away.
    """

    refuse: dict[str, str] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)
    on_data: Callable[[SMTP, int], None] | None = None
    drop_after: int | None = None
    leave_at: str = ""
    leave: Callable[[], None] = lambda: None
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients_tried: list[str] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    sessions: int = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.recipients_tried.append(address)
        if address == self.leave_at:
            self.leave()
        if self.drop_after is not None and len(self.taken) >= self.drop_after:
            server.transport.abort()
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.replies and not (reply := self.replies.pop(0)).startswith("250"):
            return reply
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.taken.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content, policy=policy.default)))
        self.secure.append(session.ssl is not None)
        if self.on_data:
            self.on_data(server, len(self.taken))
        return "250 OK"

    @property
    def mailed(self) -> list[str]:
        """Addresses in the order in which their messages were taken."""
        return [address for address, _ in self.taken]


@contextmanager
def mail_server(box: Mailbox, *, implicit: ssl.SSLContext | None = None, **options: Any) -> Iterator[int]:
    """A real SMTP server on the loopback, on a free port, in a thread of its own; stopped at the end.

    ``implicit``: TLS from the first byte.
    """
    loop = asyncio.new_event_loop()
    sock = socket.create_server((LOOPBACK, 0))
    transports: list[asyncio.BaseTransport] = []

    class Counted(SMTP):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            transports.append(transport)
            super().connection_made(transport)

    server = loop.run_until_complete(
        loop.create_server(lambda: Counted(box, hostname="localhost", loop=loop, **options), sock=sock, ssl=implicit)
    )

    def leave() -> None:
        server.close()
        for transport in transports:
            transport.abort()

    box.leave = leave
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def stop() -> None:
        leave()
        for _ in range(3):
            await asyncio.sleep(0)
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    try:
        yield sock.getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def with_login(user: str, password: str) -> Callable[..., AuthResult]:
    """An authenticator that knows one user."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (user.encode(), password.encode()), handled=False)

    return check


def certificate(folder: Path, *, name: str = LOOPBACK) -> Path:
    """A self-signed certificate for the loopback, with its key, as one PEM file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    place.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return place


def server_context(pem: Path) -> ssl.SSLContext:
    """The server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
