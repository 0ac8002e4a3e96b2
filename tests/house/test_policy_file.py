"""The shipped policy file loads; faults in one are all reported at once, each with its path."""

from datetime import date

import pytest
import yaml

from config.forces import FORCES
from config.policy import SHIPPED, as_shipped, fingerprint, load_policy
from config.presumption import Presumption
from config.strict_yaml import Faults
from config.terms import Authority
from models.rules.obligations.rulebook import RULES

TEXT = SHIPPED.read_text("utf-8")


@pytest.fixture
def faults(tmp_path):
    def told(change):
        values = yaml.safe_load(TEXT)
        change(values)
        file = tmp_path / "policy.yaml"
        file.write_text(yaml.safe_dump(values, sort_keys=False))
        with pytest.raises(Faults) as raised:
            load_policy(file)
        return str(raised.value)

    return told


def test_the_shipped_policy_loads_and_names_its_edition():
    assert load_policy().edition


def test_every_rule_of_law_says_its_source():
    source = {line.split(":")[0].strip(): line for line in TEXT.splitlines() if "# Source:" in line}
    lawful = [rule.name for rule in RULES.values() if rule.duty is not Authority.LOCAL]
    assert [name for name in lawful if name not in source] == []


def own(tmp_path, change):
    values = yaml.safe_load(TEXT)
    change(values)
    file = tmp_path / "own.yaml"
    file.write_text(yaml.safe_dump(values, sort_keys=False))
    return file


def test_a_section_or_a_rule_that_an_upgrade_brought_is_as_shipped(tmp_path):
    def older(values):
        del values["retention"], values["rules"]["plea"]
        values["rules"]["action"]["within"] = "10d"

    policy, shipped = load_policy(own(tmp_path, older)), load_policy()
    assert (policy.retention, policy.rules.plea) == (shipped.retention, shipped.rules.plea)
    assert str(policy.rules.action.within) == "10d"
    assert as_shipped(own(tmp_path, older)) == ["retention", "rules.plea"]
    assert as_shipped(SHIPPED) == []


def test_a_policy_of_two_lines_is_enough_and_has_to_name_its_edition(tmp_path, faults):
    file = tmp_path / "short.yaml"
    file.write_text("edition: ours-1\nrules: {action: " + str(yaml.safe_load(TEXT)["rules"]["action"]) + "}\n")
    assert load_policy(file).edition == "ours-1"
    assert len(as_shipped(file)) == len(RULES) - 1 + len(yaml.safe_load(TEXT)) - 2
    assert "edition   is missing." in faults(lambda values: values.pop("edition"))


def test_what_a_section_or_a_rule_lacks_is_not_guessed(faults):
    told = faults(lambda values: (values["retention"].pop("audit"), values["rules"]["action"].pop("within")))
    assert "retention.audit   is missing." in told
    assert "rules.action.within   is missing." in told


LIMIT = "limit 9m is not the law (Magistrates' Courts Act 1980 s.127). Write 6m."


def test_a_number_that_is_law_is_refused_with_any_other_value(faults):
    told = faults(lambda values: values["rules"]["summary-time-limit"].update(limit="9m"))
    assert f"rules.summary-time-limit   {LIMIT}" in told


def test_a_number_that_is_law_is_refused_with_any_other_value_for_a_force_too(faults):
    told = faults(lambda values: values.update(overrides={"45": {"summary-time-limit": {"limit": "9m"}}}))
    assert "overrides.45: summary-time-limit: " in told
    assert LIMIT in told


@pytest.mark.parametrize("key", ["duty", "number"])
def test_whose_a_duty_or_its_number_is_is_not_a_forces_to_change(faults, key):
    told = faults(lambda values: values.update(overrides={"45": {"bail-end": {key: "local"}}}))
    assert f"overrides.45: bail-end.{key}" in told


