"""A message → the mail server, and whether it has taken it: yes, certainly not, or unknown.

That is the one question that matters afterwards. smtplib's ``sendmail`` does not tell a connection that broke before
the message from one that broke after it, so the steps are taken one by one (RFC 5321, 3.3).
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl

from npl_report.delivery.mail import Settings

_SECONDS = 60.0
_SECONDS_AT_END = 600.0
"""RFC 5321, 4.5.3.2.6: a server may take ten minutes to answer the end of the data."""
_OK, _FORWARDED, _START, _CLOSING = 250, 251, 354, 421
_TEMPORARY = range(400, 500)
_AN_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")


class NotTakenError(Exception):
    """The server has not taken the message.

    ``temporary``: it may do so later; ``gone``: it cannot be reached at all.
    """

    def __init__(self, reason: str, *, temporary: bool, gone: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.temporary, self.gone = reason, temporary, gone


class UnansweredError(Exception):
    """The connection broke after the message was on its way: the server may have taken it."""


class Server:
    """One session with the mail server, opened when it is needed and opened again after it broke."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect and log in, if that is not done; NotTakenError with the reason if it cannot be done."""
        self._session()

    def _session(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = self._connected()
        return self._smtp

    def close(self) -> None:
        """End the session."""
        if self._smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._drop()

    def take(self, recipient: str, message: bytes) -> None:
        """Hand one message over, in one attempt. ``message``: lines end in CRLF."""
        smtp = self._session()
        self._announce(smtp, recipient, len(message))
        try:
            _wait(smtp, _SECONDS_AT_END)
            smtp.send(re.sub(rb"(?m)^\.", b"..", message) + b".\r\n")
            code, text = smtp.getreply()
            _wait(smtp, _SECONDS)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise UnansweredError(_plain(error)) from None
        except BaseException:  # Ctrl-C: a session in the middle of a message must not be used to say goodbye
            self._drop()
            raise
        self._expect((code, text), (_OK,))

    def _announce(self, smtp: smtplib.SMTP, recipient: str, size: int) -> None:
        """Everything before the message itself; whatever breaks here, nothing was sent."""
        try:
            self._expect(
                smtp.mail(self._settings.sender.addr_spec, [f"size={size}"] if smtp.has_extn("size") else []), (_OK,)
            )
            self._expect(smtp.rcpt(recipient), (_OK, _FORWARDED))
            self._expect(smtp.docmd("DATA"), (_START,))
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotTakenError(f"the connection broke: {_plain(error)}", temporary=True) from None

    def _expect(self, reply: tuple[int, bytes], wanted: tuple[int, ...]) -> None:
        code, text = reply
        if code in wanted:
            return
        if code == _CLOSING or self._smtp is None:
            self._drop()
        else:
            try:
                self._smtp.rset()
            except (smtplib.SMTPException, OSError):
                self._drop()
        said = _AN_ADDRESS.sub("(address)", " ".join(text.decode(errors="replace").split()))  # the ledger names nobody
        raise NotTakenError(f"{code} {said}".strip(), temporary=code in _TEMPORARY or code == -1)

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        place = f"{settings.host}:{settings.port}"
        smtp: smtplib.SMTP | None = None
        try:
            if settings.tls == "tls":
                smtp = smtplib.SMTP_SSL(
                    settings.host, settings.port, timeout=_SECONDS, context=ssl.create_default_context()
                )
            else:
                smtp = smtplib.SMTP(settings.host, settings.port, timeout=_SECONDS)
            if settings.tls == "starttls":
                # the certificate and its name are checked; an error if the server offers none
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if settings.user:
                smtp.login(settings.user, settings.password)
        except smtplib.SMTPAuthenticationError as error:
            reason, temporary = f"{place} refused the login ({error.smtp_code})", error.smtp_code in _TEMPORARY
        except smtplib.SMTPNotSupportedError as error:
            reason, temporary = f"{place}: {_plain(error)}", False
        except ssl.SSLCertVerificationError as error:
            reason, temporary = f"the certificate of {place} is not trusted: {error.verify_message}", False
        except smtplib.SMTPResponseException as error:
            reason, temporary = f"{place} answered {error.smtp_code}", error.smtp_code in _TEMPORARY
        except (smtplib.SMTPException, OSError) as error:
            reason, temporary = f"no connection with {place}: {_plain(error)}", True
        else:
            return smtp
        if smtp is not None:
            smtp.close()
        raise NotTakenError(reason, temporary=temporary, gone=True)


def _wait(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(seconds)


def _plain(error: Exception) -> str:
    """What went wrong, on one line, without addresses."""
    said = (getattr(error, "strerror", None) or str(error)) if isinstance(error, OSError) else str(error)
    return _AN_ADDRESS.sub("(address)", " ".join(str(said).split())) or type(error).__name__
