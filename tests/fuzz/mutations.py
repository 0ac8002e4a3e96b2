"""Hostile values: samples that are whole, changed in a few places."""

from hypothesis import strategies as st

NASTY = [
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b'"', b"'", b",", b";", b":", b"{",
    b"}", b"[", b"]", b"&a [*a]", b"*a", b"!!python/object:os.system", b"<<: ", b"- ", b"? ", b"|", b"%", b"$(id)",
    b"-1", b"0", b"1e999", b"nan", b".inf", b"9" * 30, b"9" * 5_000, b"0x7f", b"1_000", b"2026-02-30", b"0001-01-01",
    b"9999-12-31", b"2026-11-25T05:00:00-23:59", b"+24:00", b"\xed\xa0\x80", "\u202e".encode(), "\u2028".encode(),
    "\u0130".encode(), b"=cmd|' /C calc'!A0", b"@SUM(1)", b"&#" + b"9" * 5_000 + b";", b"&#x110000;", b"<" * 2_000,
    b"(" * 2_000, b"[" * 2_000, b"a" * 70_000, b"=?utf-8?b?////?=", b"=?x?q?=41?=", b"charset=utf-7", b"charset=zip",
    b"Content-Type: multipart/mixed; boundary=a\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n", b"--a\r\n",
    b"FREQ=SECONDLY", b"BYDAY=10TU", b"COUNT=999999999", b"UNTIL=00010101", b"INTERVAL=0", b"../", b"/dev/stdin",
    b"a%evil.test@police.uk", b"evil.test!a@police.uk", b"<@a,@b:c@police.uk>", b'"a b"@police.uk',
]  # fmt: skip


def _edit(content: bytes, kind: str, at: float, reach: float, token: bytes) -> bytes:
    start = int(at * len(content))
    end = min(len(content), start + 1 + int(reach * reach * len(content)))
    changed = {
        "insert": token,
        "replace": token,
        "cut": b"",
        "repeat": content[start:end] * 3,
        "turn": bytes(255 - each for each in content[start:end][:40]) + content[start:end][40:],
        "turn case": content[start:end].swapcase(),
    }[kind]
    return content[:start] + changed + content[start if kind == "insert" else end :]


_EDITS = st.tuples(
    st.sampled_from(["insert", "replace", "cut", "repeat", "turn", "turn case"]),
    st.floats(0, 1),
    st.floats(0, 0.7),
    st.sampled_from(NASTY) | st.binary(max_size=20),
)


def _edited(content: bytes, edits: list[tuple[str, float, float, bytes]]) -> bytes:
    for edit in edits:
        content = _edit(content, *edit)
    return content[:2_000_000]


def mutated(samples: list[bytes]) -> st.SearchStrategy[bytes]:
    """A sample with up to four edits; now and then bytes without any form."""
    edited = st.builds(_edited, st.sampled_from(samples), st.lists(_EDITS, max_size=4))
    return st.one_of(edited, edited, edited, edited, st.binary(max_size=400))


def mutated_values(lines: bytes) -> st.SearchStrategy[bytes]:
    """A file of separated values in which single cells are replaced, so that its form stays whole."""
    cells = [each.split(b",") for each in lines.splitlines()]
    places = [(y, x) for y, line in enumerate(cells) if y for x in range(len(line))]

    def replaced(changes: list[tuple[tuple[int, int], bytes]]) -> bytes:
        made = [list(line) for line in cells]
        for (y, x), token in changes:
            made[y][x] = b'"' + token.replace(b'"', b'""') + b'"'
        return b"\r\n".join(b",".join(line) for line in made) + b"\r\n"

    tokens = st.sampled_from(NASTY) | st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass"))
    return st.lists(st.tuples(st.sampled_from(places), tokens), min_size=1, max_size=4).map(replaced)
