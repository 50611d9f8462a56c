"""Drives a page through the messages a browser sends; no browser, no kernel."""

import re


def listening(page):
    """Return the page with what it sends kept in ``page.sent``."""
    page.sent = []
    page.send = lambda content, buffers=None: page.sent.append(content)
    return page


def do(page, act, **fields):
    page.receive({"act": act, "fields": fields})
    return page.state


def text_of(page):
    return re.sub(r"<[^>]+>", " ", page.html)
