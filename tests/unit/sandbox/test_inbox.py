# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page at /: true, self-contained, and without keys."""

from __future__ import annotations

import re


def page(account) -> str:
    answer = account.request("GET", "/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return str(answer.text)


def test_the_empty_page_says_how_to_begin(account):
    text = page(account)
    assert "No message yet." in text
    assert "onfon.sms.onfon_sms" in text
    assert "KSh 5000.0000" in text


def test_messages_are_listed_newest_first_with_their_state(account):
    account.send(("254700000001", "first"), ("0712000004", "second"), ("255700000005", "third"))
    account.send(("254700000002", "fourth \U0001f600"), ScheduleDateTime="2026-11-23 08:00")
    text = page(account)
    bubbles = re.findall(r'class="bubble" dir="auto">(.*?)</div>', text)
    assert bubbles == ["fourth ?", "third", "second", "first"]
    states = re.findall(r'<footer><span class="(\w+)">(.*?)</span>', text)
    assert states == [
        ("wait", "scheduled for 23 Nov 08:00"),
        ("bad", "refused: no route to this number (412)"),
        ("bad", "accepted, never delivered: local number, use 254..."),
        ("good", "delivered"),
    ]
    assert "No message yet." not in text


def states(account) -> list[tuple[str, str]]:
    return re.findall(r'<footer><span class="(\w+)">(.*?)</span>', page(account))


def test_states_change_while_messages_are_delivered(make_account):
    account = make_account(delivery_delay=100.0, failure_rate=0.3)
    account.send(*["254700000001"] * 20)
    assert states(account) == [("wait", "on its way")] * 20
    seen = set()
    for _turn in range(100):
        account.now += 1
        seen.update(states(account))
    assert ("wait", "on its way, with the network (ACCEPTD)") in seen
    assert ("wait", "on its way, with the network (DeliveredToNetwork)") in seen
    last = states(account)
    assert {kind for kind, _words in last} == {"good", "bad"}
    for kind, words in last:
        told = r"delivered after [\d.]+ (s|min)" if kind == "good" else r"failed: [a-z ]+ \(\w+, \d{3}\)"
        assert re.fullmatch(told, words)
    log = {"good": 0, "bad": 0}
    for row in account.log():
        log["good" if row["Status"] in ("DELIVRD", "DelivredToTerminal") else "bad"] += 1
    assert {kind: [one for one, _words in last].count(kind) for kind in log} == log


def test_slow_deliveries_are_shown_in_minutes_and_hours(make_account):
    account = make_account(delivery_delay=86400.0)
    account.send(*["254700000001"] * 20)
    account.now += 86400
    words = " ".join(words for _kind, words in states(account))
    assert re.search(r"delivered after \d+ min", words)
    assert re.search(r"delivered after \d+ h \d+ min", words)


def test_texts_are_escaped(account):
    account.send(("254700000001", "<script>alert(1)</script> & {{ 7 * 7 }}"))
    text = page(account)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7 * 7 }}" in text
    assert "<script" not in text


def test_the_page_loads_nothing_external_and_shows_no_keys(make_account):
    account = make_account(api_key="k-api", access_key="k-access", client_id="k-client")
    account.send("254700000001", SenderId="OTHER")
    answer = account.request("GET", "/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)
    assert "refused: sender id not approved (401)" in answer.text
    for key in ("k-api", "k-access", "k-client"):
        assert key not in answer.text


def test_only_the_newest_are_shown(account):
    for _turn in range(6):
        account.send(*["254700000001"] * 20)
    text = page(account)
    assert text.count("<article>") == 100
    assert "The newest 100 of 120 messages." in text
