"""What the server refuses, and what a forged message cannot do."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect


def run(coroutine):
    """In a thread of its own: the browser's loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(coroutine())).result()


def get(address, **headers):
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, dict(refused.headers), refused.read().decode("utf-8", "replace")


@pytest.mark.parametrize(
    "path",
    ["api/contents", "api/kernels", "api/sessions", "api/terminals", "lab", "voila/tree", "voila/api/contents",
     "voila/files/social_worker.ipynb", "voila/render/../pyproject.toml", "voila/render/nothing.ipynb"],
)  # fmt: skip
def test_closed_paths_are_not_found(server, path):
    status, _, body = get(server.address + path)
    assert status in {403, 404}
    assert "Traceback" not in body


def test_a_page_carries_the_policy_no_code_and_no_outside_address(server):
    status, headers, body = get(server.address + "voila/render/social_worker.ipynb")
    assert status == 200
    assert "script-src 'self' blob:" in headers["Content-Security-Policy"]
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert "open_workspace" not in body
    assert not re.findall(r"<script>(?!\s*</script>)", body), "an inline script"
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', body)
    assert 'lang="en"' in body
    assert "<title>Case planning</title>" in body


def test_another_host_name_is_refused(server):
    status, _, _ = get(server.address, Host="evil.example")
    assert status == 403


def test_a_link_from_another_site_opens_nothing(server):
    before = len(server.kernels())
    status, _, body = get(
        server.address + "voila/render/social_worker.ipynb", **{"Sec-Fetch-Site": "cross-site"}
    )
    assert (status, len(server.kernels())) == (403, before)
    assert "Type their address yourself" in body


@pytest.mark.skipif(os.getuid() != 0, reason="only root can ask as somebody else")
def test_another_account_of_the_machine_is_refused(server):
    asks = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"
    mine = [shutil.which("python3", path="/usr/bin:/bin") or sys.executable, "-c", asks]

    ours = subprocess.run([*mine, server.address], check=False, capture_output=True, text=True)
    theirs = subprocess.run(
        [*mine, server.address], check=False, capture_output=True, text=True, user=65534
    )

    assert ours.returncode == 0, ours.stderr
    assert "403" in theirs.stderr


def test_template_and_theme_cannot_be_chosen_by_the_visitor(server):
    _, _, body = get(server.address + "voila/render/social_worker.ipynb?template=reveal&theme=dark")
    assert "cpassist-frame" in body
    assert "theme-dark" not in body


def test_an_execute_request_runs_nothing(server, tmp_path):
    _, _, body = get(server.address + "voila/render/social_worker.ipynb")
    kernel = re.search(r'"kernelId":\s*"([^"]+)"', body).group(1)
    mark = tmp_path / "ran"
    message = {
        "header": {
            "msg_id": uuid.uuid4().hex,
            "username": "",
            "session": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "version": "5.3",
        },
        "parent_header": {},
        "metadata": {},
        "channel": "shell",
        "buffers": [],
        "content": {
            "code": f"open({str(mark)!r}, 'w').close()",
            "silent": False,
            "store_history": False,
            "user_expressions": {},
            "allow_stdin": False,
        },
    }

    async def send():
        address = server.address.replace("http", "ws") + f"api/kernels/{kernel}/channels"
        socket = await websocket_connect(
            HTTPRequest(address, headers={"Origin": server.address.rstrip("/")})
        )
        await socket.write_message(json.dumps(message))
        await asyncio.sleep(3)
        socket.close()

    run(send)
    assert not mark.exists()


def test_a_foreign_origin_may_not_connect(server):
    _, _, body = get(server.address + "voila/render/social_worker.ipynb")
    kernel = re.search(r'"kernelId":\s*"([^"]+)"', body).group(1)

    async def send():
        address = server.address.replace("http", "ws") + f"api/kernels/{kernel}/channels"
        await websocket_connect(HTTPRequest(address, headers={"Origin": "http://evil.example"}))

    with pytest.raises(Exception, match="403"):
        run(send)
