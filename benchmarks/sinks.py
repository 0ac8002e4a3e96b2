"""The receivers of the benchmarks, each in its own process.

`python -m benchmarks.sinks mail|slack PEOPLE` starts one and prints its port. The mail sink implements the least SMTP
and keeps nothing. The stand-in for Slack is the tests' own.
"""

import socket
import sys
import threading

from tests.support.slack_stand_in import SlackStandIn


def mail() -> None:
    """Accept every letter until killed."""
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
    """Run the Slack stand-in with open conversations for this many people: D0P0, D0P1 and so on."""
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
