"""``distribute``: the note of a published edition to each recipient, in their language, once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from npl_report.delivery.ledger import Ledger, key_of, read_ledger, sending
from npl_report.delivery.mail import Note, Settings, compose, message_id
from npl_report.delivery.recipients import Recipient, read_recipients
from npl_report.delivery.server import NotTakenError, Server, UnansweredError
from npl_report.editions.folder import Published, published
from npl_report.files.hashing import digest
from npl_report.load.project import Project
from npl_report.model import InputError, Problem
from npl_report.model.progress import Progress
from npl_report.publish.verify import sound
from npl_report.text.words import Words, program_words

PAUSES = (2.0, 8.0)
"""Seconds before the second and the third attempt."""

Standing = Literal["to send", "to try again", "to resend", "sent before", "uncertain", "sent", "failed", "not tried"]
"""How it stands with a recipient: the first five before a run, the last six after it."""
DUE: frozenset[Standing] = frozenset({"to send", "to try again", "to resend"})


@dataclass(frozen=True)
class Order:
    """What the command line asks for. ``languages``: only recipients of these; all if it is empty."""

    folder: str
    recipients: Path
    languages: tuple[str, ...] = ()
    watermark: bool = False
    resend: bool = False


@dataclass(frozen=True)
class Delivery:
    """A recipient and how it stands; ``reason``: why it could not be sent."""

    recipient: Recipient
    standing: Standing
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """What will be sent to whom.

    ``notes``: language → published PDF; ``later``: folder of a later revision of the edition, or empty.
    """

    order: Order
    published: Published
    deliveries: tuple[Delivery, ...]
    notes: Mapping[str, bytes]
    words: Mapping[str, Words]
    later: str = ""

    @property
    def due(self) -> list[Delivery]:
        """Those who are to be mailed."""
        return [item for item in self.deliveries if item.standing in DUE]


def place_of(project: Project, folder: str) -> Path:
    """The ledger of an edition's deliveries."""
    return project.deliveries / f"{folder}.jsonl"


def plan(project: Project, order: Order, progress: Progress) -> Plan:
    """Verify the edition, read and check the list; InputError with every problem. Writes nothing."""
    edition = sound(project, order.folder, progress)
    outputs = edition.manifest.outputs
    languages = [language for language in edition.manifest.languages if f"{language}/note.pdf" in outputs]
    shown = f"{project.site.name}/{order.folder}"
    if not languages:
        fix = "distribute an edition that was published with its notes"
        raise InputError([Problem(shown, rule="holds no PDF note", fix=fix)])
    if strangers := [language for language in order.languages if language not in languages]:
        rule, fix = "the edition has no note in this language", f"languages: {', '.join(languages)}"
        raise InputError([Problem("--lang", value=", ".join(strangers), rule=rule, fix=fix)])
    recipients = read_recipients(order.recipients, str(order.recipients), languages)
    words = {language: program_words(language) for language in languages}
    if order.watermark:
        _check_glyphs(recipients, words, str(order.recipients))
    notes = {}
    for language in languages:
        path = f"{language}/note.pdf"
        notes[language] = (project.site / order.folder / path).read_bytes()
        if digest(notes[language]) != outputs[path]:
            fix = "run npl-report verify"
            raise InputError([Problem(f"{shown}/{path}", rule="was changed a moment ago", fix=fix)])
    ledger = read_ledger(place_of(project, order.folder))
    wanted = [item for item in recipients if not order.languages or item.language in order.languages]
    later = [
        item.folder
        for item in published(project.site)
        if item.place[1] == edition.place[1] and item.place[2] > edition.place[2]
    ]
    deliveries = tuple(Delivery(item, _standing(ledger, key_of(edition, item.email), order)) for item in wanted)
    return Plan(order, edition, deliveries, notes, words, later[-1] if later else "")


