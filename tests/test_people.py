"""Who may do what: asked by the store, not by the screen; and the way in through a real identity provider."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from claims.article import Provenance
from tests import story
from tests.browser import free_port, new_page, open_browser, serve, settled, sign_in_at
from tests.workbench_fakes import fake_line, write_texts
from workbench.errors import NotAllowed, SettingsError, SignInMissing
from workbench.export import claims_csv
from workbench.gate import Gate, set_gate
from workbench.inbox import take_pasted, take_upload
from workbench.jobs import start_ingest
from workbench.log import WHAT, log_page
from workbench.pair_judgements import record_pair_judgement
from workbench.people import RIGHTS, ROLES, Person, known_as
from workbench.provenance import edit_provenance
from workbench.queries import ClaimFilter, claim_detail, claim_page
from workbench.restore import restore_verdicts
from workbench.review import (
    Opinion,
    adjudicate,
    ask_second_review,
    assign,
    correct,
    finalise,
    retract,
    seen_again,
)
from workbench.saved import forget_view, save_view
from workbench.settings import load_settings
from workbench.speakers import name_speaker
from workbench.store import Store, now
from workbench.verdicts import record_verdict, withdraw_verdict


class FakeProcess:
    pid = 1

    def wait(self) -> int:
        return 0


OPEN = Gate(rationale=False, sources=0)
ME = "Ida (ida@desk.example)"


@pytest.fixture
def line(tmp_path: Path):
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])
    return line


def ids(store: Store) -> list[str]:
    return [row.id for row in claim_page(store).rows]


# Everything that a person can do, with the least role that may.
DEEDS = {
    "verdict": ("reviewer", lambda store, claim, other, who: record_verdict(store, claim, "refuted", who)),
    "withdraw": ("reviewer", lambda store, claim, other, who: withdraw_verdict(store, 1, who)),
    "pair": ("reviewer", lambda store, claim, other, who: record_pair_judgement(store, (claim, other), "unclear", who)),
    "second": ("reviewer", lambda store, claim, other, who: ask_second_review(store, claim, who)),
    "seen": ("reviewer", lambda store, claim, other, who: seen_again(store, claim, who)),
    "own": ("reviewer", lambda store, claim, other, who: assign(store, claim, who, who)),
    "speaker": ("reviewer", lambda store, claim, other, who: name_speaker(store, "Anna", "Anna Holt", who)),
    "view": ("reviewer", lambda store, claim, other, who: save_view(store, "mine", {}, who)),
    "drop": ("reviewer", lambda store, claim, other, who: forget_view(store, "mine", who)),
    "upload": ("reviewer", lambda store, claim, other, who: take_upload(store, "a.txt", b"The wall fell.")),
    "paste": ("reviewer", lambda store, claim, other, who: take_pasted(store, "The wall fell.")),
    "read": ("reviewer", lambda store, claim, other, who: start_ingest(store, [], who)),
    "article": (
        "reviewer",
        lambda store, claim, other, who: edit_provenance(
            store, claim_detail(store, claim).article.id, Provenance(outlet="Ledger"), who
        ),
    ),
    "others": ("editor", lambda store, claim, other, who: assign(store, claim, "Kim", who)),
    "final": ("editor", lambda store, claim, other, who: finalise(store, claim, who, OPEN)),
    "decide": ("editor", lambda store, claim, other, who: adjudicate(store, claim, Opinion("refuted", who), OPEN)),
    "correct": (
        "editor",
        lambda store, claim, other, who: correct(store, claim, Opinion("refuted", who), "Sorry.", OPEN),
    ),
    "retract": ("editor", lambda store, claim, other, who: retract(store, claim, who, "Sorry.")),
    "gate": ("editor", lambda store, claim, other, who: set_gate(store, Gate(sources=1), OPEN, who)),
    "import": ("admin", lambda store, claim, other, who: restore_verdicts(store, claims_csv(store), who)),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_store_refuses_what_a_role_may_not_do(line, deed):
    least, do = DEEDS[deed]
    claim, other, *_ = ids(line.store)
    roles = list(ROLES)
    for role in roles[: roles.index(least)]:
        before = line.store.path.read_bytes(), log_page(line.store).total
        with pytest.raises(NotAllowed, match=rf"signed in as {role} and may not .*needs the role"):
            do(line.store.on_behalf_of(Person(ME, role)), claim, other, ME)
        assert (line.store.path.read_bytes(), log_page(line.store).total) == before


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed not in ("upload", "paste")])
def test_nobody_can_write_under_another_name(line, deed):
    claim, other, *_ = ids(line.store)
    with pytest.raises(NotAllowed, match="nothing is stored under the name 'Kim'"):
        DEEDS[deed][1](line.store.on_behalf_of(Person(ME, "admin")), claim, other, "Kim")


def test_a_write_that_names_no_right_is_refused_for_anybody_who_is_signed_in(line):
    with (
        pytest.raises(NotAllowed, match="may not change this"),
        line.store.on_behalf_of(Person(ME, "admin")).writing() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM meta")
    with line.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM meta")


def test_what_a_role_may_do_is_done_and_stands_in_the_log(line):
    claim, other, *_ = ids(line.store)
    store = line.store.on_behalf_of(Person(ME, "editor"))
    record_verdict(store, claim, "refuted", ME)
    finalise(store, claim, ME, OPEN)
    assign(store, other, "Kim", ME)
    save_view(store, "mine", {"status": "final"}, ME)
    assert claim_detail(store, claim).status == "final"
    assert {row.who for row in log_page(store).rows} == {ME}
    assert {row.what for row in log_page(store).rows} == {"view", "assignment", "status", "verdict"}
    reviewer = line.store.on_behalf_of(Person(ME, "reviewer"))
    with pytest.raises(NotAllowed, match="who is in charge"):
        assign(reviewer, other, ME, ME)  # it is Kim's


def test_everything_that_people_do_stands_in_the_log_with_who_when_before_and_after(line, tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.jobs.subprocess.Popen", lambda *_, **__: FakeProcess())
    claim, other, disputed, *_ = ids(line.store)
    for reviewer, verdict in (("Ben", "refuted"), ("Kim", "supported")):
        record_verdict(line.store, disputed, verdict, reviewer)
    record_verdict(line.store, other, "refuted", "Ben")
    store = line.store.on_behalf_of(Person(ME, "admin"))
    own = {  # the same deeds on claims that are as far as each of them needs
        "withdraw": lambda: withdraw_verdict(store, claim_detail(store, claim).verdict.id, ME),
        "second": lambda: ask_second_review(store, other, ME),
        "decide": lambda: adjudicate(store, disputed, Opinion("refuted", ME), OPEN),
        "correct": lambda: correct(store, claim, Opinion("supported", ME), "Sorry.", OPEN),
        "read": lambda: start_ingest(store, ["a.txt"], ME),
    }
    order = (
        "verdict", "withdraw", "verdict", "pair", "second", "own", "others", "speaker", "view", "drop", "read",
        "article", "final", "seen", "correct", "retract", "decide", "gate",
    )  # fmt: skip
    # A file is logged when it is given to be read, and an import where it brings something.
    assert set(order) | {"upload", "paste", "import"} == set(DEEDS)
    for deed in order:
        if deed == "seen":
            with line.store.writing() as connection:
                connection.exec_driver_sql("UPDATE claims SET look_again = 'it' WHERE id = ?", (claim,))
        there, started = log_page(store).total, now()
        own.get(deed, lambda deed=deed: DEEDS[deed][1](store, claim, other, ME))()
        page = log_page(store)
        new = page.rows[: page.total - there]
        assert new, deed
        for row in new:
            assert row.who == ME and started <= row.at <= now(), deed
            assert row.what in WHAT and row.before != row.after, (deed, row)
    elsewhere = Store(tmp_path / "elsewhere").on_behalf_of(Person(ME, "admin"))
    restore_verdicts(elsewhere, claims_csv(store), ME)
    rows = log_page(elsewhere, -1).rows
    assert "import" in {row.what for row in rows} and {row.who for row in rows} == {ME}
    assert all(row.before != row.after for row in rows)


def test_every_right_has_words_and_each_role_more_rights_than_the_one_before():
    rights = list(ROLES.values())
    assert all(fewer < more for fewer, more in zip(rights, rights[1:], strict=False))
    assert set(RIGHTS) == set(rights[-1])


def test_the_settings_say_who_is_what(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('[people]\nsign_in = true\n[people.roles]\n"Ida@Desk.example" = "editor"\n')
    people = load_settings(tmp_path).people
    assert people.sign_in and people.role_of("IDA@desk.EXAMPLE") == "editor" and people.role_of("x@y.z") == "reader"
    assert not load_settings(tmp_path / "none").people.sign_in
    for wrong, why in (
        ('[people]\nsign_in = "yes"', "people.sign_in = 'yes'; choose true or false"),
        ("[people]\ntrust_addresses = 1", "people.trust_addresses = 1; choose true or false"),
        ('[people]\ndefault_role = "boss"', "people.default_role = 'boss'; choose one of reader, .*, admin, none"),
        ('[people.roles]\n"a@b.c" = "boss"', "'a@b.c' = 'boss'"),
        ("[people]\nroles = 1", "is not a table"),
        ("[people]\nguests = 1", "people.guests"),
    ):
        path.write_text(wrong)
        with pytest.raises(SettingsError, match=why):
            load_settings(tmp_path)


def test_a_desk_can_keep_out_everybody_whom_it_does_not_name_or_one_whom_it_does(tmp_path):
    """With a provider that knows the whole world, everybody in it was a reader."""
    path = tmp_path / "settings.toml"
    path.write_text('[people]\ndefault_role = "none"\n[people.roles]\n"ida@desk.example" = "reader"\n')
    people = load_settings(tmp_path).people
    assert people.role_of("Ida@desk.example") == "reader"
    with pytest.raises(SignInMissing, match="^x@y.example is not among those whom this desk lets in"):
        people.role_of("x@y.example")
    path.write_text('[people.roles]\n"Mallory@y.example" = "none"\n')
    people = load_settings(tmp_path).people
    assert people.role_of("x@y.example") == "reader"
    with pytest.raises(SignInMissing, match="mallory@y.example is not among"):
        people.role_of("mallory@y.example")


@pytest.mark.parametrize(
    ("said", "trust", "known"),
    [
        ({"email": "kim@desk.example", "email_verified": True, "name": " Kim  Holt"}, False, True),
        ({"email": "kim@desk.example", "email_verified": "true"}, False, True),
        # Whoever says nothing of it, as Entra does, let anybody in under any address.
        ({"email": "kim@desk.example"}, False, False),
        ({"email": "kim@desk.example", "email_verified": None}, False, False),
        ({"email": "kim@desk.example"}, True, True),
        ({"email": "kim@desk.example", "email_verified": False}, True, False),
        ({"email": "kim@desk.example", "email_verified": "false"}, True, False),
        ({"email": "kim@desk.example", "email_verified": "no"}, True, False),
        ({"email_verified": True, "name": "Kim"}, True, False),
        ({"email": "kim", "email_verified": True}, True, False),
        ({"email": "kim@desk.example\u200b", "email_verified": True}, True, False),
        ({"email": '"Kim (kim@desk.example)"@evil.example', "email_verified": True}, True, False),
    ],
)
def test_somebody_is_known_by_an_address_that_was_checked(said, trust, known):
    if known:
        name = "Kim Holt (kim@desk.example)" if "name" in said else "kim@desk.example"
        assert known_as(said, trust) == (name, "kim@desk.example")
    else:
        with pytest.raises(SignInMissing, match="e-mail address"):
            known_as(said, trust)


@pytest.mark.parametrize(
    "called",
    [
        "Kim (kim@desk.example)" + "\u200b" * 120,
        "Kim (kim@desk.example)" + "\u2800\u3164" * 60,
        "Kim\u202e (kim@desk.example)" + " x" * 100,
        "Kim （kim@desk.example）",
        "K" * 500,
    ],
)
def test_a_name_that_somebody_chose_never_hides_whose_it_is(called):
    """The address was cut off behind 120 characters, and Kim's stood there for it."""
    name, address = known_as({"email": "mallory@desk.example", "email_verified": True, "name": called})
    assert name.endswith(" (mallory@desk.example)") and len(name) <= 120 and address == "mallory@desk.example"
    assert name.count("(") == 1 and name.isprintable() and not set("\u2800\u3164（") & set(name)


