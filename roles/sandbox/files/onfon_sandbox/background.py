# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gateway as a background process: whoever holds the lock on the pid file is it, and a stale file is nobody."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

START_SECONDS = 30.0
STOP_SECONDS = 10.0
LOG_TAIL = 600


class ServiceError(Exception):
    """One sentence about why the gateway does not start or stop."""


@dataclass(frozen=True)
class Running:
    """A gateway in the background: its process, its address, and the flags that it was started with."""

    pid: int
    address: str
    flags: Mapping[str, Any]


def running(pid_file: Path) -> Running | None:
    """Return the gateway that holds the pid file's lock, if there is one."""
    try:
        with pid_file.open("r+", encoding="utf-8") as file:
            # Shared: two who look at the same time must not take each other for a gateway.
            if _lock(file, fcntl.LOCK_SH):
                return None
            return Running(**json.load(file))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ServiceError(f"Cannot read {pid_file} ({error.strerror}): name another file with --pid-file.") from error
    except (ValueError, TypeError) as error:
        raise ServiceError(
            f"{pid_file} is being written, or in use by another program: try again, or name another with --pid-file."
        ) from error


def start(serve: Callable[[], int], pid_file: Path, log_file: Path, address: str, flags: Mapping[str, Any]) -> None:
    """Run `serve` in a process of its own; return when the gateway answers at `address`."""
    try:
        pid_file.touch(mode=0o600)
        lock = pid_file.open("r+", encoding="utf-8")
        log = log_file.open("ab", buffering=0)
        log_file.chmod(0o600)
    except OSError as error:
        raise ServiceError(f"Cannot write {error.filename} ({error.strerror}): name another file.") from error
    with lock, log:
        if not _lock(lock, fcntl.LOCK_EX):
            raise ServiceError(f"A gateway with the pid file {pid_file} is being started already: try again.")
        log_start = log.tell()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            _become_service(serve, log)
        lock.truncate()
        json.dump({"pid": pid, "address": address, "flags": flags}, lock)
        lock.flush()
    deadline = time.monotonic() + START_SECONDS
    while not _answers(address):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended or time.monotonic() > deadline:
            what = f"ended with code {os.waitstatus_to_exitcode(status)}" if ended else "does not answer"
            if not ended:
                os.kill(pid, signal.SIGKILL)
            tail = log_file.read_bytes()[log_start:][-LOG_TAIL:].decode(errors="replace").strip()
            raise ServiceError(f"The gateway {what}: see the end of {log_file}.\n{tail}")
        time.sleep(0.05)


def stop(pid_file: Path) -> None:
    """End the gateway that holds the pid file's lock, and remove the file."""
    found = running(pid_file)
    if found is None:
        return
    try:
        os.kill(found.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while running(pid_file) is not None:
            if time.monotonic() > deadline:
                os.kill(found.pid, signal.SIGKILL)
            time.sleep(0.02)
    except ProcessLookupError:
        pass
    except PermissionError as error:
        raise ServiceError(f"Process {found.pid} belongs to another user: stop the gateway as that user.") from error
    pid_file.unlink(missing_ok=True)


def code_digest() -> str:
    """Return a digest of this program's files: a gateway of another release is to be restarted."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).resolve().parent.glob("*.*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _become_service(serve: Callable[[], int], log: IO[bytes]) -> None:
    """In the child: leave the terminal and the caller's folder behind, and serve. It inherits the lock."""
    code = 1
    try:
        os.setsid()
        with Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        code = serve()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - os._exit shows none
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _lock(file: IO[str], kind: int) -> bool:
    """Take a lock on an open file; False if another process has one that forbids it."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _answers(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/sandbox/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
