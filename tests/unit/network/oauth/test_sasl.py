"""How a token is shown: the octets of XOAUTH2 and OAUTHBEARER, and the end of a conversation that is refused."""

import pytest

from tasks.network.oauth.sasl import conversation, mechanism
from tests.worlds.days import row

USER = "casebeat@kent.police.uk"


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        row("the standard's before Microsoft's", ["PLAIN", "XOAUTH2", "OAUTHBEARER"], "OAUTHBEARER"),
        row("Microsoft's alone", ["LOGIN", "XOAUTH2"], "XOAUTH2"),
        row("in other letters", ["xoauth2"], "XOAUTH2"),
        row("only passwords", ["PLAIN", "LOGIN"], None),
        row("nothing", [], None),
    ],
)
def test_a_mechanism_is_chosen_among_what_the_server_offers(offered, chosen):
    assert mechanism(offered) == chosen


def test_xoauth2_shows_the_token_and_ends_a_refusal_with_nothing():
    answers = conversation("XOAUTH2", USER, "abc.def")
    assert [answers() for _ in range(3)] == [f"user={USER}\x01auth=Bearer abc.def\x01\x01", "", ""]


def test_oauthbearer_shows_the_token_and_ends_a_refusal_with_one_octet():
    answers = conversation("OAUTHBEARER", USER, "abc.def")
    assert [answers() for _ in range(3)] == [f"n,a={USER},\x01auth=Bearer abc.def\x01\x01", "\x01", "\x01"]


def test_a_comma_in_a_name_does_not_end_it():
    assert conversation("OAUTHBEARER", "a,b=c@x", "t")().startswith("n,a=a=2Cb=3Dc@x,\x01")
