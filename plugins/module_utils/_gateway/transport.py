# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""One HTTP request to the gateway: the only file that knows requests and urllib3.

What may be repeated is decided here. GET, PUT and DELETE may: they do the same however often they are done.
A POST may only when it cannot have been acted on: the connection was never made, or the reply was 429.
A call that timed out is not repeated: the user's time-out bounds the wait.
"""

from __future__ import annotations

import dataclasses
import logging
import random
import typing as t

from .._errors import OnfonError, OptionError
from .._version import VERSION
from .connection import Connection
from .errors import NoReplyError

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import disable_warnings
    from urllib3 import exceptions as urllib3_errors
    from urllib3.util.retry import Retry
except ImportError:
    Retry = object  # type: ignore[assignment,misc]

BACKOFF_SECONDS = 0.25  # the base of the growing pause between two tries
RETRY_AFTER_MAX_SECONDS = 60
IDEMPOTENT_METHODS = frozenset({"GET", "PUT", "DELETE"})
# 520 to 524 are Cloudflare's, which stands before the gateway.
TRANSIENT_STATUSES = frozenset({429, 502, 503, 504, 520, 521, 522, 523, 524})
HANDSHAKE_FAILURES = frozenset({"WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL"})


@dataclasses.dataclass(frozen=True)
class Reply:
    """What came back, undecoded.

    may_have_acted: the gateway may have acted on an earlier try of the same request.
    location: where a redirect points.
    """

    status: int
    body: bytes = dataclasses.field(repr=False)
    may_have_acted: bool = False
    location: str = dataclasses.field(default="", repr=False)


class GatewayRetry(Retry):
    """urllib3's Retry with the rules of this file."""

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        if method not in IDEMPOTENT_METHODS:
            return status_code == 429
        return bool(super().is_retry(method, status_code, has_retry_after))

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: t.Any = None,
        error: Exception | None = None,
        _pool: t.Any = None,
        _stacktrace: t.Any = None,
    ) -> t.Any:
        if isinstance(error, urllib3_errors.ProxyError) and not never_reached_proxy(error):
            # urllib3 blames the proxy too when a connection through it breaks after the request was sent.
            error = urllib3_errors.ProtocolError("Connection aborted.", error.original_error)
        try:
            if error is not None and is_time_out(error):
                raise urllib3_errors.MaxRetryError(_pool, url or "", error)
            return super().increment(method, url, response, error, _pool, _stacktrace)
        except urllib3_errors.MaxRetryError as failure:
            # The last try alone does not tell what an earlier one may have done.
            failure.retried = may_have_acted(self.history)  # type: ignore[attr-defined]
            raise

    def get_backoff_time(self) -> float:
        # Spread out, so that hosts of one play that failed together do not come back together.
        return float(super().get_backoff_time()) * random.uniform(0.5, 1.0)  # noqa: S311 - it spreads load and guards nothing

    def get_retry_after(self, response: t.Any) -> float | None:
        try:
            seconds = super().get_retry_after(response)
        except (urllib3_errors.InvalidHeader, ValueError, OverflowError):
            return None
        return None if seconds is None else min(seconds, RETRY_AFTER_MAX_SECONDS)