def test_several_faults_are_told_at_once_each_with_its_path(faults):
    def change(values):
        values["rules"]["action"]["remind"] = "2 days"
        values["ladders"]["soft"][3]["day"] = "escalate + 5"
        values["letter"]["longest"]["yours"] = 0
        values["no_such_key"] = True

    told = faults(change)
    assert "4 faults, nothing was changed." in told
    assert 'rules.action.remind   "2 days" is not a duration. Write 2wd (working days), 2d (days)' in told
    assert 'ladders.soft[4].day   "escalate + 5" has no unit.' in told
    assert "letter.longest.yours" in told
    assert "no_such_key   is not a key that this file knows." in told


def test_a_reminder_after_the_due_day_is_refused(faults):
    told = faults(lambda values: values["rules"]["action"].update(remind="2wd"))
    assert "rules.action" in told
    assert "is after the due day" in told


def test_a_ladder_that_is_not_there_is_named(faults):
    told = faults(lambda values: values["rules"]["action"].update(ladder="rope"))
    assert "rules.action.ladder: there is no ladder 'rope'" in told


def test_a_digest_is_not_sent_on_any_day(faults):
    told = faults(lambda values: values["ladders"]["soft"][3].update(any_day=True))
    assert "ladders.soft[4]" in told
    assert "any_day is for a step that is at_once" in told


def test_an_override_of_a_rule_that_is_not_there_is_named(faults):
    told = faults(lambda values: values.update(overrides={"45": {"tea": {"enabled": False}}}))
    assert 'overrides.45.tea: there is no rule "tea"' in told


def test_a_rule_that_is_not_there_cannot_be_accepted_as_unseen(faults):
    told = faults(lambda values: values.update(unseen={"cms-se": ["plea", "tea"]}))
    assert "unseen.cms-se" in told
    assert "there is no rule tea" in told


def test_a_fault_within_an_override_is_told_with_its_path(faults):
    told = faults(lambda values: values.update(overrides={"45": {"action": {"within": "ten days"}}}))
    assert "overrides.45: action.within" in told


def test_an_override_changes_one_force_and_no_other(tmp_path):
    file = tmp_path / "policy.yaml"
    file.write_text(
        TEXT.replace("overrides: {}", 'overrides: {"45": {action: {within: 10d}, joint-review: {enabled: false}}}')
    )
    policy = load_policy(file)
    assert str(policy.for_force("45").action.within) == "10d"
    assert not policy.for_force("45").joint_review.enabled
    assert str(policy.for_force("43").action.within) == "14d"


def test_a_force_starts_on_a_day_by_its_code(faults, tmp_path):
    told = faults(lambda values: values.update(starts={"4x": "2026-12-01", "45": "1 December"}))
    assert "is not the two-digit code of a force" in told
    assert '"1 December" is not a day. Write it like 2026-11-25' in told
    told = faults(lambda values: values.update(inherited={"grace": "-5wd", "limits": "28d"}))
    assert "-5wd is before the first day. Write it without a minus." in told
    file = tmp_path / "policy.yaml"
    file.write_text(TEXT.replace("\nstarts: {}", '\nstarts: {"45": 2026-12-01}'))
    policy = load_policy(file)
    assert policy.starts == {"45": date(2026, 12, 1)}
    assert fingerprint(policy) != fingerprint(load_policy())


def test_a_policy_of_before_has_no_first_days_and_the_shipped_spans(tmp_path):
    values = yaml.safe_load(TEXT)
    del values["starts"], values["inherited"]
    file = tmp_path / "policy.yaml"
    file.write_text(yaml.safe_dump(values, sort_keys=False))
    assert (load_policy(file).starts, load_policy(file).inherited) == ({}, load_policy().inherited)


def test_a_key_written_twice_is_refused_with_its_line(tmp_path):
    file = tmp_path / "policy.yaml"
    file.write_text('edition: "a"\nedition: "b"\n')
    with pytest.raises(Faults, match=r'line 2: "edition" is written twice'):
        load_policy(file)


