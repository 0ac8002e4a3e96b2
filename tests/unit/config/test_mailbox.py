"""Mailbox addresses: the allowed domains, and everything that is refused."""

import pytest

from config.mailbox import allowed, domain_of


@pytest.mark.parametrize(
    "address",
    [
        "jo.bloggs@police.uk",
        "jo.bloggs@kent.police.uk",
        "JO@KENT.POLICE.UK",
        "a+tag@cps.gov.uk",
        "o'neill@secure.cjsm.net",
        "jo@kent.pnn.police.uk.cjsm.net",
    ],
)
def test_one_mailbox_in_an_allowed_domain_or_below_it_is_allowed(address: str) -> None:
    assert allowed(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "police.uk",
        "@police.uk",
        "jo@",
        "jo@police.uk.evil.test",
        "jo@evilpolice.uk",
        "jo@notcps.gov.uk",
        "jo@gov.uk",
        "jo@.police.uk",
        "jo@-x.police.uk",
        "jo@kent..police.uk",
        "jo@police.uk.",
        "jo@\N{CYRILLIC SMALL LETTER ER}olice.uk",
        "jo@p\N{CYRILLIC SMALL LETTER O}lice.uk",
        "jö@police.uk",
        "jo@kent\N{FULLWIDTH FULL STOP}police.uk",
        "jo@police.u\N{KELVIN SIGN}",
        "jo@police.uk, eve@evil.test",
        "eve@evil.test,jo@police.uk",
        "jo@police.uk eve@police.uk",
        "jo@evil.test@police.uk",
        "Jo <jo@police.uk>",
        "<jo@police.uk>",
        '"jo eve"@police.uk',
        "jo.@police.uk",
        ".jo@police.uk",
        "jo..b@police.uk",
        "jo@police.uk\n",
        "jo@police.uk\r\nBcc: eve@evil.test",
        "jo\0@police.uk",
        "jo@[127.0.0.1]",
        "eve%evil.test@police.uk",
        "eve%evil.test%relay.test@police.uk",
        "evil.test!eve@police.uk",
        "relay!evil.test!eve@police.uk",
        "@police.uk:eve@evil.test",
        "@relay.police.uk,@police.uk:eve@police.uk",
        "/S=eve/DD.RFC-822=eve(a)evil.test/@police.uk",
        "SRS0=hash=tt=evil.test=eve@police.uk",
        "eve=evil.test@police.uk",
        "|mail@police.uk",
        "`id`@police.uk",
        '"eve@evil.test"@police.uk',
        '"eve%evil.test"@police.uk',
        "jo\\@evil.test@police.uk",
        "jo(comment)@police.uk",
        "jo@police.uk(comment)",
        "(evil.test)jo@police.uk",
        "jo@(evil.test)police.uk",
        "jo@[IPv6:::1]",
        "jo@127.0.0.1",
        "jo@2130706433",
        " jo@police.uk",
        "jo@police.uk ",
        "jo @police.uk",
        "jo@ police.uk",
        "jo@police.uk\t",
        "jo\N{NO-BREAK SPACE}@police.uk",
        "jo\N{ZERO WIDTH SPACE}@police.uk",
        "jo\N{FULLWIDTH COMMERCIAL AT}police.uk",
        "jo@police\N{IDEOGRAPHIC FULL STOP}uk",
        "jo%evil.test\N{FULLWIDTH COMMERCIAL AT}police.uk",
        "x" * 65 + "@police.uk",
        "jo@" + "a." * 130 + "police.uk",
    ],
)
def test_anything_else_is_not(address: str) -> None:
    assert not allowed(address)


def test_the_list_of_domains_is_the_callers() -> None:
    assert allowed("jo@x.example.test", ["Example.Test"])
    assert not allowed("jo@police.uk", ["example.test"])
    assert not allowed("jo@police.uk", [])


def test_a_hosts_number_is_no_domain_even_where_the_settings_name_it() -> None:
    assert not allowed("jo@127.0.0.1", ["127.0.0.1", "0.1"])
    assert domain_of("jo@kent.4") is None
    assert domain_of("jo@4.kent.x4") == "4.kent.x4"


def test_a_domain_is_given_in_lower_case() -> None:
    assert domain_of("jo@KENT.police.uk") == "kent.police.uk"
    assert domain_of("jo@localhost") is None
