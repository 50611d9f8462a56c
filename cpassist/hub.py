"""The pages of one person under JupyterHub: the same server, and at its door the hub's own sign-in.

The hub starts it as `python -m cpassist.hub`; `deploy/` has a configuration that does. Whoever is signed
in is the owner of this server and nobody else, not even an administrator of the hub: what is decided here
carries the owner's name.
"""

import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.utils import url_path_join
from jupyterhub.services.auth import HubOAuthCallbackHandler
from jupyterhub.singleuser.extension import JupyterHubAuthorizer, JupyterHubIdentityProvider
from traitlets.config import Config
from voila.app import Voila

from cpassist.launcher import CaseVoila, prepare_environment, settings
from cpassist.places import AVAILABILITY, CATALOGUE, HUB_USER, WORKSPACE, default_workspace

TOKENS = ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN")


class OwnerOnly(JupyterHubIdentityProvider):
    """Lets in the one person whose server this is."""

    async def get_user(self, handler: Any) -> Any:
        """Whoever is signed in, if they are the owner; else nobody."""
        user = await super().get_user(handler)
        if user is None or user.name == os.environ[HUB_USER]:
            return user

        def refuse(*_given: Any, **_named: Any) -> None:
            handler.set_status(403)
            handler.finish("These pages are another person’s. Sign in as yourself.\n")

        handler.redirect = refuse
        return None


class _Callback(HubOAuthCallbackHandler):
    """Where the hub sends people back to once they have signed in."""

    def initialize(self) -> None:
        self.hub_auth = self.settings["identity_provider"].hub_auth

    hub_auth = None


class HubVoila(CaseVoila):
    """Our server behind the hub's proxy."""

    def init_settings(self) -> dict[str, Any]:
        made = super().init_settings()
        hub = self.identity_provider.hub_auth
        # These are read from the environment when first asked for, and the tokens leave it now: a
        # kernel inherits the environment, and has no business with the hub.
        _ = hub.api_token, hub.oauth_client_id, hub.access_scopes
        for name in TOKENS:
            os.environ.pop(name, None)
        # The proxy in front answers to the host's name, whatever it is; who may come in is the hub's to say.
        return made | {"login_url": hub.login_url, "allow_remote_access": True}

    def init_handlers(self) -> list[Any]:
        callback = url_path_join(self.server_url, "oauth_callback")
        return [
            (callback, _Callback),
            *(handler for handler in super().init_handlers() if "oauth_callback" not in handler[0]),
        ]

    def listen(self) -> None:
        """The proxy connects from an account of its own, so nobody looks at the door for accounts."""
        Voila.listen(self)


def hub_settings() -> Config:
    """What the hub says about where to listen, over what we always say."""
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    config = settings(address.port or 80)
    config.Voila.ip = address.hostname or "127.0.0.1"
    config.Voila.base_url = os.environ["JUPYTERHUB_SERVICE_PREFIX"]
    config.Voila.identity_provider_class = OwnerOnly
    config.Voila.authorizer_class = JupyterHubAuthorizer
    # Each person has a server of their own: a warm kernel there would be for nobody else.
    config.VoilaConfiguration.preheat_kernel = False
    return config


def main() -> int:
    """Serves until the hub stops it."""
    folder = Path(os.environ.get(WORKSPACE) or default_workspace())
    catalogues = tuple(Path(p) for p in os.environ.get(CATALOGUE, "").split(os.pathsep) if p)
    directory = os.environ.get(AVAILABILITY)
    with tempfile.TemporaryDirectory(prefix="cpassist-", ignore_cleanup_errors=True) as private:
        prepare_environment(
            Path(private), folder, catalogues, Path(directory) if directory else None
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            HubVoila.launch_instance(argv=[], config=hub_settings())
    return 0


if __name__ == "__main__":
    sys.exit(main())
