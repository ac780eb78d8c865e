"""The identity of a number: by it prose asks for a figure, pages lead to its passport, and editions are compared."""

from __future__ import annotations


class Figure(str):
    """``table/row/column``, as it stands in bindings, in the pages' ``data-number`` and in downloads."""

    __slots__ = ()

    @classmethod
    def of(cls, table: str, row: str, column: str) -> Figure:
        """The figure of a cell."""
        return cls(f"{table}/{row}/{column}")

    @property
    def parts(self) -> tuple[str, str, str]:
        """Table, row and column; ValueError for what is no figure."""
        table, row, column = self.split("/")
        return table, row, column

    @property
    def table(self) -> str:
        """The table's key."""
        return self.parts[0]
