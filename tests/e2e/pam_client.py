#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A PAM host that says aloud what happens to it: JSON lines, one for each message and each phase.

    pam_client.py SERVICE USER [rhost=HOST] [tty=TTY] [prior=METHODS] [uid=ID] [greeter=yes] PHASE...

PHASE: auth, account, session.
A phase says its code and how long it took; behind the last come the environment that the session would have and who
PAM says it is. Prompts are answered with a line from standard input. METHODS: what an sshd has taken as proof before.
ID: the user and group that it runs as. greeter: a display manager, which takes JSON and answers it with such a line.
"""
import ctypes
import json
import os
import socket
import sys
import time

libpam = ctypes.CDLL("libpam.so.0")
libc = ctypes.CDLL(None)
libc.calloc.restype = libc.strdup.restype = ctypes.c_void_p
libc.strdup.argtypes = [ctypes.c_char_p]
libpam.pam_getenvlist.restype = ctypes.POINTER(ctypes.c_char_p)
STYLES = {1: "prompt_echo_off", 2: "prompt_echo_on", 3: "error", 4: "info"}
CODES = {0: "SUCCESS", 4: "SYSTEM_ERR", 6: "PERM_DENIED", 7: "AUTH_ERR", 9: "AUTHINFO_UNAVAIL", 10: "USER_UNKNOWN",
         11: "MAXTRIES", 12: "NEW_AUTHTOK_REQD", 13: "ACCT_EXPIRED", 14: "SESSION_ERR", 19: "CONV_ERR", 25: "IGNORE"}
PAM_USER, PAM_TTY, PAM_RHOST, PAM_FAIL_DELAY = 2, 3, 4, 10
PAM_BINARY_PROMPT, PAM_CONV_ERR = 7, 19
EXTENSIONS = "org.gnome.DisplayManager.UserVerifier.ChoiceList org.gnome.DisplayManager.UserVerifier.CustomJSON"


class Message(ctypes.Structure):
    _fields_ = [("style", ctypes.c_int), ("text", ctypes.c_void_p)]


class Json(ctypes.Structure):
    """GDM's own, of which only the length is in network order."""
    _fields_ = [("length", ctypes.c_uint32), ("type", ctypes.c_ubyte), ("padding", ctypes.c_ubyte * 3),
                ("protocol", ctypes.c_char * 64), ("version", ctypes.c_uint), ("json", ctypes.c_void_p)]


class Response(ctypes.Structure):
    _fields_ = [("text", ctypes.c_void_p), ("code", ctypes.c_int)]


CONVERSE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.POINTER(Message)),
                            ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p)


class Conversation(ctypes.Structure):
    _fields_ = [("function", CONVERSE), ("data", ctypes.c_void_p)]


# libpam would sleep after each failure.
NO_DELAY = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p)(lambda *_: None)


def say(**what):
    print(json.dumps(what, ensure_ascii=False), flush=True)


def greet(message, response):
    request = Json.from_address(message.text)
    if socket.ntohl(request.length) != ctypes.sizeof(Json) or request.type != 1:
        return PAM_CONV_ERR
    text = json.loads(ctypes.string_at(request.json))
    say(style="greeter", protocol=request.protocol.decode(), version=request.version, text=text)
    response.text = libc.calloc(1, ctypes.sizeof(Json))
    ctypes.memmove(response.text, message.text, ctypes.sizeof(Json))
    Json.from_address(response.text).json = libc.strdup(sys.stdin.readline().rstrip("\n").encode())
    return 0


def converse(count, messages, ret_responses, _):
    replies = libc.calloc(count, ctypes.sizeof(Response))
    array = ctypes.cast(replies, ctypes.POINTER(Response))
    for i in range(count):
        message = messages[i].contents
        if message.style == PAM_BINARY_PROMPT:
            ret_responses[0] = replies
            return greet(message, array[i])
        text = ctypes.string_at(message.text) if message.text else b""
        say(style=STYLES.get(message.style, message.style), text=text.decode("utf-8", "replace"))
        if message.style in (1, 2):
            array[i].text = libc.strdup(sys.stdin.readline().rstrip("\n").encode())
    ret_responses[0] = replies
    return 0


def user_item(handle):
    user = ctypes.c_char_p()
    libpam.pam_get_item(handle, PAM_USER, ctypes.byref(user))
    return (user.value or b"").decode("utf-8", "replace")


def become(number):
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)


def main():
    service, user, *rest = sys.argv[1:]
    items = dict(word.split("=", 1) for word in rest if "=" in word)
    phases = [word for word in rest if "=" not in word]
    if "uid" in items:
        become(int(items["uid"]))
    if "greeter" in items:
        libc.setenv(b"GDM_SUPPORTED_PAM_EXTENSIONS", EXTENSIONS.encode(), 1)
    handle = ctypes.c_void_p()
    conversation = Conversation(CONVERSE(converse), None)
    libpam.pam_start(service.encode(), user.encode() or None, ctypes.byref(conversation), ctypes.byref(handle))
    libpam.pam_set_item(handle, PAM_FAIL_DELAY, NO_DELAY)
    for item, name in ((PAM_TTY, "tty"), (PAM_RHOST, "rhost")):
        if name in items:
            libpam.pam_set_item(handle, item, items[name].encode())
    if "prior" in items:
        libpam.pam_putenv(handle, f"SSH_AUTH_INFO_0={items['prior']}".encode())
    calls = {"auth": libpam.pam_authenticate, "account": libpam.pam_acct_mgmt, "session": libpam.pam_open_session}
    code = 0
    for phase in phases:
        started = time.monotonic()
        code = calls[phase](handle, 0)
        seconds = time.monotonic() - started
        say(phase=phase, code=CODES.get(code, code))
        say(seconds=round(seconds, 2))
        if code != 0:
            break
    names = libpam.pam_getenvlist(handle)
    say(environment=[names[i].decode() for i in range(64) if all(names[j] for j in range(i + 1))])
    say(user=user_item(handle))
    if phases[-1] == "session" and code == 0:
        say(phase="close_session", code=CODES.get(libpam.pam_close_session(handle, 0)))
    libpam.pam_end(handle, code)


if __name__ == "__main__":
    main()
