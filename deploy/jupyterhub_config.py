"""JupyterHub for cpassist: people sign in, and each has the pages under their own name.

Read README.md in this folder first. Everything that a place has to decide stands in the environment, so
that this file can be used as it is and replaced by a newer one.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821  the hub puts it here

STATE = Path(os.environ.get("CPASSIST_HUB_STATE", "/var/lib/cpassist-hub"))
STATE.mkdir(parents=True, exist_ok=True, mode=0o700)

# Who may sign in, and how, is each authority's own. Without one named here nobody gets in.
c.JupyterHub.authenticator_class = os.environ["CPASSIST_HUB_AUTHENTICATOR"]
c.Authenticator.admin_users = set(os.environ.get("CPASSIST_HUB_ADMINS", "").split())
c.Authenticator.allow_all = os.environ.get("CPASSIST_HUB_ALLOW_ALL", "") == "yes"
# Whoever is taken off the list does not sign in any more, though the hub remembers them.
c.Authenticator.allow_existing_users = False
c.Authenticator.allowed_users = set(os.environ.get("CPASSIST_HUB_USERS", "").split())

# The hub stands behind whatever ends TLS; it listens on this machine alone.
c.JupyterHub.bind_url = os.environ.get("CPASSIST_HUB_ADDRESS", "http://127.0.0.1:8000")
c.JupyterHub.hub_bind_url = os.environ.get("CPASSIST_HUB_INSIDE", "http://127.0.0.1:8081")
c.ConfigurableHTTPProxy.command = os.environ.get(
    "CPASSIST_HUB_PROXY", "configurable-http-proxy"
).split()
c.ConfigurableHTTPProxy.api_url = os.environ.get("CPASSIST_HUB_PROXY_API", "http://127.0.0.1:8001")
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{STATE / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")

# A server is the pages and nothing else: no notebook server, no terminal, no files.
c.JupyterHub.spawner_class = os.environ.get(
    "CPASSIST_HUB_SPAWNER", "jupyterhub.spawner.LocalProcessSpawner"
)
c.Spawner.cmd = [sys.executable, "-m", "cpassist.hub"]
c.Spawner.args = []
c.Spawner.default_url = "/"
c.Spawner.env_keep = ["PATH", "LANG", "LC_ALL"]
c.Spawner.http_timeout = 60
c.Spawner.start_timeout = 60


def tell_who(spawner):
    """Puts the name's duties and the shared store into the environment; no browser can change them.

    They are read when a server starts: a changed group counts once that person's server is started anew.
    """
    # From the lists of today: the hub itself only ever adds people to a group, and takes nobody out.
    duties = {"WORKERS": "worker", "SUPERVISORS": "supervisor"}
    spawner.environment = {
        "CPASSIST_DUTIES": " ".join(
            duty
            for group, duty in duties.items()
            if spawner.user.name in os.environ.get(f"CPASSIST_HUB_{group}", "").split()
        ),
        "CPASSIST_DATABASE": os.environ.get("CPASSIST_DATABASE", ""),
        "CPASSIST_WORKSPACE": os.environ.get("CPASSIST_WORKSPACE", ""),
        "CPASSIST_CATALOGUE": os.environ.get("CPASSIST_CATALOGUE", ""),
        "CPASSIST_AVAILABILITY": os.environ.get("CPASSIST_AVAILABILITY", ""),
        "CPASSIST_TRAINING": os.environ.get("CPASSIST_TRAINING", ""),
    }


c.Spawner.pre_spawn_hook = tell_who
