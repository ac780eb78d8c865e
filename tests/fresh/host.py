"""This machine's settings → what a bare tree needs to reach the same package mirror and the same Python packages."""

from __future__ import annotations

import ast
import configparser
import io
import os
import platform
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

PATIENCE = 20
"""Seconds that a mirror may take to answer."""
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
_ACQUIRE = ("Acquire::http::", "Acquire::https::", "Acquire::Check-", "Acquire::Retries")
"""What of apt's settings a tree takes over: proxies, and how strictly dates are read."""
_PASSED = (
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
)
"""Variables that a tree takes over, in small letters too; files that they name are copied."""


class NotHereError(Exception):
    """This machine cannot make fresh trees; the text says why in one line."""


@dataclass(frozen=True)
class Host:
    """What a tree takes over.

    ``security`` is empty where apt's settings name none; ``paths`` are what the settings of pip and the environment
    name on disk.
    """

    mirror: str
    security: str
    apt: str
    pip: str
    paths: tuple[Path, ...]
    environment: dict[str, str]

    def sources(self, suite: str) -> str:
        """``sources.list`` of a tree, with the updates that can be reached."""
        lines = [f"deb {self.mirror} {suite} main"]
        if reached(self.mirror, f"{suite}-updates"):
            lines.append(f"deb {self.mirror} {suite}-updates main")
        if self.security and reached(self.security, f"{suite}-security"):
            lines.append(f"deb {self.security} {suite}-security main")
        return "\n".join(lines) + "\n"


def read_host() -> Host:
    """The settings of this machine; NotHereError where there is no mirror among them."""
    shape = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    targets = _said("apt-get", "indextargets", "--format", shape, "Created-By: Packages")
    mirror, security = mirrors(targets, platform.freedesktop_os_release().get("VERSION_CODENAME", ""))
    pip, named = pip_settings(_said(sys.executable, "-m", "pip", "config", "list"))
    passed = {name: value for name, value in os.environ.items() if name in _PASSED or name.lower() in _PASSED[:3]}
    every = {*named, *map(Path, passed.values())} - {BUNDLE.parent}
    paths = {path for path in every if path.is_absolute() and path.exists()}
    return Host(mirror, security, apt_settings(_said("apt-config", "dump")), pip, tuple(sorted(paths)), passed)


def mirrors(targets: str, codename: str) -> tuple[str, str]:
    """``apt-get indextargets`` → the mirrors of this release and of its security updates.

    A line of the former is an address, a suite and a component.
    """
    found = {}
    for line in targets.splitlines():
        address, suite, component = line.split()
        if component == "main" and urlsplit(address).scheme in ("http", "https"):
            found.setdefault(suite, address.rstrip("/"))
    if codename not in found:
        raise NotHereError(f"apt's settings name no mirror of {codename or 'this system'}")
    return found[codename], found.get(f"{codename}-security", "")


def apt_settings(dump: str) -> str:
    """``apt-config dump`` → the lines that decide how packages are fetched."""
    return "".join(f"{line}\n" for line in dump.splitlines() if line.startswith(_ACQUIRE))


def pip_settings(listed: str) -> tuple[str, tuple[Path, ...]]:
    """``pip config list`` → one ``pip.conf``, and the paths that it names.

    The list knows the variables of the environment.
    """
    settings = configparser.RawConfigParser()
    settings.add_section("global")
    paths = []
    # the environment last, because it holds
    for line in sorted(listed.splitlines(), key=lambda line: line.startswith(":env:")):
        name, _, shown = line.partition("=")
        section, _, key = name.rpartition(".")
        section = "global" if section == ":env:" else section
        if not settings.has_section(section):
            settings.add_section(section)
        words = str(ast.literal_eval(shown)).split()
        settings.set(section, key, "\n".join(words))
        named = [Path(unquote(word.removeprefix("file://"))) for word in words if word.startswith(("/", "file:///"))]
        # an index leads to files beside it
        paths += [path.parent if key.endswith("index-url") else path for path in named]
    text = io.StringIO()
    settings.write(text)
    return text.getvalue(), tuple(dict.fromkeys(paths))


def reached(mirror: str, suite: str) -> bool:
    """Whether the mirror answers, and has the suite."""
    try:
        address = f"{mirror}/dists/{suite}/Release"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 -- http or https, see mirrors
            return bool(answer.read(1))
    except (OSError, ValueError):
        return False


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        raise NotHereError(f"{command[0]} is not installed: fresh trees are made on Debian and Ubuntu") from None
    except subprocess.CalledProcessError as error:
        raise NotHereError(f"{' '.join(command)} fails: {error.stderr.strip()}") from None
