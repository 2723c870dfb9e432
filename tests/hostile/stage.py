# SPDX-License-Identifier: BSD-2-Clause
"""Rows of lies, each told through the whole of it: PAM module, listener, child, keeper. A row says what the provider
says, and what must come of it: the reason in the log, and which requests reach the provider. Where a lie is refused
nothing may be left behind, and afterwards, when the provider has become honest, the same sign-in must succeed: so no
row is refused for another reason than its lie."""
import dataclasses
import hashlib
import json
import os
import re
import socket
import ssl
import sys
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
sys.path[:0] = [os.path.join(HERE, "..", "e2e")]
import desk as e2e  # noqa: E402
from crowd import sign_in_all  # noqa: E402
from proc import pids, status_of  # noqa: E402
from room import SCRATCH, pam_stack, read, sh, write  # noqa: E402
from scene import audit, audit_since  # noqa: E402
from tap import PATIENCE_S, eventually, run, sentence  # noqa: E402

MAIN = "[limits]\nsign_ins = 500\nsign_ins_per_user = 500\nsign_ins_per_host = 500\n"
STATE = "/var/lib/frontdesk"
TRIES = 4
SLOW = (["timeout"], ["idp_timeout"], ["code_expired"])
BATCH = 60  # connections at a time; a machine may have 64
HELPER_UID = "981"
CODES = {"ALLOW": "SUCCESS", "DENY": "AUTH_ERR", "UNAVAILABLE": "AUTHINFO_UNAVAIL", "EXPIRED": "AUTH_ERR"}
LETTERS = {"openid-configuration": "D", "device": "d", "token": "t", "keys": "k",
           "userinfo": "u", "revoke": "r"}  # and O: discovery where RFC 8414 has it
PROVED = ("not_allowed", "wrong_user", "name_invalid", "name_reserved", "username_regex", "username_claim_missing",
          "email_unverified", "required_acr", "required_amr", "auth_too_old")
SHOWN = re.compile(r"[\x20-\x7e\n█▀▄]*")
# Names of this machine, and where each leads. The wildcard certificate has them all.
HOSTS = {"plain.other.example": ["10.66.0.1"], "loop.other.example": ["127.0.0.1"],
         "link.other.example": ["169.254.66.1"], "unique.other.example": ["fd66::1"], "loop6.other.example": ["::1"],
         "mapped.other.example": ["::ffff:127.0.0.1"], "any.other.example": ["0.0.0.0"],
         "rebound.other.example": ["127.0.0.1", "10.66.0.1"]}


def _reasons():
    """{code: what PAM says}"""
    rows = re.findall(r'R\(REASON_\w+,\s*"(\w+)",\s*VERDICT_(\w+)\)', read(f"{ROOT}/helper/reason.h"))
    return {code: CODES.get(verdict) for code, verdict in rows}


PAM_CODES = _reasons()


def _letter(path):
    parts = path.split("?")[0].split("/")
    return "O" if "oauth-authorization-server" in parts else LETTERS.get(parts[-1], "?")


@dataclasses.dataclass
class Row:
    sentence: str
    reason: str = "ok"
    lie: dict = dataclasses.field(default_factory=dict)  # settings of tests/idp/scripted
    seen: str = ""  # the requests as letters: a regular expression
    settings: dict = dataclasses.field(default_factory=dict)  # of the connection, besides the usual ones
    listener: str = "good"
    issuer: str = ""  # "": the row's own
    twin: bool = True  # may the same sign-in succeed when the provider is honest?
    alg: str = ""  # of the honest twin, where it is not RS256
    number: int = 0
    result: object = None  # what the host saw
    left: bool = False  # the lie made somebody
    honest: object = None  # what it saw of an honest provider

    @property
    def name(self):
        return f"r{self.number}-" + re.sub(r"[^a-z0-9]+", "-", self.sentence.lower())[:40].strip("-")

    @property
    def user(self):
        return f"u{self.number}"


def table(reason, seen, *rows, **more):
    """Rows of one reason: (sentence, lie) or (sentence, lie, settings)."""
    return [Row(row[0], reason, row[1], seen, *row[2:], **more) for row in rows]


