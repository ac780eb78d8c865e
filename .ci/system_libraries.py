"""``python .ci/system_libraries.py run|test``: make sure of what comes from the system.

It is installed where that is allowed: with apt-get, as root or by a sudo that asks nothing. Otherwise the line to
run is printed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from npl_report.files.systemlibraries import Requirement, command, missing

POPPLER = Requirement("poppler", (), "poppler-utils", "poppler-utils", "poppler", needed=False)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
"""What the tests take for Chromium; the first two are packages as well, of Debian and of Ubuntu."""


def main(purpose: str) -> int:
    """Exit status: 1 if notes cannot be printed."""
    before = sudo() if lacking(purpose) else None
    if before is not None:
        install(before, purpose)
    still = lacking(purpose)
    needed = any(item.needed for item in still)
    if needed or (still and purpose == "test"):
        names = ", ".join(item.name for item in still)
        print(f"Missing from the system: {names}. Please run once:\n    {command(still)}")
    if still and not needed and purpose == "test":
        print("The tests that need it are skipped.")
    return int(needed)


def lacking(purpose: str) -> list[Requirement]:
    """What is missing: for runs what notes are printed with, for tests also what looks at pages and notes."""
    found = list(missing())
    if purpose == "test":
        if not any(map(shutil.which, BROWSERS)):
            found.append(Requirement("Chromium", (), chromium(), "chromium", "chromium", needed=False))
        if not shutil.which("pdftoppm"):
            found.append(POPPLER)
    return found


def chromium() -> str:
    """The name of its package here."""
    if not shutil.which("apt-cache"):
        return BROWSERS[0]
    known = subprocess.run(["apt-cache", "show", *BROWSERS[:1]], capture_output=True, check=False)
    return BROWSERS[0] if known.stdout else BROWSERS[1]


def sudo() -> list[str] | None:
    """What is put before apt-get to be root, or nothing where there is no apt-get or no such right."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    return (
        ["sudo", "-n"]
        if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
        else None
    )


def install(before: list[str], purpose: str) -> None:
    """Install what is missing; a failure is told by apt-get, and what is missing afterwards by ``main``."""
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    subprocess.run([*apt, "update"], stdin=subprocess.DEVNULL, check=False)
    packages = list(dict.fromkeys(item.apt for item in lacking(purpose)))
    print(f"installing {' '.join(packages)}", flush=True)
    subprocess.run(
        [*apt, "install", "-y", "--no-install-recommends", *packages],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