def _check_glyphs(recipients: tuple[Recipient, ...], words: Mapping[str, Words], shown: str) -> None:
    from npl_report.typesetting.fonts import check_glyphs

    problems: list[Problem] = []
    for item in recipients:
        try:
            check_glyphs(frozenset(watermark_line(item, words[item.language])), shown)
        except InputError as error:
            fix = "write the name with other characters, or send without --watermark"
            problems += (replace(problem, row=item.row, column="name", fix=fix) for problem in error.problems)
    if problems:
        raise InputError(problems)


def watermark_line(recipient: Recipient, words: Words) -> str:
    """The personal line at the foot of each page."""
    return str(words["mail.watermark"]).format(name=recipient.name, email=recipient.email)


def _standing(ledger: Ledger, key: str, order: Order) -> Standing:
    state = ledger.state(key)
    if state == "uncertain":
        return "to resend" if order.resend else "uncertain"
    return "sent before" if state == "sent" else "to try again" if state == "failed" else "to send"


def deliver(
    project: Project,
    plan: Plan,
    settings: Settings,
    progress: Progress,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Delivery]:
    """Send what is due, and tell of each recipient as soon as it is known how it stands.

    InputError before the first if the server cannot be reached.
    """
    with sending(place_of(project, plan.order.folder)) as ledger:
        server = Server(settings)
        due = [
            item
            for item in plan.deliveries
            if _standing(ledger, key_of(plan.published, item.recipient.email), plan.order) in DUE
        ]
        try:
            if due:
                progress(f"connect with {settings.host}")
                _reach(server)
            gone = ""
            for item in plan.deliveries:
                standing = _standing(ledger, key_of(plan.published, item.recipient.email), plan.order)
                if standing not in DUE:
                    yield Delivery(item.recipient, standing)
                elif gone:
                    yield Delivery(item.recipient, "not tried", gone)
                else:
                    done, lost = _deliver(server, ledger, plan, item.recipient, settings, now)
                    gone = done.reason if lost else ""
                    yield done
        finally:
            server.close()


def _reach(server: Server) -> None:
    """Open the session before anybody is noted as about to be mailed."""
    try:
        _attempts(server.open)
    except NotTakenError as error:
        fix = (
            "correct the settings NPL_SMTP_…, or try again later; "
            "for an authority of your own, name its file in SSL_CERT_FILE"
        )
        raise InputError([Problem("mail server", rule=error.reason, fix=fix)]) from None


def _attempts(action: Callable[[], None]) -> None:
    """Up to three attempts at what may work later; NotTakenError of the last."""
    for pause in PAUSES:
        try:
            action()
        except NotTakenError as error:
            if not error.temporary:
                raise
            time.sleep(pause)
        else:
            return
    action()


def _deliver(
    server: Server, ledger: Ledger, plan: Plan, recipient: Recipient, settings: Settings, now: Callable[[], datetime]
) -> tuple[Delivery, bool]:
    """Mail one recipient; whether the server is lost for those who follow."""
    words = plan.words[recipient.language]
    note = Note(plan.notes[recipient.language])
    if plan.order.watermark:
        from npl_report.delivery.watermark import watermarked

        note = Note(watermarked(note.data, watermark_line(recipient, words)), marked=True)
    when = now()
    message = compose(plan.published, recipient, note, settings, words, when).as_bytes()
    key = key_of(plan.published, recipient.email)
    facts = {
        "language": recipient.language,
        "message_id": message_id(plan.published, recipient, settings.sender),
        "sha256": digest(note.data),
    }
    ledger.write("intent", key, facts | {"at": _moment(when)})
    try:
        _attempts(lambda: server.take(recipient.email, message))
    except NotTakenError as error:
        ledger.write("failed", key, {"at": _moment(now()), "reason": error.reason})
        return Delivery(recipient, "failed", error.reason), error.gone
    except UnansweredError as error:  # the intent stands alone in the ledger, and that is what is known
        return Delivery(recipient, "uncertain", f"the connection broke before the server answered: {error}"), False
    ledger.write("sent", key, {"at": _moment(now())})
    return Delivery(recipient, "sent"), False


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds")
