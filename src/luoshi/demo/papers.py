"""Papers: small documents that stand in for contracts, permits and vouchers.

One page that says what it is instead of and when it was made; nobody can take it for a real one.
"""

from __future__ import annotations

from datetime import datetime

_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources {} >>"
_FONT = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def paper(name: str, at: datetime) -> bytes:
    """Return a PDF of one page.

    Args:
        name: What it stands in for, in plain letters, such as ``construction_permit``.
        at: When it was made.
    """
    words = name.replace("_", " ")
    lines = ("DEMONSTRATION", f"in place of: {words}", f"{at:%Y-%m-%d %H:%M}")
    shown = " ".join(f"0 -40 Td ({line}) Tj" for line in lines)
    text = f"BT /F1 24 Tf 72 760 Td {shown} ET"
    return _document(
        (
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            _PAGE.format(_FONT),
            f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        )
    )


def _document(objects: tuple[str, ...]) -> bytes:
    """Return the objects as a file, with the table that says where each of them begins."""
    made, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    made += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    start = made.index("xref\n0 ")
    made += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return made.encode("ascii")
