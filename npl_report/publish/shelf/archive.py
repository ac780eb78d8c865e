"""``inputs.zip``: the recorded inputs of a published edition, from which it can be built again."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

from npl_report.load.project import Project
from npl_report.model import InputError, Problem
from npl_report.publish.fingerprint import digest
from npl_report.publish.output import zipped


def archive(project: Project, inputs: Mapping[str, str]) -> bytes:
    """The ZIP of the inputs (path in the project → hash); InputError if one has changed since it was hashed, which was before the build."""
    files = {path: (project.root / path).read_bytes() for path in inputs}
    if changed := [Problem(path, rule="was changed while the edition was built", fix="publish again") for path, data in files.items() if digest(data) != inputs[path]]:
        raise InputError(changed)
    return zipped(files)


def unpack(data: bytes, root: Path) -> None:
    """Unpack recorded inputs; ValueError for a name that leads out of the folder."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or not path.parts or path.parts[0] not in ("data", "report", "templates"):
                raise ValueError(f"the name {name} is no input")
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(archive.read(name))
