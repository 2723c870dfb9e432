# SPDX-License-Identifier: BSD-2-Clause
"""No secret ever, with debug on and on every error path: canaries for what a client and a provider must keep to
themselves are looked for in logs, records, output, command lines, environments, files, memory and cores."""
import base64
import concurrent.futures
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import desk as stage  # noqa: E402
from memory import found_in  # noqa: E402
from proc import listens, pids, status_of  # noqa: E402
from room import LIBEXEC, SCRATCH, pam_stack, read, write  # noqa: E402
from scene import Scene, audit, code_of, environment_of, prompts_of  # noqa: E402

SECRET = "canary:client secret/&+%"
TYPED = "canary-typed-by-mistake"
CLAIM = "canary-of-the-id-token"
SECRET_FILE, KEY_FILE = "/etc/frontdesk/canary.secret", "/etc/frontdesk/canary.key"
OF_A_FORM = ("device_code", "code_verifier", "nonce", "client_assertion", "token", "client_secret")
PLACES = "/etc /var/lib/frontdesk /run/frontdesk /var/log /home /root /dev/shm /usr/libexec/frontdesk"
STARTED = f"{SCRATCH}/started"  # files that changed since may have something of ours
AT_ONCE = 6
NOBODY = {"allow_all": "no", "allowed_users": "somebody-else"}

# scenario; settings of the connection; what the provider is told besides
CASES = (
    ("good", {}, {}), ("thin", {}, {}), ("good", {"client_auth_method": "client_secret_post"}, {}),
    ("denied", {}, {}), ("expired", {}, {}), ("invalid-grant", {}, {}), ("described-error", {}, {}),
    ("unknown-error", {}, {}), ("client-refused-late", {}, {}), ("no-id-token", {}, {}), ("id-token-object", {}, {}),
    ("jwe", {}, {}), ("no-access-token", {}, {}), ("access-token-newline", {}, {}), ("signature-broken", {}, {}),
    ("signature-none", {}, {}), ("signature-hs256", {}, {}), ("signature-stranger", {}, {}), ("claim-iss", {}, {}),
    ("claim-aud", {}, {}), ("claim-no-sub", {}, {}), ("claim-exp", {}, {}), ("claim-nonce", {}, {}), ("claim-at-hash", {}, {}),
    ("userinfo-other-sub", {}, {}), ("device-invalid-client", {}, {}), ("discovery-html-502", {}, {}), ("other-issuer", {}, {}),
    ("no-device-endpoint", {}, {}), ("user-code-escape", {}, {}), ("uri-http", {}, {}), ("no-user-code", {}, {}),
    ("good", NOBODY, {}), ("good", {"required_claims": "department=desk"}, {}), ("good", {"create_users": "no"}, {}),
    ("good", {"username_claim": "upn"}, {}), ("good", {}, {"claims": {"preferred_username": "root"}}),
    ("good", {"required_acr": "mfa"}, {}), ("keys-status-500", {}, {}), ("device-status-500", {}, {}),
    ("good", {}, {"polls": [{"error": "invalid_grant", "error_description": "no device_code canary-device-good~c40 here"}]}),
    ("good", {}, {"polls": [{"error": "invalid_grant", "error_description": f"secret '{SECRET}'?"}]}),
    ("good", {}, {"polls": [{"error": "invalid_grant", "error_description": "x" * 135 + SECRET}]}),
    ("good", {}, {"polls": [{"error": "invalid_grant", "error_description": "you sent Basic {basic}"}]}),
    ("good", {}, {"polls": [{"error": "invalid_grant", "error_description": f"secret {urllib.parse.quote_plus(SECRET)}?"}]}),
    ("good", {}, {"polls": [{"error": "invalid_grant", "error_description": "WDJB-MJHT was used"}]}),
    ("good", {}, {"polls": [{"error": "canary-device-good~c46"}]}),
)


