"""Drives a page through the messages a browser sends; no browser, no kernel."""

import re


def listening(page):
    """Return the page with what it sends beside its own HTML kept in ``page.sent``, and bytes in ``page.buffers``."""
    page.sent, page.buffers = [], []

    def send(content, buffers=None):
        if "html" not in content:
            page.sent.append(content)
        if buffers:
            page.buffers.append(buffers)

    page.send = send
    return page


def do(page, act, **fields):
    page.receive({"act": act, "fields": fields})
    return page.state


def text_of(page):
    return re.sub(r"<[^>]+>", " ", page.html)
