"""The text of each page of a PDF that Chromium made: enough to see what stands on which page."""

import re
import zlib


def pages_of(pdf):
    """The words of each page, without their order on it."""
    objects = {int(n): body for n, body in re.findall(rb"(\d+) 0 obj\s(.*?)endobj", pdf, re.DOTALL)}
    return [_text(objects, body) for body in objects.values() if re.search(rb"/Type\s*/Page[^s]", body)]


def _stream(body):
    data = body.split(b"stream", 1)[1].lstrip(b"\r\n").rsplit(b"endstream", 1)[0]
    return zlib.decompressobj().decompress(data) if b"FlateDecode" in body else data


def _text(objects, page):
    fonts = {}
    resources = page
    if found := re.search(rb"/Resources (\d+) 0 R", page):
        resources = objects[int(found[1])]
    block = re.search(rb"/Font\s*<<(.*?)>>", resources, re.DOTALL)
    for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", block[1] if block else b""):
        reference = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        fonts[name] = _letters(_stream(objects[int(reference[1])])) if reference else {}
    (contents,) = re.findall(rb"/Contents (\d+) 0 R", page)
    said, font = [], {}
    for name, glyphs in re.findall(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>", _stream(objects[int(contents)])):
        if name:
            font = fonts.get(name, {})
        else:
            codes = [int(glyphs[at : at + 4], 16) for at in range(0, len(glyphs), 4)]
            said.append("".join(font.get(code, "") for code in codes))
    return "".join(said)


def _letters(cmap):
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, letter in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(code, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, letter in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(int(letter, 16) + step)
    return found