def test_the_longest_address_is_never_cut():
    address = f"{'a' * 60}@{'b' * 180}.example"
    assert known_as({"email": address, "email_verified": True, "name": "Ida"})[0] == address


def test_the_app_listens_on_this_machine_alone(line):
    with serve(line.store.folder) as address:
        port = int(address.rsplit(":", 1)[1])
        open_ends = [one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
        assert {one.laddr.ip for one in open_ends if one.laddr.port == port} == {"127.0.0.1"}


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore")
def test_people_come_in_through_an_identity_provider_and_keep_their_name(line, tmp_path):
    from oidc_provider_mock import User, run_server_in_thread

    folder = line.store.folder
    (folder / "settings.toml").write_text('[people]\nsign_in = true\n[people.roles]\n"ida@desk.example" = "reviewer"\n')
    known = [
        User(sub="ida", claims={"email": "ida@desk.example", "name": "Ida", "email_verified": True}),
        User(sub="rita", claims={"email": "rita@desk.example", "name": "<b>Rita</b>", "email_verified": True}),
        User(sub="mallory", claims={"email": "ida@desk.example", "name": "Ida", "email_verified": False}),
    ]
    claim = next(row.id for row in claim_page(line.store, ClaimFilter(search="vetted")).rows)
    with run_server_in_thread(user_claims=known) as provider:
        port = free_port()
        options = sign_in_at(provider.server_port, port, tmp_path / "secrets.toml")
        with serve(folder, port=port, options=options) as address, open_browser() as browser:

            def come_in(name: str):
                page = new_page(browser)
                page.goto(f"{address}/claim?claim={claim}")
                page.get_by_role("button", name="Sign in").wait_for()
                assert page.locator(".cc-hero, .cc-strip").count() == 0  # nothing is seen from outside
                page.get_by_role("button", name="Sign in").click()
                page.get_by_role("button", name=name, exact=True).click()
                page.get_by_role("button", name="Sign out").wait_for()
                return page

            page = come_in("ida")
            page.wait_for_url(f"**/claim?claim={claim}")  # the link that they came by is not lost on the way
            settled(page)
            assert page.get_by_label("Reviewer").count() == 0
            assert page.get_by_text("Judging as Ida (ida@desk.example)").count() == 1
            page.locator("[class*=st-key-verdict-refuted-] button").click()
            page.locator("[class*=st-key-verdict-refuted-] button[kind=primary]").wait_for()
            assert claim_detail(line.store, claim).verdict.reviewer == "Ida (ida@desk.example)"
            page.get_by_role("button", name="Sign out").click()
            page.wait_for_url("**/end_session**")  # the provider ends its session, too
            page.goto(address)
            page.get_by_role("button", name="Sign in").wait_for()

            page = come_in("rita")
            page.wait_for_url(f"**/claim?claim={claim}")
            settled(page)
            assert page.get_by_text("<b>Rita</b> (rita@desk.example)").count() >= 1
            page.get_by_text("You are signed in as reader: to judge claims needs the role reviewer").wait_for()
            assert page.locator("[class*=st-key-verdict-supported-] button").count() == 0

            page = come_in("mallory")
            assert page.get_by_text("no e-mail address that it has checked").count() == 1
            assert page.locator(".cc-strip").count() == 0


def test_a_desk_without_a_provider_says_so_instead_of_letting_anybody_in(line, monkeypatch):
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    from tests.test_views import ROOT, words

    (line.store.folder / "settings.toml").write_text("[people]\nsign_in = true\n")
    story.opens_in(line.store.folder, monkeypatch)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert "no identity provider is configured" in words(app)
    assert "vetted" not in words(app)
    st.cache_resource.clear()
