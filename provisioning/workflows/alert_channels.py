"""The two ways to tell an alert: a command of the operator's, and an HTTP address. Each says what was in the way."""

import subprocess
from collections.abc import Callable, Sequence
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from provisioning import __version__
from provisioning.model.secret import Secret

COMMAND_SECONDS = 30.0
WEBHOOK_SECONDS = 10.0
WAITS = (1.0, 4.0)
"""Between two tries to post; there is one try more than waits."""

TOO_MANY_REQUESTS = 429
SERVER_ERRORS = 500
MOST_SAID = 200


def run_command(command: Sequence[str], told: bytes, *, seconds: float = COMMAND_SECONDS) -> str:
    """Run a program with JSON on its standard input; return why it failed, empty when it did not.

    Args:
        command: the program and its arguments; no shell reads them.
        told: what it is told.
        seconds: how long it may take, after which it is killed.
    """
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, which the operator's own settings name
            list(command), input=told, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return f"the command {command[0]} took more than {seconds:.0f} s"
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "cannot be run"
        return f"the command {command[0]}: {reason.lower()}"
    if done.returncode == 0:
        return ""
    said = done.stderr.decode(errors="replace").strip().splitlines()
    last = f": {said[-1][:MOST_SAID]}" if said else ""
    return f"the command {command[0]} ended with {done.returncode}{last}"


def post_webhook(
    address: Secret, told: bytes, *, wait: Callable[[float], object], seconds: float = WEBHOOK_SECONDS
) -> str:
    """Post JSON to an address; return why that failed, empty when it did not.

    What may pass is tried again: no connection, a timeout, too many requests, an error of the server's. The address
    may hold a token, so nothing of it is ever in what is returned.

    Args:
        wait: lets so many seconds pass between two tries.
        seconds: how long one try may take.
    """
    try:
        parts = urlsplit(address.reveal())
    except ValueError:
        return "the webhook: its address cannot be read"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "the webhook: its address begins with neither http:// nor https://"
    trouble = ""
    for pause in (*WAITS, None):
        trouble, passing = _post(address, told, seconds)
        if not trouble or not passing or pause is None:
            break
        wait(pause)
    return f"the webhook: {trouble}" if trouble else ""


class _NoRedirect(HTTPRedirectHandler):
    """Leaves a redirection as it is: followed, it would become a GET, and the token would go elsewhere."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _post(address: Secret, told: bytes, seconds: float) -> tuple[str, bool]:
    """Post once; return what was in the way, and whether it may pass."""
    headers = {"Content-Type": "application/json", "User-Agent": f"proviso/{__version__}"}
    try:
        request = Request(address.reveal(), data=told, headers=headers, method="POST")  # noqa: S310 - http(s), see above
        with build_opener(_NoRedirect).open(request, timeout=seconds):
            return "", False
    except HTTPError as error:
        with error:
            return f"it answered {error.code}", error.code == TOO_MANY_REQUESTS or error.code >= SERVER_ERRORS
    except TimeoutError:
        return f"it did not answer within {seconds:.0f} s", True
    except URLError as error:
        return _reason(error.reason), True
    except (OSError, HTTPException, ValueError):
        # What these say may hold the address.
        return "the connection was lost, or its answer made no sense", True


def _reason(reason: object) -> str:
    if isinstance(reason, TimeoutError):
        return "it did not answer in time"
    if isinstance(reason, OSError) and reason.strerror:
        return f"no connection: {reason.strerror.lower()}"
    return "no connection"
