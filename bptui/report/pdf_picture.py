"""Draw the plots of a report as PDF, which LaTeX can include: a page of lines and words, made from their SVG.

It reads the SVG that ``bptui.report.svg`` draws, and no other: paths of straight lines, rectangles and text. Words are
set in Helvetica, which has Latin letters only; any other letter becomes a question mark.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

_WIDTHS = {" ": 0.278, ".": 0.278, ",": 0.278, "-": 0.333, "−": 0.584, "×": 0.584}  # of Helvetica, in its size
_DIGIT, _LETTER = 0.556, 0.53


def draw_pdf(svg: str) -> bytes:
    """Return a picture as a PDF file of one page."""
    root = ElementTree.fromstring(svg)
    width, height = (float(root.attrib[name]) for name in ("width", "height"))
    content = "\n".join([f"1 0 0 -1 0 {height:g} cm 1 J 1 j", *(line for one in root for line in _draw(one))]).encode(
        "cp1252", "replace"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:g} {height:g}] /Contents 4 0 R "
        "/Resources << /Font << /F 5 0 R >> >> >>".encode(),
        f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return _assemble(objects)


def _assemble(objects: list[bytes]) -> bytes:
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count, start = len(objects) + 1, len(file)
    return file + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, start)
    )


def _draw(element: ElementTree.Element) -> Iterator[str]:
    found, kind = element.attrib, element.tag.rpartition("}")[2]
    if kind == "path":
        dash = found.get("stroke-dasharray", "")
        yield f"{_read_color(found['stroke'])} RG {found.get('stroke-width', '1')} w [{dash}] 0 d"
        yield f"{' '.join(_trace(found['d']))} S"
    elif kind == "text":
        yield from _write(element.text or "", found)


def _trace(path: str) -> Iterator[str]:
    """Yield the steps of a path of straight lines."""
    x = y = 0.0
    for kind, numbers in re.findall(r"([MLHVh])([^MLHVh]*)", path):
        ends = [float(number) for number in numbers.split()]
        if kind in "ML":
            x, y = ends
        elif kind == "V":
            y = ends[0]
        else:
            x = ends[0] + (x if kind == "h" else 0.0)
        yield f"{x:.1f} {y:.1f} {'m' if kind == 'M' else 'l'}"


def _write(text: str, found: dict[str, str]) -> Iterator[str]:
    size = 13.0
    wide = size * sum(_DIGIT if sign.isdigit() else _WIDTHS.get(sign, _LETTER) for sign in text)
    x = float(found["x"]) - wide * {"middle": 0.5, "end": 1.0}.get(found["text-anchor"], 0.0)
    words = re.sub(r"([\\()])", r"\\\1", text.replace("−", "-"))
    color, y = _read_color(found["fill"]), float(found["y"])
    yield f"BT {color} rg /F {size:g} Tf 1 0 0 -1 {x:.1f} {y:.1f} Tm ({words}) Tj ET"


def _read_color(color: str) -> str:
    """Return a colour such as #0a5fb4 as three numbers from 0 to 1."""
    return " ".join(f"{int(color[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))
