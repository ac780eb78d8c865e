"""A page that an edition has of its own, in place of that of the series."""

from __future__ import annotations

from pathlib import Path

SENTENCE = "This edition says more."


def own_page(
    root: Path, edition: str, chapter: str = "recovery", language: str = "en", added: str = SENTENCE, head: str = ""
) -> Path:
    """Write a copy of the series' page with a line in its head and a sentence at its end."""
    text = (root / "report" / language / f"{chapter}.qmd").read_text(encoding="utf-8")
    place = root / "report" / "editions" / edition / language / f"{chapter}.qmd"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text.replace("---\n", f"---\n{head}", 1) + f"\n{added}\n", encoding="utf-8")
    return place