def _wait_for_keeper():
    """It listens before it makes its store, and turns a stranger such as root away once that is there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sock:
        sock.settimeout(PATIENCE_S)
        sock.connect("/run/frontdesk/keeper.sock")
        assert sock.recv(1) == b""


class Stage:
    def __init__(self, rows, main=MAIN):
        self.desk, self.rows, self.peak_kb, self.changed, self.unlike = e2e.Desk(), rows, 0, [], []
        for number, row in enumerate(rows, 1):
            row.number = number
        self.main = main
        self._addresses()
        self._start_provider()
        self.desk.configure(main=main)
        os.unlink("/etc/frontdesk/connections.d/corp.conf")
        self.desk.start_services()
        _wait_for_keeper()
        threading.Thread(target=self._watch_memory, daemon=True).start()

    @staticmethod
    def _addresses():
        for address in ("10.66.0.1/32", "169.254.66.1/32", "fd66::1/128"):
            sh(f"ip addr add {address} dev lo" + (" nodad" if ":" in address else ""))
        with open("/etc/hosts", "a", encoding="utf-8") as file:
            file.writelines(f"{address} {name}\n" for name, addresses in HOSTS.items() for address in addresses)

    def _start_provider(self):
        sh(f"sh {ROOT}/tests/idp/make_certs {SCRATCH}/certs")
        sh(f"install -m 644 {SCRATCH}/certs/ca.crt {e2e.CA}")
        self.tls = ssl.create_default_context(cafile=e2e.CA)
        write(f"{SCRATCH}/rows.json", json.dumps({row.name: self._told(row) for row in self.rows}))
        ready = f"{SCRATCH}/scripted.ready"
        self.desk.start("scripted", ["node", f"{ROOT}/tests/idp/scripted.mjs", "--certs", f"{SCRATCH}/certs", "--ready",
                                     ready, "--address", "::", "--scenarios", f"{SCRATCH}/rows.json"],
                        lambda: os.path.exists(ready))
        self.ports = json.loads(read(ready))["ports"]

    def _told(self, row):
        """The row's lie, told by somebody with a name of the row's own."""
        claims = {"preferred_username": row.user, **row.lie.get("claims", {})}
        return {"person": {**claims, "preferred_username": row.user}, **row.lie, "claims": claims}

    def _watch_memory(self):
        """Remembers the most that a child of the helper ever had resident."""
        while True:
            for pid in pids():
                status = status_of(pid)
                if status.get("Uid", "").startswith(f"{HELPER_UID}\t") and "VmHWM" in status:
                    self.peak_kb = max(self.peak_kb, int(status["VmHWM"].split()[0]))
            time.sleep(0.05)

    # The provider

    def origin(self, listener="good"):
        return f"https://localhost:{self.ports[listener]}"

    def ask(self, path, settings=None):
        data = None if settings is None else json.dumps(settings).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                             urllib.request.HTTPSHandler(context=self.tls))
        with opener.open(self.origin() + path, data, timeout=60) as answer:
            return json.load(answer)

    def requests(self):
        """{issuer: the letters of what it was asked}"""
        return {key: "".join(_letter(entry["path"]) for entry in entries) for key, entries in self.ask("/_log").items()}

    def issuer(self, row):
        if row.issuer:
            return row.issuer.replace("ORIGIN", self.origin())
        return f"{self.origin(row.listener)}/{row.name}"

    # The machine

    def connect(self, rows):
        folder = "/etc/frontdesk/connections.d"
        for name in os.listdir(folder):
            os.unlink(f"{folder}/{name}")
        for row in rows:
            self.connect_one(row)

    def connect_one(self, row):
        pam_stack(row.name, "denied")
        lines = {"issuer": self.issuer(row), "client_id": "kiosk", "ca_file": e2e.CA, "services": row.name,
                 "allow_all": "yes", "create_users": "yes", **row.settings}
        text = "".join(f"{key} = {value}\n" for key, value in lines.items() if value is not None)
        write(f"/etc/frontdesk/connections.d/{row.name}.conf",
              "[connection]\n" + re.sub(r"AT\((\S+)\)", rf"https://\1:{self.ports['good']}/{row.name}", text))

    def state(self):
        """Every file that the keeper owns, and the system's own lists of users and groups."""
        found = {}
        for folder, _, names in os.walk(STATE):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    found[os.path.join(folder, name)] = hashlib.sha256(file.read()).hexdigest()
        found.update({path: read(path) for path in ("/etc/passwd", "/etc/group", "/etc/shadow")})
        return found

    @staticmethod
    def _by_row(pairs):
        found = {}
        for name, reason in pairs:
            found.setdefault(name, []).append(reason)
        return found

    def reasons(self, mark, audited):
        """{row's name: reasons} as the modules logged them; they must be those of the audit file."""
        lines = self._by_row(match.groups() for line in self.desk.log.since(mark)
                             if (match := re.search(r"pam_frontdesk\(([\w-]+):auth\): .*\breason=(\w+)", line)))
        records = self._by_row((record["service"], record["reason"]) for record in audit_since(audited))
        # A module that waited in vain says so by itself; the keeper heard of its going only.
        self.unlike += [(name, lines.get(name), said) for name, said in records.items()
                        if sorted(lines.get(name, [])) != sorted(said) and "timeout" not in lines.get(name, [])]
        return lines

    # Sign-ins

    def crowd(self, row, count=1, user=None):
        """So many at once at one connection: (their reasons, the requests of all)."""
        before, mark, audited = self.requests().get(row.name, ""), self.desk.log.mark(), len(audit())
        sign_in_all([(row.name, user or row.user)] * count)
        assert eventually(lambda: not self.desk.sign_ins()), "children that do not end"
        return self.reasons(mark, audited).get(row.name, []), self.requests()[row.name][len(before):]

    def control(self, row, settings):
        self.ask(f"/_control/{row.name}", settings)

    def _tell_once(self, rows, wanted):
        """Signs in at all of them; those that came to another end than theirs, and to one that a machine's slowness makes
        of any sign-in: the module waited in vain for a helper that was held up, a request took too long, a code ran out."""
        mark, audited, asked = self.desk.log.mark(), len(audit()), self.requests()
        hosts = sign_in_all([(row.name, row.user) for row in rows])
        assert eventually(lambda: not self.desk.sign_ins()), "children that do not end"
        reasons, now = self.reasons(mark, audited), self.requests()
        for row, host in zip(rows, hosts):
            host.reasons = reasons.get(row.name, [])
            host.requests = now.get(row.name, "")[len(asked.get(row.name, "")):]
            row.result = host
        return [row for row in rows if row.result.reasons in SLOW and row.result.reasons != [wanted(row)]]

    def _tell(self, rows, wanted):
        late = rows
        for _ in range(TRIES):
            late = self._tell_once(late, wanted) if late else []

    def _tell_lies(self, rows):
        before = self.state()
        self._tell(rows, lambda row: row.reason)
        self.changed += sorted({path for path, _ in self.state().items() ^ before.items()})
        for row in rows:
            row.left = self.desk.is_user(row.user)

    def play(self, rows):
        """All lies of a batch at once; then, of an honest provider, all again."""
        self.connect(rows)
        lies = [row for row in rows if row.reason != "ok"]
        self._tell_lies(lies)
        refused = {row.name: row.result for row in lies}
        twins = [row for row in lies if row.twin]
        for row in twins:
            self.ask(f"/_honest/{row.name}", {"claims": {"preferred_username": row.user},
                                              **({"alg": row.alg} if row.alg else {})})
        self._tell(twins + [row for row in rows if row.reason == "ok"], lambda row: "ok")
        for row in rows:
            row.honest, row.result = row.result, refused.get(row.name)

    def play_all(self):
        for i in range(0, len(self.rows), BATCH):
            self.play(self.rows[i:i + BATCH])


