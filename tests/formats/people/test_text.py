"""Bytes become text by rule, and what is no text is refused in a sentence."""

import pytest

from circle.formats.people.text import FILE_LIMIT, read_text
from circle.rules.errors import CannotReadFile
from tests.formats.people.files import ENCODINGS

TEXT = "Name,Firma\r\nJürgen Müßig,Bäckerei\r\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_encoding_is_told_and_named(encoding):
    read = read_text(ENCODINGS[encoding](TEXT))
    assert read.text == TEXT
    assert read.encoding.startswith(encoding.split(maxsplit=1)[0].rstrip(","))


def test_a_few_broken_letters_do_not_spoil_utf_8():
    data = TEXT.encode().replace("ß".encode(), b"\xdf")
    read = read_text(data)
    assert "Jürgen Mü�ig,Bäckerei" in read.text
    assert read.encoding == "UTF-8, with 1 broken letter shown as �"


def test_replacement_letters_of_the_file_itself_are_not_called_broken():
    assert read_text("Name\r\nM�ller\r\n".encode()).encoding == "UTF-8"


def test_stray_zeros_are_dropped_and_make_no_utf_16():
    assert read_text(b"Name,Firma\r\nAda\0\0,En\0gines\r\n").text == "Name,Firma\r\nAda,Engines\r\n"


@pytest.mark.parametrize("first", ["", "x"])
def test_many_stray_zeros_make_no_utf_16_either(first):
    data = first.encode() + b"N\0\0ame\0\r\nA\0\0\0da\0\0\0\r\n"
    assert read_text(data).text == f"{first}Name\r\nAda\r\n"


def test_utf_16_with_an_odd_last_byte_is_still_read():
    assert read_text(TEXT.encode("utf-16") + b"\x41").text.startswith(TEXT)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b" \r\n\t ", b"\0\0\0"])
def test_an_empty_file_is_refused(data):
    with pytest.raises(CannotReadFile, match=r"This file is empty\."):
        read_text(data)


def test_a_file_above_5_mb_is_refused_and_one_of_5_mb_is_read():
    assert read_text(b"N" * FILE_LIMIT).text == "N" * FILE_LIMIT
    with pytest.raises(CannotReadFile, match="larger than 5 MB"):
        read_text(b"N" * (FILE_LIMIT + 1))


@pytest.mark.parametrize("data", [b"PK\x03\x04\x14\0\6\0", b"\x1f\x8b\x08\0", b"PK\x05\x06" + b"\0" * 18])
def test_a_packed_file_is_refused_with_the_way_out(data):
    with pytest.raises(CannotReadFile, match="Unpack it first"):
        read_text(data)


@pytest.mark.parametrize("page", ["<!DOCTYPE html><html>", "\n <html lang=en>", "<?xml version='1.0'?>"])
def test_a_web_page_is_refused(page):
    with pytest.raises(CannotReadFile, match="web page"):
        read_text(page.encode())


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 x", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", bytes(range(1, 32)) * 9]
)
def test_what_is_no_text_is_refused(data):
    with pytest.raises(CannotReadFile, match="holds no text"):
        read_text(data)
