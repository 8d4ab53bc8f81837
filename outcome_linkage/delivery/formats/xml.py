"""Census files in XML, one child at a time, each as rows of text. No entity is resolved, nothing is fetched,
and a file with a document type is refused.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl
from lxml import etree

from outcome_linkage.delivery.formats import RawTable
from outcome_linkage.delivery.manifest import SourceFile
from outcome_linkage.delivery.reading.cells import clean
from outcome_linkage.delivery.reading.layout import Layout
from outcome_linkage.delivery.reading.parts import Part, refused

Row = dict[str, str | None]
Rows = dict[str, list[Row]]
"""The rows of each table, by its name."""


def elements(part: Part, tags: Sequence[str]) -> Iterator[etree._Element]:
    """Every element with one of `tags`, as the file is read; each is emptied once it has been used.

    Raises RawInputRefused for what is not well-formed, and for a document type.
    """
    try:
        parser = etree.iterparse(
            io.BytesIO(part.read()),
            events=("end",),
            tag=[f"{{*}}{tag}" for tag in tags],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for _, element in parser:
            if element.getroottree().docinfo.doctype:
                todo = "Export the census again without it."
                raise refused(part.name, "document_type", "no DOCTYPE", "one", todo)
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        where = f"an error in line {error.lineno}"
        raise refused(part.name, "broken_xml", "well-formed XML", where, "Export the census again.") from None


def name_of(element: etree._Element) -> str:
    """The element's name in lower case, without its namespace; nothing for a comment."""
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def leaves(element: etree._Element) -> Row:
    """The text of the elements directly below that have none below them, by name."""
    return {name_of(child): text(child) for child in element if not len(child) and name_of(child)}


def branches(element: etree._Element) -> Iterator[etree._Element]:
    """The elements directly below that have some below them."""
    return (child for child in element if len(child))


def text(element: etree._Element | None) -> str | None:
    """What stands in an element; null for nothing but blanks."""
    return None if element is None else (element.text or "").strip() or None


def table(
    files: Iterable[tuple[Part, Sequence[Mapping[str, str | None]]]], columns: Sequence[str]
) -> RawTable:
    """The rows of one table from all files, in `columns`."""
    files = list(files)
    schema = dict.fromkeys(columns, pl.String)
    rows = [row for _, found in files for row in found]
    frame = pl.DataFrame(rows, schema=schema, orient="row") if rows else pl.DataFrame(schema=schema)
    return RawTable(
        frame=clean(frame),
        sources=tuple(
            SourceFile(name=part.name, sha256=part.sha256, rows=len(found)) for part, found in files
        ),
        layouts=tuple(Layout() for _ in files),
    )
