#!/usr/bin/env python3
"""Look at pages in a headless Chromium, by day and by night, on a telephone and on a desk.

usage: browser_check.py CHROMIUM FOLDER PAGE...

Of every page: nothing is written to the console; nothing outside the file is asked for; every picture is there and has
a size; text can be told from its background; the page is not wider than the window; a screenshot is not blank and has
the colour of its scheme. Screenshots and logs go to FOLDER, as PAGE-light.png and PAGE-dark.png. Exit code: 0 all is
well, 1 something is not (one line each), 2 Chromium does not work here. Never asks the network for anything.
"""
import html
import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import zlib

SECONDS = 60
WIDTHS = (320, 390, 1000)
SCHEMES = {"light": "1", "dark": "0"}  # blink's numbers
LEAST_CONTRAST = 4.5  # of text, as WCAG 2.1 wants it at level AA
LEAST_COLOURS = 40

# What a browser does on its own account has no page as its origin.
NOBODY = "not an origin"

PROBE = """<script>addEventListener("load", function () {
  var root = document.documentElement, problems = [], few = function (text) { if (problems.length < 20) problems.push(text) };
  var part = function (v) { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4) };
  var rgb = function (text) { return (text.match(/[0-9.]+/g) || []).map(Number) };
  var light = function (c) { return 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]) };
  var behind = function (e) {
    for (; e; e = e.parentElement) {
      var c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length == 3 || (c.length == 4 && c[3] > 0)) return c;
    }
    return [255, 255, 255];
  };
  if (root.scrollWidth > root.clientWidth) few("the page is " + root.scrollWidth + " wide in a window of " + root.clientWidth);
  document.querySelectorAll("body *").forEach(function (e) {
    var box = e.getBoundingClientRect(), own = "";
    if (box.width > 0 && box.right > root.clientWidth + 1 && !e.closest(".scroll, svg, pre"))
      few("<" + e.tagName + "> ends at " + Math.round(box.right) + " in a window of " + root.clientWidth);
    e.childNodes.forEach(function (n) { if (n.nodeType == 3) own += n.data.trim() });
    if (!own || e.closest("svg, script, style") || !box.width) return;
    var a = light(rgb(getComputedStyle(e).color)), b = light(behind(e));
    var contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < LEAST) few("contrast " + contrast.toFixed(1) + " of '" + own.slice(0, 30) + "'");
  });
  Array.from(document.images).forEach(function (i) { if (!i.complete || !i.naturalWidth) few("a picture was not loaded: " + i.src) });
  document.querySelectorAll(".card").forEach(function (card, n) {
    var svg = card.querySelector("svg");
    if (!svg) return few("figure " + (n + 1) + " has no picture");
    var shown = svg.getBoundingClientRect(), drawn = svg.getBBox();
    if (shown.width < 100 || shown.height < 50 || !drawn.width || !drawn.height) few("figure " + (n + 1) + " is empty");
    svg.querySelectorAll("use").forEach(function (u) {
      if (!document.getElementById(u.href.baseVal.slice(1))) few("figure " + (n + 1) + " refers to " + u.href.baseVal + ", which is not there");
    });
    svg.querySelectorAll("image").forEach(function (i) { if (!/^data:/.test(i.href.baseVal)) few("figure " + (n + 1) + " wants " + i.href.baseVal) });
  });
  parent.postMessage(JSON.stringify({width: innerWidth, figures: document.querySelectorAll(".card svg").length,
    dark: matchMedia("(prefers-color-scheme: dark)").matches, problems: problems}), "*");
})</script>""".replace("LEAST", str(LEAST_CONTRAST))

FRAME = """<!DOCTYPE html><html><body style="margin:0"><script>
var got = []; addEventListener("message", function (e) { got.push(JSON.parse(e.data)); document.documentElement.setAttribute("data-found", JSON.stringify(got)) });
</script>%s</body></html>"""


class NoBrowser(Exception):
    pass


def run(chromium, folder, scheme, *arguments):
    """Run Chromium once. Whatever it starts ends with it."""
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
               "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
               "--disable-default-apps", "--disable-extensions", "--disable-sync", "--hide-scrollbars", "--mute-audio",
               "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}",
               f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}", "--enable-logging=stderr", *arguments]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True, env={**os.environ, "HOME": str(folder)})
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise NoBrowser(f"{chromium} did not end within {SECONDS} s")
    err = err.decode("utf-8", "replace")
    if process.returncode != 0:
        raise NoBrowser(f"{chromium} ended with {process.returncode}: {err.strip()[-300:]}")
    return out.decode("utf-8", "replace"), err