def test_the_numbers_of_the_clock_are_minutes_and_a_gap(faults):
    told = faults(lambda values: values.update(clock={"tolerance": "10m", "longest_gap": "0d"}))
    assert 'clock.tolerance   "10m" is not a number of minutes. Write 10min.' in told
    told = faults(lambda values: values.update(clock={"tolerance": "10min", "longest_gap": "0d"}))
    assert "longest_gap 0d is no gap. Write 28d." in told
    told = faults(lambda values: values["clock"].update(tolerance="0min"))
    assert '"0min" is not a number of minutes' in told


def with_scope(tmp_path, scope, overrides):
    file = tmp_path / "policy.yaml"
    file.write_text(TEXT.replace("scope: [stalking] ", f"scope: {scope} ").replace("overrides: {}", overrides))
    return load_policy(file)


def test_stalking_alone_is_in_scope_as_shipped():
    assert load_policy().harassment_in == ()


def test_a_force_may_add_harassment_to_its_scope(tmp_path):
    policy = with_scope(tmp_path, "[stalking]", 'overrides: {"45": {scope: [stalking, harassment]}}')
    assert policy.harassment_in == ("45",)
    assert policy.for_force("45") == load_policy().rules


def test_where_all_have_harassment_in_scope_a_force_may_leave_it_out(tmp_path):
    policy = with_scope(tmp_path, "[stalking, harassment]", 'overrides: {"45": {scope: [stalking]}}')
    assert set(FORCES) - set(policy.harassment_in) == {"45"}


@pytest.mark.parametrize("scope", [[], ["harassment"], ["stalking", "other"], ["stalking", "arson"], "stalking"])
def test_a_scope_without_stalking_or_with_anything_but_harassment_is_refused(faults, scope):
    assert "scope" in faults(lambda values: values.update(scope=scope))
    assert "overrides.45.scope" in faults(lambda values: values.update(overrides={"45": {"scope": scope}}))


def test_a_projection_depends_on_the_scope(tmp_path):
    policy = with_scope(tmp_path, "[stalking]", 'overrides: {"45": {scope: [stalking, harassment]}}')
    assert fingerprint(policy) != fingerprint(load_policy())
    assert fingerprint(with_scope(tmp_path, "[stalking, harassment]", "overrides: {}")) != fingerprint(load_policy())


def presuming(tmp_path, presumed, overrides="overrides: {}"):
    file = tmp_path / "policy.yaml"
    file.write_text(TEXT.replace("\npresumed: safety", f"\npresumed: {presumed}").replace("overrides: {}", overrides))
    return load_policy(file)


def test_a_force_says_for_what_it_presumes_stalking(tmp_path):
    assert load_policy().presumed_for("45") is Presumption.SAFETY
    own = presuming(tmp_path, "all", 'overrides: {"45": {presumed: off}, "46": {scope: [stalking]}}')
    assert [own.presumed_for(force) for force in ("45", "46", "47")] == ["off", "all", "all"]
    assert fingerprint(own) != fingerprint(load_policy())


@pytest.mark.parametrize("presumed", ["everything", "yes", "[safety]", "0"])
def test_what_is_presumed_is_one_of_three_words(tmp_path, presumed):
    with pytest.raises(Faults, match="presumed"):
        presuming(tmp_path, presumed)


def test_reports_that_say_danger_are_two_or_more(faults):
    told = faults(lambda values: values["rules"]["danger"]["rising"].update(incidents=1, within="-14d"))
    assert "rules.danger.rising.incidents" in told
    told = faults(lambda values: values["rules"]["danger"]["rising"].update(within="-14d"))
    assert "within -14d is before the report. Write it without a minus." in told


def test_a_source_has_one_secret(faults):
    told = faults(lambda values: values["pattern"].update(shared_secrets=[["niche-45", "niche-46"], ["niche-46", "a"]]))
    assert "shared_secrets names niche-46 twice: put sources of one secret in one group" in told


def test_a_policy_from_before_the_pattern_list_has_the_shipped_one(tmp_path):
    values = yaml.safe_load(TEXT)
    del values["pattern"]
    file = tmp_path / "policy.yaml"
    file.write_text(yaml.safe_dump(values, sort_keys=False))
    assert load_policy(file).pattern == load_policy().pattern
