"""The settings that keep Prefect from calling other hosts: the same wherever they are given."""

import tomllib

from tasks.servers.prefect_pages import policy
from tasks.servers.prefect_server import SILENT, environment
from tests.house.source import ROOT


def test_the_settings_file_says_what_our_own_server_is_started_with(tmp_path):
    server = tomllib.loads((ROOT / "prefect.toml").read_text("utf-8"))["server"]
    said = {
        "PREFECT_SERVER_ANALYTICS_ENABLED": server["analytics_enabled"],
        "PREFECT_SERVER_UI_V2_ENABLED": server["ui"]["v2_enabled"],
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": server["ui"]["show_promotional_content"],
    }
    assert {name: str(value).lower() for name, value in said.items()} | {"DO_NOT_TRACK": "1"} == SILENT
    assert environment(tmp_path, 4200).items() >= SILENT.items()


def test_pages_may_ask_their_server_this_machine_and_the_named_api_alone():
    hosts = {word for word in policy("https://prefect.surrey.police.uk/api").split() if "://" in word}
    assert hosts == {
        "http://127.0.0.1:*", "ws://127.0.0.1:*", "http://localhost:*", "ws://localhost:*",
        "https://prefect.surrey.police.uk", "wss://prefect.surrey.police.uk",
    }  # fmt: skip
    assert policy(None) == policy("") == policy("not a URL")
    assert {word.partition(":")[2] for word in policy(None).split() if "://" in word} == {
        "//127.0.0.1:*",
        "//localhost:*",
    }
