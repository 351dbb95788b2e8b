from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeman.text import Edit, Lines, apply, decode, display, encode, line_of, newline_of


@given(st.binary())
def test_decode_then_encode_gives_every_byte_back(data: bytes) -> None:
    assert encode(*decode(data)) == data


@given(st.text())
def test_utf_16_with_a_mark_is_read(text: str) -> None:
    data = ("\ufeff" + text).encode("utf-16-le", "surrogatepass")
    assert encode(*decode(data)) == data


def test_stray_bytes_are_shown_as_windows_1252() -> None:
    assert display(decode(b"M\xfcller \x96 caf\xe9").text) == "Müller – café"


def test_edits_own_only_their_span() -> None:
    assert apply("abcdef", [Edit(4, 5, "E"), Edit(1, 1, "x"), Edit(1, 1, "y")]) == "axybcdEf"


@given(st.text())
def test_no_edits_change_nothing(source: str) -> None:
    assert apply(source, []) == source


@pytest.mark.parametrize("edits", [[Edit(0, 2, ""), Edit(1, 3, "")], [Edit(0, 9, "")], [Edit(2, 1, "")]])
def test_overlapping_or_outside_edits_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps"):
        apply("abc", edits)


@given(st.text(alphabet="ab\r\n"), st.data())
def test_lines_agree_with_line_of(source: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(source)))
    lines = Lines(source)
    assert lines.line(offset) == line_of(source, offset)
    assert lines.start(lines.line(offset)) <= offset


@pytest.mark.parametrize(("source", "newline"), [("", "\n"), ("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("\n", "\n")])
def test_newline_is_that_of_the_first_line(source: str, newline: str) -> None:
    assert newline_of(source) == newline
