"""What benchmarks send to, each a process of its own: `python -m benchmarks.sinks mail|slack PEOPLE` prints its port.

The mail sink speaks just enough SMTP and keeps nothing; the stand-in for Slack is the tests'.
"""

import socket
import sys
import threading

from tests.support.slack_stand_in import SlackStandIn


def mail() -> None:
    """Take every letter, for ever."""
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    while True:
        caller, _ = listening.accept()
        threading.Thread(target=_session, args=(caller,), daemon=True).start()


def _session(caller: socket.socket) -> None:
    caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    lines = caller.makefile("rb")
    caller.sendall(b"220 sink\r\n")
    while line := lines.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            caller.sendall(b"354 go\r\n")
            while lines.readline() != b".\r\n":
                pass
        caller.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 2.0.0 taken\r\n")


def slack(people: int) -> None:
    """Be Slack for this many people, with whom conversations are open: D0P0, D0P1 and so on."""
    with SlackStandIn() as running:
        for number in range(people):
            running.answer("conversations.open", {"users": running.user(f"U0P{number}")}, running.token)
        print(running.port, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    if sys.argv[1] == "mail":
        mail()
    else:
        slack(int(sys.argv[2]))
