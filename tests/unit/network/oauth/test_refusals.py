"""Why there is no token: the sentence for each number of Microsoft's and each error of the standard."""

import pytest

from tasks.network.oauth import refusals
from tasks.network.oauth.refusals import why_none
from tests.worlds.days import row


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        row(
            "an ended secret",
            {"error": "invalid_client", "error_codes": [7000222]},
            "the client secret has ended: make a new one in Entra, and set it (AADSTS7000222)",
        ),
        row(
            "a number that is known after one that is not",
            {"error": "invalid_client", "error_codes": [1, 53003]},
            "conditional access forbids this sign-in: have a policy allow the app from this machine's address "
            "(AADSTS53003)",
        ),
        row(
            "an unknown number with a known error",
            {"error": "unauthorized_client", "error_codes": [42]},
            "the app may not ask for a token by client credentials: have that allowed at the provider (AADSTS42)",
        ),
        row(
            "an error of the standard",
            {"error": "invalid_scope", "error_description": "NAME"},
            "the scope is not valid: correct the scope (invalid_scope)",
        ),
        row("an error of nobody's", {"error": "NAME"}, "the endpoint gives no token, and no reason that is known"),
        row("no error", {}, "the endpoint gives no token, and no reason that is known"),
        row(
            "an error that is no text",
            {"error": ["NAME"], "error_codes": "NAME"},
            "the endpoint gives no token, and no reason that is known",
        ),
        row(
            "numbers that are none",
            {"error": "access_denied", "error_codes": ["NAME"]},
            "the provider denies the app access: have its permissions looked at (access_denied)",
        ),
    ],
)
def test_each_refusal_has_a_sentence_and_repeats_nothing_that_was_written(answer, sentence):
    assert why_none(answer) == sentence


def test_no_two_refusals_of_microsofts_read_alike_and_each_says_what_to_do():
    sentences = list(refusals.BY_NUMBER.values())
    assert len(set(sentences)) == len(sentences)
    assert all(": " in each for each in [*sentences, *refusals.BY_ERROR.values()])
