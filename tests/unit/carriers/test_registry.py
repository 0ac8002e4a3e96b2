"""The registry, the routes of the settings and the names of channels, which must agree."""

from types import SimpleNamespace

import pytest

from config.message_kinds import MessageKind
from config.routes import Channel
from config.settings import Settings
from models.people import Contact
from tasks.carriers import registry
from tasks.carriers.registry import CARRIERS
from tasks.platform.templates import TEMPLATES

ROUTES = Settings().routes


def test_every_channel_has_a_route_and_a_carrier():
    assert [route.channel for route in ROUTES] == list(CARRIERS) == list(Channel)


def test_one_route_reaches_everyone_and_it_is_drained_first():
    assert [route.everyone for route in ROUTES] == [True, *[False] * (len(ROUTES) - 1)]


def test_the_main_route_is_always_set_up_and_carries_all_that_one_place_reads():
    main = Settings().main
    assert (main.on, main.operations, main.restricted) == (True, True, True)
    assert main.kinds == set(MessageKind) - {MessageKind.THREAD, MessageKind.POST}  # those of a channel of its own


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.channel)
def test_the_address_of_a_route_is_a_column_of_contacts_and_only_a_route_to_no_person_has_none(route):
    to_people = route.kinds - {MessageKind.THREAD, MessageKind.POST}
    assert (route.address in Contact.__table__.columns) is bool(to_people)


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_of_message_is_carried_and_has_its_templates(kind):
    carrying = [route for route in ROUTES if kind in route.kinds]
    assert carrying
    for route in carrying:  # its own template, or the letter's plain text
        assert any((TEMPLATES / kind / name).exists() for name in (f"{route.channel}.txt", "body.txt"))


@pytest.mark.parametrize(("on", "queued"), [(True, ["slack"]), (False, [])])
def test_only_a_channel_that_is_set_up_queues_what_is_its_own(monkeypatch, on, queued):
    asked = []
    for channel in ("slack", "teams"):
        monkeypatch.setitem(
            CARRIERS, channel, CARRIERS[channel]._replace(queue=lambda *_, name=channel: asked.append(name))
        )
    chosen = SimpleNamespace(routes=[route._replace(on=on and route.channel == "slack") for route in ROUTES])
    registry.queue(None, chosen, None, None)
    assert asked == queued
