# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line: from flags to a running gateway."""

from __future__ import annotations

import argparse
import dataclasses
import os
import shlex
import socket
import sys
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfoNotFoundError

from onfon_sandbox import __version__, background, faults, money
from onfon_sandbox.settings import BASE_PATH, Settings, is_callback, shown_url
from onfon_sandbox.store import Store, StoreError

USAGE_ERROR = 2
DEFAULTS = Settings()


class UsageError(Exception):
    """One sentence that says what to change."""


class Parser(argparse.ArgumentParser):
    """Complains in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Turn argparse's complaint into a sentence without the usage."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}: see --help.")


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code: 0, or 2 after one sentence on stderr."""
    try:
        flags = parser().parse_args(arguments)
        if flags.check and not (flags.background or flags.stop):
            raise UsageError("--check goes with --background or --stop: see --help.")
        if flags.stop:
            return _stop(flags)
        return _background(flags) if flags.background else _foreground(flags)
    except (UsageError, background.ServiceError) as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    except (ModuleNotFoundError, ZoneInfoNotFoundError) as error:
        library = getattr(error, "name", None) or "tzdata"
        requirements = Path(__file__).resolve().parent.parent / "requirements.txt"
        command = shlex.join([sys.executable, "-m", "pip", "install", "-r", str(requirements)])
        print(
            f"The Python library {library} is missing: install the sandbox's libraries with `{command}`.",
            file=sys.stderr,
        )
        return USAGE_ERROR