class _Sampler:
    """Command lines and environments of every process, taken again and again."""

    def __init__(self):
        self.seen, self._ends = set(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        while not self._ends.wait(0.01):
            for pid in pids():
                for name in ("cmdline", "environ"):
                    with contextlib.suppress(OSError), open(f"/proc/{pid}/{name}", "rb") as file:
                        self.seen.add(file.read())

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ends.set()
        self._thread.join()

    def holds(self, word):
        return any(word.encode() in text for text in self.seen)


def _basic(secret):
    return base64.b64encode(f"frontdesk:{secret}".encode()).decode()


def _spellings(secret):
    form = urllib.parse.quote_plus(secret)
    basics = [_basic(word) for word in (secret, form)]
    return {secret, form, urllib.parse.quote(secret, safe=""), *basics, *(basic.rstrip("=") for basic in basics)}


def _within_base64(text):
    """What of a text stands in base64 wherever it begins: the characters that depend on nothing else."""
    return {base64.urlsafe_b64encode(b"x" * before + text.encode()).decode()[4:-4] for before in (1, 2, 3)}


def _sent(requests):
    """What of a sign-in reached the provider and nobody else may have."""
    found = set()
    for entry in requests:
        found |= {entry["form"][name] for name in OF_A_FORM if entry["form"].get(name)}
        header = entry["headers"].get("authorization", "")
        found |= {header.split(" ", 1)[1]} if " " in header else set()
    return found


def _prepare(desk):
    write(STARTED, "")
    scene = Scene(desk, stage.MAIN + "".join(f"[service canary-{number}]\nprompt = enter\n" for number in range(1, len(CASES), 2)))
    write(SECRET_FILE, SECRET + "\n", 0o640, "root", "frontdesk")
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-out", KEY_FILE], check=True, stderr=subprocess.DEVNULL)
    write(KEY_FILE, read(KEY_FILE), 0o640, "root", "frontdesk")
    desk.key_lines = [line for line in read(KEY_FILE).splitlines() if "-----" not in line]
    for number, (scenario, settings, told) in enumerate(CASES):
        _debugged(f"canary-{number}", "denied")
        _connect(scene, f"c{number}", scenario, **{"services": f"canary-{number}", "client_auth_method": "client_secret_basic",
                                                   **settings})
        _bend(scene, f"{scenario}~c{number}", told)
    for service in ("login", "canary-jwt"):
        _debugged(service, "allowed" if service == "login" else "denied")
    _connect(scene, "console", "good", services="login", client_auth_method="client_secret_basic", display_name="Console")
    _bend(scene, "good~console", {"claims": {"preferred_username": "mia", "sub": "mia"}})
    public = subprocess.run(["openssl", "pkey", "-in", KEY_FILE, "-pubout"], check=True, stdout=subprocess.PIPE).stdout
    _connect(scene, "jwt", "client-assertion", services="canary-jwt", client_id="kiosk", client_secret_file=KEY_FILE,
             client_auth_method="private_key_jwt")
    _bend(scene, "client-assertion~jwt", {"client": {"publicKey": public.decode(), "alg": "RS256"}})
    for name in ("keeper", "helper"):
        desk.start(name, [f"{LIBEXEC}/frontdesk-{name}", "--listen", "--debug"],
                   lambda name=name: listens(f"/run/frontdesk/{name}.sock"))


def _connect(scene, name, scenario, **settings):
    scene.connect(name, **{"issuer": f"{scene.provider.origin()}/{scenario}~{name}", "client_secret_file": SECRET_FILE,
                           **settings})


def _bend(scene, key, told):
    """Everybody is another person, and an IdP may repeat what it was sent."""
    told = json.loads(json.dumps(told).replace("{basic}", _basic(urllib.parse.quote_plus(SECRET))))
    scene.provider.ask(f"/_control/{key}", {
        **told, "device": {"device_code": f"canary-device-{key}"}, "token": {"refresh_token": f"canary-refresh-{key}"},
        "claims": {"canary": CLAIM, "preferred_username": key.split("~")[1], **told.get("claims", {})}})


def _canaries(desk, *keys):
    """All that no place but the provider and a child may ever show."""
    found = _spellings(SECRET) | _within_base64(CLAIM) | {TYPED, *desk.key_lines}
    for key in keys:
        found |= {f"canary-device-{key}", f"canary-refresh-{key}"} | _sent(desk.scene.provider.log(key))
    with open("/var/lib/frontdesk/audit.key", "rb") as file:
        key = file.read()
    return found | {key.hex(), base64.b64encode(key).decode().rstrip("="), base64.urlsafe_b64encode(key).decode().rstrip("=")}


def _keys():
    return [f"{scenario}~c{number}" for number, (scenario, *_) in enumerate(CASES)]


def _shown(canaries, text):
    return sorted(word for word in canaries if word in text)


def _try(desk, number):
    """At every other service a password is typed where Enter was asked for."""
    return desk.pam(f"canary-{number}", "", "auth", answers=TYPED + "\n")


def _debugged(service, which):
    pam_stack(service, which)
    path = f"/etc/pam.d/{service}"
    write(path, read(path).replace("pam_frontdesk.so", "pam_frontdesk.so debug"))


def a_canary_that_got_out_would_be_found(desk):
    canaries = _spellings(SECRET) | _within_base64(CLAIM)
    token = base64.urlsafe_b64encode(json.dumps({"sub": "x", "canary": CLAIM}).encode()).decode()
    assert _shown(canaries, token) and _shown(canaries, "Basic " + _basic(SECRET))
    with _Sampler() as sampler, subprocess.Popen([sys.executable, "-c", "input()", SECRET], stdin=subprocess.PIPE) as careless:
        assert stage.eventually(lambda: sampler.holds(SECRET))
        careless.communicate(b"\n")


def every_way_to_end_is_one_record_and_shows_nothing_meanwhile(desk):
    before = len(audit())
    with _Sampler() as sampler, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        said = list(pool.map(lambda number: _try(desk, number), range(len(CASES))))
    assert [number for number, lines in enumerate(said) if prompts_of(lines)], "some were asked for Enter, and typed something"
    records = audit()[before:]
    assert sorted(record["service"] for record in records) == sorted(f"canary-{number}" for number in range(len(CASES))), records
    for record in records:
        code = code_of(said[int(record["service"].split("-")[1])])
        assert (code == "SUCCESS") == (record["reason"] == "ok") == ("subject" in record), (code, record)
    assert len({record["reason"] for record in records}) >= 20, {record["reason"] for record in records}
    canaries = _canaries(desk, *_keys())
    assert len([word for word in canaries if word.startswith("ey") or "canary" in word]) > len(CASES)
    assert not [word for word in canaries if sampler.holds(word)]
    assert not _shown(canaries - {TYPED}, json.dumps(said))


def a_key_signs_and_is_not_seen(desk):
    with _Sampler() as sampler:
        assert code_of(desk.pam("canary-jwt", "", "auth")) == "SUCCESS"
    canaries = _canaries(desk, "client-assertion~jwt")
    assert [word for word in canaries if word.count(".") == 2], "the assertion itself is one"
    assert not [word for word in canaries if sampler.holds(word)]


def a_trial_on_the_command_line_shows_none_either(desk):
    for name, key in (("c0", "good~c0"), ("jwt", "client-assertion~jwt"), ("c32", "good~c32")):
        with _Sampler() as sampler:
            done = subprocess.run(["frontdesk", "login", name, "--show-claims", "--json"], stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, check=False)
        canaries = _canaries(desk, key)
        assert '"event":"verdict"' in done.stdout and not _shown(canaries, done.stdout + done.stderr)
        assert not [word for word in canaries if sampler.holds(word)]


def nor_does_a_check_whose_provider_repeats_it(desk):
    _connect(desk.scene, "said", "good", services="canary-said", client_auth_method="client_secret_basic")
    for words in (SECRET, urllib.parse.quote_plus(SECRET), "Basic " + _basic(SECRET),
                  "Basic " + _basic(urllib.parse.quote_plus(SECRET))):
        desk.scene.provider.ask("/_control/good~said", {"device": {"error": "invalid_client", "error_description": words}})
        done = subprocess.run(["frontdesk", "check", "said", "--json"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False)
        assert "invalid_client" in done.stdout and "[hidden]" in done.stdout, done
        assert not _shown(_spellings(SECRET), done.stdout + done.stderr), (words, done)
    os.unlink("/etc/frontdesk/connections.d/said.conf")


def neither_log_nor_record_nor_file_has_any(desk):
    ticket = environment_of(desk.pam("canary-0", "", "auth", "session"))["FRONTDESK_SESSION"]
    canaries = _canaries(desk, *_keys(), "client-assertion~jwt") | {ticket}
    texts = {"log": desk.log.text(), "records": json.dumps(audit()),
             **{name: read(f"{SCRATCH}/{name}.err") for name in ("keeper", "helper")}}
    for name, text in texts.items():
        assert not _shown(canaries, text), (name, _shown(canaries, text))
    assert len(audit()) > len(CASES) and len(texts["log"]) > 10000
    patterns = f"{SCRATCH}/patterns"
    write(patterns, "\n".join(canaries) + "\n", 0o600)
    found = subprocess.run(["find", *PLACES.split(), "-type", "f", "-newercm", STARTED, "-exec", "grep", "-laFf", patterns, "{}", "+"],
                           capture_output=True, text=True, check=False).stdout.split()
    assert sorted(found) == sorted([SECRET_FILE, KEY_FILE]), found
    assert "WDJB-MJHT" not in texts["log"] + texts["records"], "nobody signs in by what the log says"


def the_host_never_has_what_the_child_knows(desk):
    for allow in (True, False):
        _connect(desk.scene, "console", "good", services="login", client_auth_method="client_secret_basic",
                 **({} if allow else NOBODY))
        with desk.login("mia" if allow else "nia") as console:
            console.expect("Password, or Enter alone")
            console.type()
            console.expect(r"\$ " if allow else "(?i)incorrect|denied|failure")
            hosts = [pid for pid in pids() if status_of(pid).get("Name") == "login"]
            assert hosts
            for pid in hosts:
                assert not found_in(pid, *_canaries(desk, "good~console"))


def keeper_and_listener_keep_nothing_of_a_sign_in_that_ended(desk):
    said = desk.pam("canary-0", "", "auth", "account", "session")
    assert code_of(said) == "SUCCESS" and stage.eventually(lambda: not desk.sign_ins())
    canaries = _canaries(desk, "good~c0", "client-assertion~jwt")
    # A nonce is a claim, and of no use once the token that has it came: the keeper gets claims.
    canaries -= {entry["form"].get("nonce") for key in ("good~c0", "client-assertion~jwt")
                 for entry in desk.scene.provider.log(key)}
    for name in ("keeper", "helper"):
        pid = desk.children[name].pid
        found = found_in(pid, "frontdesk.conf", *canaries)
        assert found == {"frontdesk.conf"}, (name, found)
        assert not found_in(pid, environment_of(said)["FRONTDESK_SESSION"]), name


def none_of_our_processes_leaves_a_core(desk):
    folder = "/var/lib/frontdesk"
    with desk.login("mia") as console:
        console.expect("Password, or Enter alone")
        child = desk.only_sign_in()
        for pid in (child, desk.children["keeper"].pid, desk.children["helper"].pid):
            # Nobody but root may look into a process that must not be dumped.
            assert os.stat(f"/proc/{pid}/environ").st_uid == 0 and status_of(pid)["Uid"].split()[0] != "0"
            limits = read(f"/proc/{pid}/limits")
            assert [line.split()[4:6] for line in limits.splitlines() if line.startswith("Max core file size")] == [["0", "0"]]
        for name in ("helper", "keeper"):
            process = desk.children.pop(name)
            os.kill(process.pid, signal.SIGABRT)
            status = os.waitpid(process.pid, 0)[1]
            process.returncode = os.waitstatus_to_exitcode(status)
            process.stdin.close()
            assert os.WTERMSIG(status) == signal.SIGABRT and not os.WCOREDUMP(status), name
            os.unlink(f"/run/frontdesk/{name}.sock")
    assert not [name for place in (folder, "/", "/run/frontdesk") for name in os.listdir(place) if name.startswith("core")]


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