def requests_of_page(log):
    """Addresses that the page asked for, from Chromium's log of the network."""
    document = json.loads(log.read_text(encoding="utf-8", errors="replace"))
    for event in document["events"]:
        facts = event.get("params", {})
        if re.match(r"(https?|wss?|ftp):", facts.get("url", "")) and facts.get("initiator", NOBODY) != NOBODY:
            yield facts["url"]


def colours(path):
    """Number of different colours of a PNG of 8 bits without interlace, and the colour of its first pixel."""
    data = path.read_bytes()
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", data[at + 8:at + 18])
            size = {2: 3, 6: 4}[colour]
        elif kind == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += length + 12
    assert depth == 8
    raw, row_bytes, above, found, first = zlib.decompress(packed), width * size, bytearray(width * size), set(), None
    for y in range(height):
        start = y * (row_bytes + 1)
        how, row = raw[start], bytearray(raw[start + 1:start + 1 + row_bytes])
        for i in range(row_bytes if how else 0):
            a = row[i - size] if i >= size else 0
            b, c = above[i], above[i - size] if i >= size else 0
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            row[i] = (row[i] + (0, a, b, (a + b) // 2, nearest)[how]) & 255
        found.update(bytes(row[i:i + 3]) for i in range(0, row_bytes, size * 7))
        first = first or tuple(row[:3])
        above = row
    return len(found), first


def check_probes(chromium, folder, page, scheme):
    inner = folder / f"{page.stem}-probe.html"
    outer = folder / f"{page.stem}-frames.html"
    text = page.read_text(encoding="utf-8")
    assert "</body>" in text, page
    inner.write_text(text.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    outer.write_text(FRAME % "".join(
        f'<iframe src="{inner.name}" style="border:0;width:{width}px;height:800px"></iframe>' for width in WIDTHS))
    out, _ = run(chromium, folder, scheme, "--window-size=1200,900", "--virtual-time-budget=10000", "--dump-dom",
                 outer.as_uri())
    match = re.search(r'data-found="([^"]*)"', out)
    found = json.loads(html.unescape(match.group(1))) if match else []
    if sorted(one["width"] for one in found) != sorted(WIDTHS):
        yield f"only {len(found)} of {len(WIDTHS)} widths answered"
    for one in found:
        if one["dark"] != (scheme == "dark"):
            yield f"the scheme is not {scheme}"
        if one["figures"] == 0:
            yield "there is no figure"
        for problem in one["problems"]:
            yield f"at {one['width']} px: {problem}"


def check_screenshot(chromium, folder, page, scheme):
    picture = folder / f"{page.stem}-{scheme}.png"
    log = folder / f"{page.stem}-{scheme}.net.json"
    picture.unlink(missing_ok=True)
    _, err = run(chromium, folder, scheme, "--window-size=800,700", f"--log-net-log={log}",
                 f"--screenshot={picture}", page.resolve().as_uri())
    for line in err.splitlines():
        if ":CONSOLE" in line:
            yield f"on the console: {line.split(']', 1)[-1].strip()[:200]}"
    for address in sorted(set(requests_of_page(log))):
        yield f"asks for {address[:200]}, which is outside"
    if not picture.exists():
        raise NoBrowser(f"{chromium} made no screenshot: {err.strip()[-300:]}")
    count, first = colours(picture)
    if count < LEAST_COLOURS:
        yield f"the screenshot has {count} colours: it is blank"
    if (max(first) > 80) if scheme == "dark" else (min(first) < 200):
        yield f"the background is {first}, which is not {scheme}"


def main():
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 64
    chromium, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    problems = []
    try:
        for page in map(pathlib.Path, sys.argv[3:]):
            for scheme in SCHEMES:
                for check in (check_probes, check_screenshot):
                    problems += [f"{page} ({scheme}): {text}" for text in check(chromium, folder, page, scheme)]
    except NoBrowser as reason:
        print(reason)
        return 2
    print("\n".join(dict.fromkeys(problems)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