def parser() -> Parser:
    """Return the flags."""
    flags = Parser(
        prog="onfon_sandbox",
        description="A gateway that talks like Onfon's SMS API and texts nobody.",
        epilog=_fault_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    flags.add_argument("--version", action="version", version=__version__)
    where = flags.add_argument_group("where")
    where.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    where.add_argument("--port", type=_port, default=8700, help="0 takes a free one (default: %(default)s)")
    where.add_argument(
        "--database", type=Path, default=Path("onfon-sandbox.db"), help="SQLite file (default: ./%(default)s)"
    )
    account = flags.add_argument_group("the account")
    account.add_argument("--access-key", type=_filled, default=DEFAULTS.access_key, help="default: %(default)s")
    account.add_argument("--api-key", type=_filled, default=DEFAULTS.api_key, help="default: %(default)s")
    account.add_argument("--client-id", type=_filled, default=DEFAULTS.client_id, help="default: %(default)s")
    account.add_argument(
        "--sender-id",
        type=_filled,
        action="append",
        help=f"approved sender id, may be repeated (default: {DEFAULTS.sender_ids[0]})",
    )
    account.add_argument(
        "--balance",
        type=_amount,
        default=DEFAULTS.balance,
        help="shillings in the wallet of a new database, and after a reset (default: %(default)s)",
    )
    account.add_argument("--price", type=_amount, default=DEFAULTS.price, help="for a segment (default: %(default)s)")
    manners = flags.add_argument_group("manners")
    manners.add_argument(
        "--dialect",
        choices=("docs", "live"),
        default=DEFAULTS.dialect,
        help="talk as documented, or as captured from the real gateway (default: %(default)s)",
    )
    manners.add_argument(
        "--max-batch", type=_positive, default=DEFAULTS.max_batch, help="recipients in a call (default: %(default)s)"
    )
    access = manners.add_mutually_exclusive_group()
    access.add_argument(
        "--strict", action="store_true", default=DEFAULTS.strict, help="ask for the access key (default)"
    )
    access.add_argument("--lax", action="store_false", dest="strict", help="do not look at the access key")
    manners.add_argument(
        "--length-mode",
        choices=("count", "end"),
        default=DEFAULTS.length_mode,
        help="what length means in the lists of campaigns and of sent messages: how many rows, or the index where they "
        "end (default: %(default)s)",
    )
    manners.add_argument(
        "--start-base",
        type=int,
        choices=(0, 1),
        default=DEFAULTS.start_base,
        help="the index of these lists' first row (default: %(default)s)",
    )
    networks = flags.add_argument_group("what becomes of messages")
    networks.add_argument(
        "--delivery-delay",
        type=_seconds,
        default=DEFAULTS.delivery_delay,
        metavar="SECONDS",
        help="after which the last message has its final state; most are a lot quicker (default: 0, all at once)",
    )
    networks.add_argument(
        "--failure-rate",
        type=_share,
        default=DEFAULTS.failure_rate,
        metavar="SHARE",
        help="of the messages that fails, from 0 to 1 (default: 0)",
    )
    networks.add_argument(
        "--seed",
        type=_seed,
        default=DEFAULTS.seed,
        help="decides what becomes of which message: the same for the same messages (default: %(default)s)",
    )
    networks.add_argument(
        "--dlr-url",
        type=_callback,
        default=DEFAULTS.dlr_url,
        metavar="URL",
        help="push delivery reports to it by GET; a query in it is kept (default: none are pushed)",
    )
    networks.add_argument(
        "--dlr-chaos",
        action=argparse.BooleanOptionalAction,
        default=DEFAULTS.dlr_chaos,
        help="push some reports twice, out of order, and with quotes around the text (default: each once, in order)",
    )
    trouble = flags.add_argument_group("trouble")
    trouble.add_argument(
        "--fault",
        type=_fault,
        action="append",
        metavar=faults.SHAPE,
        help="let requests for Onfon's services go wrong (see below), may be repeated",
    )
    trouble.add_argument(
        "--late-queue",
        type=_seconds,
        default=DEFAULTS.late_queue,
        metavar="SECONDS",
        help="after which the lists show what 503-after sent (default: %(default)s)",
    )
    trouble.add_argument(
        "--latency",
        type=_seconds,
        default=DEFAULTS.latency,
        metavar="SECONDS",
        help="that each request for Onfon's services takes to arrive, as on a slow network (default: 0)",
    )
    service = flags.add_argument_group("as a service")
    what = service.add_mutually_exclusive_group()
    what.add_argument(
        "--background",
        action="store_true",
        help="see to it that a gateway with these flags runs in the background; returns when it answers",
    )
    what.add_argument("--stop", action="store_true", help="see to it that it does not run")
    service.add_argument("--check", action="store_true", help="only say what --background or --stop would do")
    service.add_argument("--pid-file", type=Path, help="default: the database's name with .pid")
    service.add_argument("--log-file", type=Path, help="default: the database's name with .log")
    return flags


def settings_of(flags: argparse.Namespace) -> Settings:
    """Return what the flags say about the account and the manners."""
    return Settings(
        access_key=flags.access_key,
        api_key=flags.api_key,
        client_id=flags.client_id,
        sender_ids=tuple(flags.sender_id or DEFAULTS.sender_ids),
        dialect=flags.dialect,
        balance=flags.balance,
        price=flags.price,
        max_batch=flags.max_batch,
        strict=flags.strict,
        length_mode=flags.length_mode,
        start_base=flags.start_base,
        faults=tuple(flags.fault or ()),
        late_queue=flags.late_queue,
        delivery_delay=flags.delivery_delay,
        failure_rate=flags.failure_rate,
        seed=flags.seed,
        dlr_url=flags.dlr_url,
        dlr_chaos=flags.dlr_chaos,
        latency=flags.latency,
    )


def banner(settings: Settings, address: str) -> str:
    """Return what to tell whoever started the gateway."""
    exports = {
        "ONFON_API_URL": address + BASE_PATH,
        "ONFON_API_KEY": settings.api_key,
        "ONFON_CLIENT_ID": settings.client_id,
        "ONFON_ACCESS_KEY": settings.access_key,
        "ONFON_SENDER_ID": settings.sender_ids[0],
    }
    lines = [
        f"api_url     {address}{BASE_PATH}",
        f"inbox       {address}/",
        f"contract    {address}/docs",
        f"access key  {settings.access_key}{'' if settings.strict else ' (not looked at)'}",
        f"api key     {settings.api_key}",
        f"client id   {settings.client_id}",
        f"sender ids  {', '.join(settings.sender_ids)}",
        f"dialect     {settings.dialect}",
        *([f"reports to  {shown_url(settings.dlr_url)}"] if settings.dlr_url else []),
        *(f"fault       {fault}" for fault in settings.faults),
        "",
        *(f"export {name}={shlex.quote(value)}" for name, value in exports.items()),
    ]
    return "\n".join(lines)


def _foreground(flags: argparse.Namespace) -> int:
    settings = settings_of(flags)
    listener = _listen(flags.host, flags.port)
    _check_database(flags.database, settings)
    serve = _serve()
    print(f"Onfon sandbox gateway, until Ctrl-C.\n\n{banner(settings, _address(listener))}", flush=True)
    return serve(settings, flags.database, listener)


def _background(flags: argparse.Namespace) -> int:
    settings = settings_of(flags)
    pid_file, log_file = _service_files(flags)
    wanted = {
        "code": background.code_digest(),
        "host": flags.host,
        "port": flags.port,
        "database": str(flags.database.resolve()),
        "settings": {name: str(value) for name, value in dataclasses.asdict(settings).items()},
    }
    running = background.running(pid_file)
    word = "started" if running is None else "restarted"
    if running is not None and running.flags == wanted:
        word, address = "unchanged", running.address
    elif flags.check:
        print(f"would be {word}")
        return 0
    else:
        serve = _serve()
        _check_database(flags.database, settings)
        if running is not None:
            background.stop(pid_file)
        listener = _listen(flags.host, flags.port)
        address = _address(listener)
        background.start(lambda: serve(settings, flags.database, listener), pid_file, log_file, address, wanted)
    print(f"{word}\n\n{banner(settings, address)}")
    return 0


def _stop(flags: argparse.Namespace) -> int:
    pid_file, _log_file = _service_files(flags)
    if background.running(pid_file) is None:
        print("unchanged: it does not run")
    elif flags.check:
        print("would be stopped")
    else:
        background.stop(pid_file)
        print("stopped")
    return 0


def _serve() -> Callable[[Settings, Path, socket.socket], int]:
    """Import the server late: --stop and complaints about flags need none of its libraries."""
    from onfon_sandbox.server import serve  # noqa: PLC0415

    return serve


def _check_database(path: Path, settings: Settings) -> None:
    """Make the database if there is none, and complain now, where somebody reads it, and not in the log."""
    if not path.absolute().parent.is_dir():
        raise UsageError(
            f"There is no folder {path.absolute().parent} for --database: create it, or name another file."
        )
    try:
        Store(path, money.units(settings.balance)).close()
    except StoreError as error:
        raise UsageError(str(error)) from error


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _kind, _protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(address[:2], family=family, backlog=2048)
        # Inherited by its connections: else an answer in two writes waits 40 ms for the client's acknowledgement.
        # (asyncio sets it only on sockets whose protocol is named, and create_server names none.)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except socket.gaierror as error:
        raise UsageError(f"There is no address {host}: give --host a name or an address of this machine.") from error
    except PermissionError as error:
        raise UsageError(f"Port {port} needs more rights: choose one above 1023 with --port.") from error
    except OSError as error:
        raise UsageError(
            f"Cannot listen on {host} port {port} ({os.strerror(error.errno or 0)}): "
            "choose another with --port (0 takes a free one) or --host."
        ) from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _service_files(flags: argparse.Namespace) -> tuple[Path, Path]:
    return (
        (flags.pid_file or flags.database.with_suffix(".pid")).absolute(),
        (flags.log_file or flags.database.with_suffix(".log")).absolute(),
    )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < 10**12:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount of money from 0, like 0.8")
    return amount


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 10**6:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0, like 5 or 0.5")
    return seconds


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1, like 0.05 for 5 of 100")
    return share


def _seed(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0, like 1")
    return int(text)


def _callback(text: str) -> str:
    if text and not is_callback(text):
        raise argparse.ArgumentTypeError(
            f"{shown_url(text)!r} is not the address of a receiver, like http://127.0.0.1:8080/dlr?token=abc"
        )
    return text


def _fault(text: str) -> str:
    try:
        return faults.Fault(text).text
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _fault_help() -> str:
    return "\n".join(
        [
            f"A fault is {faults.SHAPE}, for example {faults.EXAMPLE}:",
            "  EVERY  about one of so many requests is hit, each one with 1",
            "  SEED   which ones: the same seed and the same requests, the same hits",
            f"  WHERE  only these requests: a verb (GET, POST, PUT, DELETE, or {faults.WRITE} for the last three),",
            "         a service (Group, Template, Campaign, ...), or both (GET/sms)",
            "  NAME   one of:",
            *(f"    {name:<13} {text}" for name, text in faults.NAMES.items()),
            "The first fault that hits a request has it. /, /docs and /sandbox/... are never hit.",
        ]
    )


def _filled(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("it must not be blank")
    return text
