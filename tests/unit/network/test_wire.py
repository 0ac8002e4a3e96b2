"""A connection's limits of time and size, by a clock that only the tests move; real servers are in `carriers`."""

import socket
from types import SimpleNamespace

import pytest

from tasks.network import wire
from tasks.network.wire import Limits, Securing, TooLongError, Wire

LIMITS = Limits(connect=10.0, exchange=20.0, session=300.0, reply=100)


@pytest.fixture
def now(monkeypatch):
    made = [1000.0]
    monkeypatch.setattr(wire, "time", SimpleNamespace(monotonic=lambda: made[0]))
    return made


@pytest.fixture
def connected(now):
    """A connection, its file, and the other side."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        opened = Wire("127.0.0.1", listening.getsockname()[1], LIMITS)
        other, _ = listening.accept()
        with other:
            yield opened, opened.makefile("rb"), other
    opened.close()


def test_before_a_session_is_ready_all_of_it_has_the_time_to_connect(connected, now):
    opened, file, other = connected
    now[0] += 9
    opened.sendall(b"EHLO\r\n")
    now[0] += 0.5
    other.sendall(b"250\r\n")
    assert file.readline() == b"250\r\n"
    now[0] += 0.5
    with pytest.raises(TimeoutError, match="takes too long"):
        opened.sendall(b"AUTH\r\n")


def test_then_each_exchange_has_its_own_time(connected, now):
    opened, file, other = connected
    opened.connected()
    for _ in range(3):
        opened.sendall(b"a\r\n")
        now[0] += 19
        other.sendall(b"b\r\n")
        assert file.readline() == b"b\r\n"
    opened.sendall(b"a\r\n")
    now[0] += 20
    with pytest.raises(TimeoutError):
        file.readline()


def test_the_next_exchange_may_have_other_limits_and_only_that_one(connected, now):
    opened, file, other = connected
    opened.connected()
    opened.allow(seconds=60, size=500)
    opened.sendall(b"a\r\n")
    now[0] += 59
    other.sendall(b"x" * 499 + b"\n")
    assert len(file.readline()) == 500
    opened.check_announced(500)
    opened.sendall(b"a\r\n")
    with pytest.raises(TooLongError):
        opened.check_announced(101)
    now[0] += 20
    with pytest.raises(TimeoutError):
        file.readline()


def test_one_limit_may_change_and_the_other_stay(connected, now):
    opened, *_ = connected
    opened.connected()
    opened.allow(size=0)
    opened.sendall(b"a\r\n")
    with pytest.raises(TooLongError):
        opened.check_announced(1)
    now[0] += 19
    opened.allow(seconds=0)
    with pytest.raises(TimeoutError):
        opened.sendall(b"a\r\n")


def test_a_session_ends_whatever_its_exchanges_take(connected, now):
    opened, *_ = connected
    opened.connected()
    assert opened.lasts(299)
    assert not opened.lasts(300)
    now[0] += 299
    opened.sendall(b"a\r\n")
    now[0] += 1
    with pytest.raises(TimeoutError):
        opened.sendall(b"a\r\n")
    assert not opened.lasts(0)


def test_a_reply_is_read_up_to_its_limit_and_not_a_byte_further(connected):
    opened, file, other = connected
    opened.connected()
    opened.check_announced(100)
    with pytest.raises(TooLongError, match="a part of the reply"):
        opened.check_announced(101)
    opened.sendall(b"a\r\n")
    other.sendall(b"x" * 100)
    assert file.read(100) == b"x" * 100
    other.sendall(b"y")
    with pytest.raises(TooLongError, match="the reply is longer"):
        file.read(1)


def test_after_an_error_the_connection_is_closed(connected, now):
    opened, file, other = connected
    opened.connected()
    now[0] += 300
    with pytest.raises(TimeoutError):
        opened.sendall(b"a\r\n")
    now[0] -= 300
    assert not opened.lasts(0)
    file.close()
    assert other.recv(1) == b""


def test_an_end_of_the_other_side_is_the_end_of_the_file(connected):
    opened, file, other = connected
    opened.sendall(b"a\r\n")
    other.shutdown(socket.SHUT_WR)
    assert file.read(5) == b""
    assert file.readable()
    assert opened.fileno() > 0


def test_each_address_of_a_host_is_tried_for_its_share_of_the_time(now, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        dead = ("127.0.0.1", 9)
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", one) for one in (dead, dead, ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        limits = []

        class Timed(socket.socket):
            def settimeout(self, value):
                limits.append(value)
                super().settimeout(value)

        monkeypatch.setattr(socket, "socket", Timed)
        Wire("mail.example", port, LIMITS).close()
    assert [round(one, 2) for one in limits] == [3.33, 5, 10]


@pytest.mark.parametrize("addresses", [0, 2])
def test_a_host_that_cannot_be_reached_is_an_error(now, monkeypatch, addresses):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))] * addresses
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(OSError, match="refused" if addresses else "the host has no address"):
        Wire("mail.example", 9, LIMITS)


def test_tls_goes_beneath_the_limits_of_the_wire(connected):
    opened, *_ = connected
    asked = []
    context = SimpleNamespace(wrap_socket=lambda used, *, server_hostname: asked.append(server_hostname) or used)
    assert Securing(context).wrap_socket(opened, "another.example") is opened
    assert asked == ["127.0.0.1"]


def test_a_reply_has_64_kilobytes_where_nothing_else_is_allowed(now):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        opened = Wire("127.0.0.1", listening.getsockname()[1], Limits())
        opened.check_announced(65_536)
        with pytest.raises(TooLongError):
            opened.check_announced(65_537)
        opened.close()