def _show(host):
    """The last thing said, and what came of it."""
    return [line.get("text") or line.get("code") for line in host.said if "text" in line or "code" in line][-2:]


def _judge_host(host, reason):
    assert {"phase": "auth", "code": PAM_CODES[reason]} in host.said, (reason, host.reasons, _show(host))
    assert host.reasons == [reason], f"{host.reasons}, not {reason}: {_show(host)}"
    for line in host.said:
        assert SHOWN.fullmatch(line.get("text", "")), line


def _judge_requests(host, seen):
    assert re.fullmatch(seen, host.requests), f"requests {host.requests!r}, not {seen}"


def _judge_cache(row):
    """What a lie came with was not kept: the next sign-in fetches all anew. What a good token has proved is, whoever is
    refused later; and so is a set that lacked the key, for others would only see the same."""
    is_proved = row.reason in PROVED or "u" in row.seen or row.reason == "endpoint_not_allowed" and "k" in row.seen
    if not is_proved and "kk" not in row.seen:
        _judge_requests(row.honest, "Ddt+k?kr{0,2}")


def _test_of(row):
    def test(stage):
        if row.reason != "ok":
            _judge_host(row.result, row.reason)
            _judge_requests(row.result, row.seen)
            assert not row.left, "somebody was made"
        if row.twin or row.reason == "ok":
            _judge_host(row.honest, "ok")
            assert stage.desk.is_user(row.user)
        if row.reason != "ok" and row.twin:
            _judge_cache(row)
        if row.reason == "ok":
            _judge_requests(row.honest, row.seen)
    test.__name__ = row.sentence
    return test


def no_lie_left_anything_on_the_machine(stage):
    assert not stage.changed, stage.changed


def the_audit_file_has_the_same_reasons(stage):
    assert not stage.unlike, stage.unlike


def nobody_was_asked_who_was_not_due(stage):
    names = {row.name for row in stage.rows}
    assert set(stage.requests()) <= names | stage.expected, set(stage.requests()) - names


def what_reached_the_log_is_plain_text(stage):
    assert not re.search(r"[^\x20-\x7e\n]", stage.desk.log.text())


def nothing_travelled_in_an_url(stage):
    assert not [entry["path"] for entries in stage.ask("/_log").values() for entry in entries if "?" in entry["path"]]


def no_sanitizer_had_anything_to_say(stage):
    e2e.no_sanitizer_had_anything_to_say(stage.desk)


def main(rows, *tests, expected=(), play=True, prepare=lambda: None):
    """Plays the rows and prints TAP; `tests` come behind them, each with the stage. `expected`: issuers besides the
    rows' own that may be asked. `play` False: rows are connections that the tests play themselves. `prepare`: lays down
    files that they name."""
    word = (sys.argv[1:] or [""])[0]
    chosen = [row for row in rows if word in row.sentence or not play]
    stage = Stage(chosen)
    stage.expected = set(expected)
    prepare()
    if play:
        stage.play_all()
    else:
        stage.connect(rows)
    more = list(tests) if not word else [test for test in tests if word in sentence(test)]
    return run([_test_of(row) for row in chosen if play] + more + [
        no_lie_left_anything_on_the_machine, the_audit_file_has_the_same_reasons, nobody_was_asked_who_was_not_due,
        what_reached_the_log_is_plain_text, nothing_travelled_in_an_url, no_sanitizer_had_anything_to_say], stage)