class RedactingFilter(logging.Filter):
    """Keeps the keys out of urllib3's log lines, which show whole addresses."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._connection.redact(record.getMessage()), ()
        return True


class Transport:
    """A kept-alive HTTP session with the gateway; use it as a context manager."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._loggers = [logging.getLogger(f"urllib3.{name}") for name in ("connectionpool", "util.retry")]
        self._filter = RedactingFilter(connection)
        self._session = requests.Session()
        if not connection.validate_certs:
            # The user chose so: a warning at every request would only hide others.
            disable_warnings(urllib3_errors.InsecureRequestWarning)
        # A proxy from the environment must not see what is meant for this machine.
        self._session.trust_env = not connection.loopback
        # Of the environment, the proxies are wanted, and not the passwords of ~/.netrc.
        self._session.auth = lambda request: request
        self._session.headers.update(
            {
                "Accept": "application/json",
                "AccessKey": connection.access_key,
                "User-Agent": f"ansible-onfon.sms/{VERSION} python-requests/{requests.__version__}",
            }
        )
        retry = GatewayRetry(
            total=connection.retries,
            other=0,
            redirect=0,
            allowed_methods=IDEMPOTENT_METHODS,
            status_forcelist=TRANSIENT_STATUSES,
            backoff_factor=BACKOFF_SECONDS,
            raise_on_status=False,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def __enter__(self) -> Transport:
        for logger in self._loggers:
            logger.addFilter(self._filter)
        return self

    def __exit__(self, *dummy: object) -> None:
        self._session.close()
        for logger in self._loggers:
            logger.removeFilter(self._filter)

    def request(
        self,
        method: str,
        service: str,
        *,
        query: t.Mapping[str, t.Any] | None = None,
        body: t.Mapping[str, t.Any] | None = None,
    ) -> Reply:
        """Send one request to a service ("Group") and return the reply, whatever its status.

        Raises NoReplyError when none came.
        """
        connection = self._connection
        failure: OnfonError
        try:
            response = self._session.request(
                method,
                f"{connection.api_url.rstrip('/')}/{service}",
                params=query,
                json=body,
                timeout=connection.timeout,
                verify=(connection.ca_path or True) if connection.validate_certs else False,
                allow_redirects=False,
            )
        except (requests.RequestException, urllib3_errors.HTTPError) as error:
            failure = self._explain(error)
        except OSError:
            # requests answers so when a file of certificates does not exist or cannot be read
            failure = OptionError("The certificates to trust cannot be read: correct ca_path, or REQUESTS_CA_BUNDLE.")
        else:
            history = response.raw.retries.history if response.raw.retries else ()
            location = response.headers["Location"] if response.is_redirect else ""
            return Reply(response.status_code, response.content, may_have_acted(history), location)
        # Raised here and not in the handler: the library's error quotes the whole address, keys and all.
        raise failure

    def _explain(self, error: BaseException) -> OnfonError:
        """The library's error in one sentence of ours."""
        address = self._connection.address
        timeout = f"{self._connection.timeout:g} s"
        cause, retried = root_cause(error)
        if isinstance(cause, (requests.exceptions.InvalidProxyURL, urllib3_errors.ProxyError)):
            what = f"No connection to {address} through the proxy of the environment"
            hint = "Check the variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and that the proxy is up."
        elif isinstance(cause, ValueError):
            # requests could not even build the request.
            return OptionError(f"api_url {address} or a key cannot be used: correct it, or its ONFON_ variable.")
        elif isinstance(cause, urllib3_errors.ReadTimeoutError):
            what = f"{address} did not answer within {timeout}"
            hint = "Raise timeout if it is only slow."
        elif is_time_out(cause):
            what = f"No connection to {address} within {timeout}"
            hint = "Check api_url, and the network and firewalls on the way."
        elif isinstance(cause, urllib3_errors.SSLError):
            what = f"No safe connection to {address}: {ssl_reason(cause)}"
            hint = "Check api_url, and ca_path if it is set."
        elif isinstance(cause, urllib3_errors.NewConnectionError):
            what = f"No connection to {address}: {os_reason(cause)}"
            hint = "Check api_url, and that the gateway is up."
        else:
            what = f"The connection to {address} broke before the reply was complete"
            hint = "Run the task again."
        return NoReplyError(f"{what}.", hint, may_have_acted=retried or may_have_reached(cause))


def root_cause(error: BaseException) -> tuple[BaseException, bool]:
    """What is at the bottom of a library's error, and whether a try before it may have been acted on."""
    inner = error.args[0] if error.args else None
    if isinstance(inner, urllib3_errors.MaxRetryError) and inner.reason is not None:
        return inner.reason, getattr(inner, "retried", False)
    return (inner if isinstance(inner, Exception) else error), False


def is_time_out(error: BaseException) -> bool:
    """Nothing came in time. urllib3 also derives "connection refused" from its connect time-out: that is none."""
    if isinstance(error, urllib3_errors.NewConnectionError):
        return False
    return isinstance(error, urllib3_errors.TimeoutError)


def never_reached_proxy(error: t.Any) -> bool:
    """The connection to the proxy, or the proxy's to the gateway, was never made."""
    inner = error.original_error
    return isinstance(inner, urllib3_errors.ConnectTimeoutError) or str(inner).startswith("Tunnel connection failed")


def may_have_acted(history: t.Iterable[t.Any]) -> bool:
    """One of the tries (urllib3's RequestHistory) may have been acted on. After a 429 none has."""
    return any(
        may_have_reached(attempt.error) if attempt.error else attempt.status is not None and attempt.status >= 500
        for attempt in history
    )


def may_have_reached(cause: BaseException) -> bool:
    """The request may have reached the gateway: anything but a connection that is known not to have been made."""
    if isinstance(cause, urllib3_errors.SSLError):
        inner = cause.args[0] if cause.args else None
        reason, library = getattr(inner, "reason", None), getattr(inner, "library", None)
        return not (is_distrust(inner) or reason in HANDSHAKE_FAILURES or library == "X509")
    never = (urllib3_errors.ConnectTimeoutError, urllib3_errors.ProxyError, ValueError)
    return not isinstance(cause, never)


def is_distrust(inner: object) -> bool:
    """The certificate was refused: the errors that ssl and urllib3 have for that are ValueErrors."""
    return isinstance(inner, ValueError)


def ssl_reason(cause: BaseException) -> str:
    """Why TLS failed, in the words of OpenSSL."""
    inner = cause.args[0] if cause.args else None
    if is_distrust(inner):
        return f"the certificate is not trusted ({getattr(inner, 'verify_message', '') or inner})"
    return str(getattr(inner, "reason", None) or "TLS failed").replace("_", " ").lower()


def os_reason(cause: BaseException) -> str:
    """Why no connection was made, in the words of the operating system."""
    inner = cause.__cause__ or cause.__context__
    return str(getattr(inner, "strerror", None) or "the connection failed").lower()
