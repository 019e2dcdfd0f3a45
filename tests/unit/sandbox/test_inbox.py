# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page at /: honest, self-contained, and without keys."""

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


def test_messages_newest_first_with_what_became_of_them(account):
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


def test_texts_are_escaped(account):
    account.send(("254700000001", "<script>alert(1)</script> & {{ 7 * 7 }}"))
    text = page(account)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7 * 7 }}" in text
    assert "<script" not in text


def test_nothing_from_elsewhere_and_no_keys(make_account):
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
