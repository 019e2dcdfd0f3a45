# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Speed and memory, compared with alternatives in the same run: `make bench`.

Each case and its alternatives run in turn (A B A B ...) on a sandbox, or on the gateway that ONFON_API_URL and
the other ONFON_ variables name. There, nothing is sent, and what was created is deleted.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import machine
from benchmarks.cases import Case, Effect, Work, cases
from benchmarks.cost import costs
from benchmarks.gateway import VARIABLES, Gateway, Requests, is_foreign, opened
from benchmarks.results import Result, missed, page
from benchmarks.runs import Median, Run, RunFailedError, run

RESULTS = Path(__file__).with_name("RESULTS.md")
NOT_TEXTED = "it sends messages, and the gateway is not a sandbox of this run"


def main() -> int:
    flags = parser().parse_args()
    if is_foreign() and (absent := [name for name in VARIABLES if not os.environ.get(name)]):
        sys.exit(f"ONFON_API_URL is set, so the gateway's keys are required too: set {', '.join(absent)}, or unset it.")
    if is_foreign():
        host = urlsplit(os.environ["ONFON_API_URL"]).hostname
        tell(f"on the gateway of ONFON_API_URL, at {host}: what is created there is deleted at the end")
    every = cases(flags.scale)
    chosen = [case for case in every if flags.only.lower() in case.name.lower()]
    if not chosen:
        sys.exit(f"No case has {flags.only!r} in its name. They are:\n" + "\n".join(case.name for case in every))
    skipped = {case.name: NOT_TEXTED for case in chosen if is_foreign() and case.texts_people}
    try:
        results = [measured(case, flags.rounds) for case in chosen if case.name not in skipped]
        found = [] if is_foreign() else costs(flags.rounds, max(1, round(1000 * flags.scale)), tell)
    except RuntimeError as error:
        sys.exit(str(error))
    gateway = "the one of ONFON_API_URL" if is_foreign() else "the sandbox of this collection"
    text = page(results, skipped, found, {"gateway": gateway, **machine.described()}, flags.rounds)
    print(text)
    if flags.scale < 1 or len(results) < len(every):
        tell(f"not written to {RESULTS.name}, which is for all cases at full scale, as are the targets")
        return 0
    RESULTS.write_text(text, encoding="utf-8")
    tell(f"written to {RESULTS.name}")
    return 1 if missed(results, found) else 0


def parser() -> argparse.ArgumentParser:
    flags = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    flags.add_argument("--rounds", type=positive, default=5, help="runs of each program (default: %(default)s)")
    flags.add_argument("--only", default="", metavar="PART_OF_A_NAME", help="run only cases with this in their name")
    flags.add_argument("--scale", type=share, default=1.0, help="scale all counts, such as by 0.01 for a quick run")
    return flags


def positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError
    return number


def share(text: str) -> float:
    if not 0 < (number := float(text)) <= 1:
        raise ValueError
    return number


def measured(case: Case, rounds: int) -> Result:
    """Run the works of a case in turn. Raises RuntimeError at the first one that does not do what it should."""
    runs: list[list[Run]] = [[] for _work in case.works]
    with opened(*case.flags) as gateway, tempfile.TemporaryDirectory() as folder:
        for file in case.files:
            file.write(Path(folder))
        for turn in range(rounds):
            for work, done in zip(case.works, runs):
                tell(f"{case.name}, round {turn + 1} of {rounds}: {work.name}")
                try:
                    done.append(perform(work, gateway, Path(folder)))
                except RuntimeError as error:
                    raise RuntimeError(f"{case.name}: {work.name} failed. {error}") from error
    return Result(case, [Median.of(done) for done in runs])


def perform(work: Work, gateway: Gateway, folder: Path) -> Run:
    """Run a work, and make sure that it did all of it."""
    if work.effect:
        gateway.hold(work.effect.before.objects())
    command = work.command(folder)
    before = gateway.requests()
    done = run(command, gateway.environment)
    after = gateway.requests()
    wrong = [] if work.says in done.output else [f"Its output lacks {work.says!r}."]
    if work.effect:
        made = Requests(after.reads - before.reads, after.writes - before.writes) if before and after else None
        wrong += problems(work.effect, gateway, made)
    if wrong:
        raise RunFailedError(" ".join([*wrong, f"Its output:\n{done.output}"]))
    return done


def problems(effect: Effect, gateway: Gateway, made: Requests | None) -> list[str]:
    """What a run did not do, and what it did besides."""
    found = []
    if made and effect.requests and made != effect.requests:
        found.append(f"It made {made.reads} reads and {made.writes} writes.")
    if gateway.held() != effect.after.objects():
        found.append("The account does not hold the expected objects.")
    if (texts := gateway.texts()) != effect.texts:
        found.append(f"{texts} of {effect.texts} messages arrived.")
    return found


def tell(words: str) -> None:
    """What is being done now."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
