"""What stands in a family's copy and what must never: each kind of leak is tried, in HTML and in the Word file."""

import io
import os
import re
import sys
import zipfile
import zlib
from dataclasses import replace
from html import unescape

import pytest
from conftest import ROOT, example
from example_plans import CATALOGUE, DAY, SUPERVISOR, WORKER, agreed, at, decided, drafted
from hypothesis import given, settings
from random_families import families

from cpassist.errors import Mistakes
from cpassist.family.changes import with_answer
from cpassist.family.records import Answer, FamilyMeeting, Need, Person, Relation
from cpassist.family.vocabulary import AnswerValue, Basis, RelationKind, Role
from cpassist.harm.causing import CAUSING
from cpassist.harm.reading import read_harm
from cpassist.importing.family_file import read_family
from cpassist.papers.formats.to_docx import to_docx
from cpassist.papers.formats.to_html import to_html
from cpassist.papers.formats.to_pdf import to_pdf
from cpassist.papers.written.blocks import said_in, words_of
from cpassist.papers.written.danger import Danger
from cpassist.papers.written.document import DRAFT, INVENTED, NOT_CHECKED, build_document
from cpassist.papers.written.family_papers import names_others, names_somebody
from cpassist.papers.written.readers import MAY_SHOW, STRICT, Part, Reader, Standing, copy_for
from cpassist.planning.proposal import propose
from cpassist.plans.lifecycle import approved, submitted
from cpassist.plans.plan import Action, Aim, CasePlan, Consent, Meanwhile

SETTLED = {"larkfield"}


def danger_in(family):
    return Danger(read_harm(family, CATALOGUE, family.assessed_on))


def proposed(name):
    family = read_family(example(name), CATALOGUE)
    return family, propose(family, CATALOGUE, None, family.assessed_on)


COPIES = [(Reader.PARENT, "dana"), (Reader.PARENT, "luke"), (Reader.CHILD, "mia")]


def canary(*parts):
    """A word that stands in one place only."""
    return "zq" + "".join(c for c in "".join(map(str, parts)) if c.isalnum()).lower() + "qz"


def telling():
    """The Larkfields' plan, in which every word that a person typed is one of its own."""
    plan = drafted()
    family = plan.family
    family = family.with_changes(
        needs=tuple(
            replace(
                n, says=canary("saw", n.person, n.need), seen_by=canary("who", n.person, n.need)
            )
            for n in family.needs
        ),
        strengths=tuple(
            replace(s, says=canary("strength", s.person, i)) for i, s in enumerate(family.strengths)
        ),
        wishes=tuple(replace(w, says=canary("wish", w.person)) for w in family.wishes),
        judgements=tuple(
            replace(j, because=canary("because", j.intervention)) for j in family.judgements
        ),
    )
    return replace(
        plan,
        family=family,
        actions=tuple(
            Action(
                offer=a.offer,
                starts=a.starts,
                review=a.review,
                **{n: canary(n, a.offer) for n in ACTION},
            )
            for a in plan.actions
        ),
        aims=tuple(
            Aim(child=a.child, by=a.by, seen_on=a.seen_on, **{n: canary(n, a.child) for n in AIM})
            for a in plan.aims
        ),
        meanwhile=tuple(
            Meanwhile(person=m.person, need=m.need, says=canary("gap", m.person, m.need))
            for m in plan.meanwhile
        ),
        consents=tuple(
            Consent(person=c.person, answer=c.answer, says=canary("said", c.person))
            for c in plan.consents
        ),
        shared_with=(canary("shared"),),
        led_by=canary("lead"),
        meeting=FamilyMeeting(
            offered_on="2026-11-02", offered_in=canary("letter"), not_because=canary("whynot")
        ),
    )


ACTION = ("owner", "change", "noticed", "contingency")
AIM = ("change", "how_much", "seen_by", "child_says", "parents_say")


def answered(plan, ask, person, other=None, value=AnswerValue.TRUE):
    answer = Answer(ask=ask, person=person, other=other, answer=value)
    return replace(plan, family=with_answer(plan.family, answer, two_way=False))


def safe(plan):
    """Dana and Mia can keep papers, and Luke does not see Mia."""
    for person in ("dana", "mia"):
        plan = answered(plan, "safe_to_hold_papers", person)
    return answered(plan, "has_contact", "luke", "mia", AnswerValue.FALSE)


def texts_of(plan, reader, person, **how):
    """The copy as both files hold it: every part of the Word file as well."""
    document = build_document(plan, CATALOGUE, reader, person, made_on=DAY, **how)
    packed = zipfile.ZipFile(io.BytesIO(to_docx(document, made_on=DAY)))
    word = " ".join(packed.read(name).decode("utf-8", "ignore") for name in packed.namelist())
    # As it is read: "Mothers&#39;" is Mothers'.
    return unescape(to_html(document)), unescape(re.sub(r"<[^>]+>", "", word) + word)


def canaries_in(text):
    return set(re.findall(r"zq[a-z0-9]+qz", text))


def all_of(plan, reader, person):
    found = [canaries_in(text) for text in texts_of(plan, reader, person)]
    assert found[0] == found[1], "both files say the same"
    return found[0]


def known(plan, need, *people, **changes):
    needs = tuple(
        replace(n, known_to=people, **changes) if n.need == need else n for n in plan.family.needs
    )
    return replace(plan, family=plan.family.with_changes(needs=needs))


def test_a_copy_for_whoever_causes_harm_holds_their_own_help_and_nothing_that_anybody_typed():
    plan = safe(telling())
    (own,) = [o for o in plan.package.offers if "luke" in o.people]
    title = CATALOGUE.title(own.intervention)
    # Nobody has spoken with him: what his help is called would be how he learns of it.
    assert all_of(plan, Reader.PARENT, "luke") == set()
    assert title not in texts_of(plan, Reader.PARENT, "luke")[0]

    told = known(plan, "domestic_abuse_causing", "luke")
    assert all_of(told, Reader.PARENT, "luke") == set()
    html, word = texts_of(told, Reader.PARENT, "luke")
    assert title in html
    for label in ("Dana", "Mia", "Theo"):
        assert label not in html
        assert label not in word
    for offer in plan.package.offers:
        if "luke" not in offer.people:
            assert CATALOGUE.title(offer.intervention) not in html


def test_a_mother_gets_what_is_hers_and_what_must_change_for_her_children():
    plan = safe(telling())
    found = all_of(plan, Reader.PARENT, "dana")
    hers = {canary(n, o.key) for o in plan.package.offers if "dana" in o.people for n in ACTION}
    aims = {canary(n, child) for child in ("mia", "theo") for n in ("change", "how_much")}
    own = {canary("said", "dana"), canary("wish", "dana")}
    own |= {canary("strength", "dana", i) for i, s in enumerate(plan.family.strengths) if s.person == "dana"}  # fmt: skip
    assert found == hers | aims | own
    html, _ = texts_of(plan, Reader.PARENT, "dana")
    assert "Being hurt or controlled by a partner" in html
    assert "Hurting or controlling a partner" not in html
    assert "Luke" not in html


def test_a_childs_copy_holds_its_own_help_and_wishes():
    plan = safe(telling())
    assert all_of(plan, Reader.CHILD, "mia") == {canary("wish", "mia")}
    html, _ = texts_of(plan, Reader.CHILD, "mia")
    assert "Luke" not in html
    assert "abuse" not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL).casefold()


@pytest.mark.parametrize("known", [AnswerValue.UNKNOWN, AnswerValue.TRUE])
def test_a_child_who_may_see_whoever_causes_harm_carries_nothing_to_them(known):
    plan = safe(telling())
    seen = answered(plan, "has_contact", "luke", "mia", known)
    if known is AnswerValue.UNKNOWN:
        kept = tuple(a for a in plan.family.circumstances if a.ask != "has_contact")
        seen = replace(plan, family=plan.family.with_changes(circumstances=kept))
    copy = copy_for(seen, CATALOGUE, Reader.CHILD, "mia")
    assert copy.standing is Standing.CHILD_SEEN_BY_SUCH
    assert "luke" in copy.around
    assert all_of(seen, Reader.CHILD, "mia") == set()
    for offer in copy.help_shown():
        assert "luke" in offer.people or not offer.answers


@pytest.mark.parametrize("said", [None, AnswerValue.UNKNOWN, AnswerValue.FALSE])
def test_a_victims_copy_is_a_plain_note_unless_it_is_safe_to_hold(said):
    plan = telling()
    if said:
        plan = answered(plan, "safe_to_hold_papers", "dana", value=said)
    for reader, person in ((Reader.PARENT, "dana"), (Reader.CHILD, "mia")):
        document = build_document(plan, CATALOGUE, reader, person, checked=True, made_on=DAY)
        html, word = texts_of(plan, reader, person, checked=True)
        assert document.title == "A note"
        assert (document.marks, document.foot) == ((), ())
        assert document.left_out
        for text in (html, word):
            assert canaries_in(text) == set()
            for words in ("Dana", "Mia", "Larkfield", "abuse", "plan for", "Invented", plan.content[:8]):  # fmt: skip
                assert words not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


def test_a_need_stands_only_in_the_copies_of_those_to_whom_it_is_known():
    plan = safe(drafted())
    label = CATALOGUE.need_types["alcohol_misuse"].family_label
    for known, shown in (((), {"dana"}), (("dana",), {"dana"}), (("luke",), set())):
        needs = tuple(
            replace(n, known_to=known) if n.need == "alcohol_misuse" else n
            for n in plan.family.needs
        )
        marked = replace(plan, family=plan.family.with_changes(needs=needs))
        for person in ("dana", "luke"):
            html, word = texts_of(marked, Reader.PARENT, person)
            stands = f"<li>{label}</li>" in html
            assert stands is (person in shown), (known, person)
            assert (label in word) is stands


def test_what_is_only_suspected_is_told_by_a_person_first():
    plan = safe(drafted())
    needs = tuple(
        replace(n, basis=Basis.SUSPECTED, known_to=()) if n.need == "alcohol_misuse" else n
        for n in plan.family.needs
    )
    suspected = replace(plan, family=plan.family.with_changes(needs=needs))
    html, _ = texts_of(suspected, Reader.PARENT, "dana")
    assert "<li>Drinking</li>" not in html
    left = copy_for(suspected, CATALOGUE, Reader.PARENT, "dana").left_out()
    assert any("speak with Dana first" in row.because for row in left)


def test_words_that_name_others_or_point_at_a_place_are_shown_to_the_worker():
    plan = safe(drafted())
    hers = next(o for o in plan.package.offers if o.people == ("dana",))
    actions = tuple(
        replace(a, noticed="LUKE stays away, says BN1 4ZZ.") if a.offer == hers.key else a
        for a in plan.actions
    )
    limits = replace(plan.family.limits, access_needs={"dana": ("read aloud",)}, languages={"dana": ("pl",)})  # fmt: skip
    plan = replace(plan, actions=actions, family=plan.family.with_changes(limits=limits))
    named = names_others(build_document(plan, CATALOGUE, Reader.PARENT, "dana"), plan, "dana")
    for words in ("names Luke", "a postcode", "read aloud", "speaks pl"):
        assert any(words in says for says in named), words


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Zoë (mum)", "Zoë lives far."),
        ("Zoë", "zoe lives far."),
        ("Zoë", "ZOE\u0308’s aunt"),
        ("O'Dea", "o'dea came"),
    ],
)
def test_a_label_is_found_whatever_its_letters(label, words):
    assert names_somebody(words, label)
    assert not names_somebody("Lukewarm water", "Luke")


# --- what an attacker tried ---


def without_abuse_recorded(plan):
    """The family with its abuse in no need, as where only the questions about safety were answered."""
    spoken_of = {"domestic_abuse_victim", "domestic_abuse_causing", "exposed_to_domestic_abuse"}
    needs = tuple(n for n in plan.family.needs if n.need not in spoken_of)
    return replace(plan, family=plan.family.with_changes(needs=needs))


def standings(plan):
    return {
        (reader, person): copy_for(plan, CATALOGUE, reader, person).standing
        for reader, person in COPIES
    }


@pytest.mark.parametrize("ask", ["abuse_pattern", "coercive_control", "afraid_of"])
def test_abuse_that_stands_only_in_an_answer_about_safety_counts(ask):
    plan = answered(without_abuse_recorded(telling()), ask, "luke", "dana")
    found = standings(plan)
    assert found[Reader.PARENT, "luke"] in {Standing.CAUSES_HARM, Standing.NOT_SAFE_TO_HOLD}
    assert found[Reader.PARENT, "dana"] is Standing.NOT_SAFE_TO_HOLD
    assert found[Reader.CHILD, "mia"] is Standing.NOT_SAFE_TO_HOLD
    assert all_of(plan, Reader.PARENT, "luke") == set()


def with_harm(plan, need, harmed_by, basis=Basis.SAID_BY_CHILD):
    family = without_abuse_recorded(plan).family
    more = Need(person="mia", need=need, level=3, harmed_by=harmed_by, basis=basis)
    return replace(plan, family=family.with_changes(needs=(*family.needs, more)))


@pytest.mark.parametrize("harmed_by", [None, ("unknown",)])
@pytest.mark.parametrize("need", ["sexual_abuse", "physical_abuse", "exposed_to_domestic_abuse"])
def test_while_nobody_has_said_who_harms_a_child_everybody_who_may_is_read_as_if_they_did(need, harmed_by):  # fmt: skip
    plan = with_harm(telling(), need, harmed_by)
    assert standings(plan)[Reader.CHILD, "mia"] in {Standing.CHILD_SEEN_BY_SUCH, Standing.NOT_SAFE_TO_HOLD}  # fmt: skip
    for reader, person in COPIES:
        assert all_of(plan, reader, person) == set(), (reader, person)


def test_a_young_parents_copy_is_bound_by_whoever_she_lives_with():
    plan = with_harm(telling(), "sexual_abuse", ("luke",))
    baby = Person(key="bee", role=Role.CHILD, label="Bee", born="2026-01", lives_in=("main",))
    people = tuple(
        replace(p, born="2010-06", cares_for=("bee",)) if p.key == "mia"
        else replace(p, lives_in=("main",)) if p.key == "luke" else p
        for p in plan.family.people
    )  # fmt: skip
    relation = Relation(person="mia", child="bee", kind=RelationKind.PARENT)
    family = plan.family.with_changes(people=(*people, baby), relations=(*plan.family.relations, relation))  # fmt: skip
    young = replace(plan, family=family)
    for reader in (Reader.PARENT, Reader.CHILD):
        standing = copy_for(young, CATALOGUE, reader, "mia").standing
        assert standing in {Standing.CHILD_SEEN_BY_SUCH, Standing.NOT_SAFE_TO_HOLD}
        html, _ = texts_of(young, reader, "mia")
        assert "Being hurt sexually" not in html
        assert canary("wish", "mia") not in html


def test_an_adult_who_shares_a_home_with_whoever_harms_gets_a_copy_only_with_a_yes():
    plan = with_harm(telling(), "physical_abuse", ("luke",))
    people = tuple(replace(p, lives_in=("main",)) for p in plan.family.people)
    together = replace(plan, family=plan.family.with_changes(people=people))
    assert standings(together)[Reader.PARENT, "dana"] is Standing.NOT_SAFE_TO_HOLD
    yes = answered(together, "safe_to_hold_papers", "dana")
    assert standings(yes)[Reader.PARENT, "dana"] is Standing.ADULT


def test_where_somebody_causes_abuse_every_other_parent_may_be_its_victim():
    plan = drafted()
    needs = tuple(n for n in plan.family.needs if n.need != "domestic_abuse_victim")
    plan = replace(plan, family=plan.family.with_changes(needs=needs))
    assert standings(plan)[Reader.PARENT, "dana"] is Standing.NOT_SAFE_TO_HOLD


def test_a_brother_who_harms_is_among_those_who_may_read():
    plan = with_harm(telling(), "harmed_by_another_child", ("theo",))
    copy = copy_for(plan, CATALOGUE, Reader.CHILD, "mia")
    assert "theo" in copy.around
    assert copy.standing is not Standing.CHILD
    assert canary("wish", "mia") not in texts_of(plan, Reader.CHILD, "mia")[0]


def test_of_two_answers_about_contact_the_safer_counts():
    plan = safe(telling())
    assert "luke" not in copy_for(plan, CATALOGUE, Reader.CHILD, "mia").around
    both = answered(plan, "has_contact", "mia", "luke")
    assert "luke" in copy_for(both, CATALOGUE, Reader.CHILD, "mia").around


@pytest.mark.parametrize("people", [("luke",), ("theo",)])
def test_what_help_is_called_tells_no_more_than_the_need_may(people):
    plan = safe(telling())
    offers = [
        o
        for o in plan.package.offers
        if "dana" in o.people and any(a.need == "alcohol_misuse" for a in o.answers)
    ]
    assert offers
    for hidden in (known(plan, "alcohol_misuse", *people), known(plan, "alcohol_misuse", basis=Basis.SUSPECTED)):  # fmt: skip
        html, word = texts_of(hidden, Reader.PARENT, "dana")
        for offer in offers:
            help_ = CATALOGUE.interventions[offer.intervention]
            for text in (html, word):
                assert help_.title not in text
                assert help_.family_summary not in text
        assert "Your worker will talk with you about what could help you." in html


@pytest.mark.parametrize("name", sorted(p.stem for p in (ROOT / "catalogue/families").glob("*.yaml")))  # fmt: skip
def test_no_copy_of_any_example_tells_what_a_person_has_to_tell_first(name):
    family, package = decided(name) if name in SETTLED else proposed(name)
    plan = CasePlan(key="k", family=family, package=package)
    danger = danger_in(family)
    for person in family.people:
        for reader in (Reader.PARENT, Reader.CHILD):
            try:
                html, word = texts_of(plan, reader, person.key)
            except Mistakes:
                continue
            for need in family.needs:
                if need.person != person.key and person.key not in need.known_to:
                    assert not need.says or need.says not in html
                told_first = need.basis is not Basis.CONFIRMED or need.need in CAUSING
                if need.person == person.key and told_first and person.key not in need.known_to:
                    for offer in package.offers:
                        if any(
                            (a.person, a.need) == (need.person, need.need) for a in offer.answers
                        ):
                            assert CATALOGUE.title(offer.intervention) not in html + word
            if person.key in danger.harmers:
                for other in family.people:
                    if other.key != person.key:
                        assert not names_somebody(
                            re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL),
                            other.label,
                        )


@pytest.mark.parametrize(("reader", "person"), COPIES)
def test_nothing_that_a_worker_notes_and_no_rating_reaches_a_family(reader, person):
    plan = safe(telling())
    html, word = texts_of(plan, reader, person)
    for need in plan.family.needs:
        assert canary("saw", need.person, need.need) not in html + word
        assert canary("who", need.person, need.need) not in html + word
    for words in ("needs help now", "replicated", "shown once", "early evidence", "18C", "3B"):
        assert words not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    for judgement in plan.family.judgements:
        assert canary("because", judgement.intervention) not in html + word


@pytest.mark.parametrize(("reader", "person"), [(Reader.WORKER, ""), (Reader.COUNCIL, ""), *COPIES])  # fmt: skip
def test_file_names_and_what_a_file_says_about_itself_hold_no_label(reader, person):
    plan = safe(telling())
    document = build_document(plan, CATALOGUE, reader, person, made_on=DAY)
    packed = zipfile.ZipFile(io.BytesIO(to_docx(document, made_on=DAY)))
    about = " ".join(
        packed.read(n).decode("utf-8", "ignore")
        for n in packed.namelist()
        if n.startswith("docProps")
    )
    title = re.search(r"<title>(.*?)</title>", to_html(document))[1]
    for person_of in plan.family.people:
        for text in (document.file_name, about, title):
            assert person_of.label not in text
    assert "Larkfield" not in document.file_name + about + title
    assert "wanda" not in about


def test_every_page_says_what_it_is_until_it_is_approved_and_checked():
    plan = safe(drafted())
    for reader, person in COPIES:
        document = build_document(plan, CATALOGUE, reader, person)
        assert document.marks == (INVENTED, DRAFT, NOT_CHECKED)
        packed = zipfile.ZipFile(io.BytesIO(to_docx(document)))
        headers = [packed.read(n).decode() for n in packed.namelist() if "header" in n]
        assert any(NOT_CHECKED in header for header in headers)
        assert to_html(document).count(NOT_CHECKED) == 2, "on the screen and on each printed page"
        assert NOT_CHECKED not in to_html(build_document(plan, CATALOGUE, reader, person, checked=True))  # fmt: skip
    sent = submitted(plan, WORKER, at(), ())
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    assert build_document(signed, CATALOGUE).marks == (INVENTED, "Must not reach Luke")
    foot = " ".join(build_document(signed, CATALOGUE, made_on=DAY).foot)
    for words in (signed.content[:16], signed.package.catalogue_version, "2 November 2026"):
        assert words in foot


@pytest.mark.parametrize(
    ("reader", "person", "says"),
    [
        (Reader.PARENT, "", "needs to know for whom"),
        (Reader.PARENT, "nobody", "Known are: dana, luke, mia, theo"),
        (Reader.PARENT, "mia", "is a child"),
        (Reader.CHILD, "dana", "an adult"),
        (Reader.CHILD, "theo", "under 5"),
    ],
)
def test_a_copy_that_cannot_be_is_a_sentence(reader, person, says):
    plan = answered(safe(drafted()), "safe_to_hold_papers", "theo")
    plan = answered(plan, "has_contact", "luke", "theo", AnswerValue.FALSE)
    with pytest.raises(Mistakes, match=says):
        build_document(plan, CATALOGUE, reader, person)


def test_the_rules_are_stricter_the_less_safe_it_is():
    assert MAY_SHOW[Standing.NOT_SAFE_TO_HOLD] == frozenset()
    assert MAY_SHOW[Standing.CHILD_SEEN_BY_SUCH] < MAY_SHOW[Standing.CHILD] < MAY_SHOW[Standing.ADULT]  # fmt: skip
    assert MAY_SHOW[Standing.CAUSES_HARM] == {Part.OWN_NEEDS, Part.OWN_HELP}


def test_the_pdf_is_tagged_and_says_its_language():
    made = to_pdf(build_document(safe(drafted()), CATALOGUE, Reader.CHILD, "mia"))
    assert made.startswith(b"%PDF")
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, flags=re.DOTALL)
    whole = made + b"".join(unpacked(part) for part in packed)
    assert b"/StructTreeRoot" in whole
    assert b"en-GB" in whole


def unpacked(part):
    try:
        return zlib.decompress(part)
    except zlib.error:
        return part


def test_without_its_libraries_pdf_is_a_sentence(monkeypatch):

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(Exception, match="PDF cannot be made here"):
        to_pdf(build_document(drafted(), CATALOGUE))


@settings(max_examples=400 if os.environ.get("CPASSIST_SOAK") else 25, deadline=None)
@given(families())
def test_for_whatever_family_every_copy_is_made_or_refused_and_tells_nobody_elses_needs(family):
    on = family.assessed_on
    plan = CasePlan(key="k", family=family, package=propose(family, CATALOGUE, None, on))
    for person in family.people:
        for reader in (Reader.PARENT, Reader.CHILD):
            try:
                copy = copy_for(plan, CATALOGUE, reader, person.key)
                document = build_document(plan, CATALOGUE, reader, person.key)
            except Mistakes:
                continue
            shown = set(words_of(document))
            for need in family.needs:
                label = CATALOGUE.need_types[need.need].family_label
                mine = need.person == person.key or need.person in copy.children
                if not mine and person.key not in need.known_to:
                    others = {
                        n.need for n in family.needs if n.person in {person.key, *copy.children}
                    }
                    assert need.need in others or label not in shown
            if copy.standing is Standing.NOT_SAFE_TO_HOLD:
                assert document.title == "A note"
            if copy.standing in STRICT:
                assert said_in(document) == () or all(re.fullmatch(r"\d{1,2} \w+ \d{4}", w) for w in said_in(document))  # fmt: skip
    for reader in (Reader.WORKER, Reader.COUNCIL):
        assert to_html(build_document(plan, CATALOGUE, reader))


# --- what a second attacker tried ---


def test_whoever_may_harm_and_may_be_a_victim_gets_the_note_without_a_yes():
    plan = with_harm(telling(), "exposed_to_domestic_abuse", None, Basis.CONFIRMED)
    danger = danger_in(plan.family)
    assert "dana" in danger.harmers
    assert standings(plan)[Reader.PARENT, "dana"] is Standing.NOT_SAFE_TO_HOLD
    kept_apart = answered(without_abuse_recorded(telling()), "contact_forbidden", "luke", "dana")
    assert standings(kept_apart)[Reader.PARENT, "dana"] is Standing.NOT_SAFE_TO_HOLD


def test_help_whose_name_tells_a_need_that_is_kept_back_does_not_appear():
    plan = safe(drafted())
    offer = next(o for o in plan.package.offers if "dana" in o.people)
    help_ = next(i for i in CATALOGUE.interventions.values() if i.tells_of == ("drug_misuse",))
    named = replace(offer, intervention=help_.key, answers=offer.answers[:1])
    plan = replace(plan, package=replace(plan.package, offers=(named,)))
    assert help_.title not in texts_of(plan, Reader.PARENT, "dana")[0], (
        "nothing says that she uses drugs"
    )
    more = Need(person="dana", need="drug_misuse", level=2, basis=Basis.SUSPECTED)
    for basis, shown in ((Basis.SUSPECTED, False), (Basis.CONFIRMED, True)):
        needs = (*plan.family.needs, replace(more, basis=basis))
        told = replace(plan, family=plan.family.with_changes(needs=needs))
        assert (help_.title in texts_of(told, Reader.PARENT, "dana")[0]) is shown


def test_an_answer_that_two_live_together_is_a_shared_home():
    plan = with_harm(telling(), "physical_abuse", ("luke",))
    assert standings(plan)[Reader.PARENT, "dana"] is Standing.ADULT
    together = answered(plan, "lives_together", "dana", "luke")
    assert standings(together)[Reader.PARENT, "dana"] is Standing.NOT_SAFE_TO_HOLD


@pytest.mark.parametrize("ask", ["convicted_abuse", "high_harm_signs"])
def test_an_answer_about_one_person_speaks_of_abuse_as_well(ask):
    plan = answered(without_abuse_recorded(telling()), ask, "luke")
    found = standings(plan)
    assert found[Reader.PARENT, "luke"] is Standing.CAUSES_HARM
    assert found[Reader.PARENT, "dana"] is Standing.NOT_SAFE_TO_HOLD


def test_a_hidden_address_and_whoever_must_not_know_it():
    plain = without_abuse_recorded(telling())
    assert standings(answered(plain, "in_refuge", "dana"))[Reader.PARENT, "dana"] is Standing.NOT_SAFE_TO_HOLD  # fmt: skip
    kept = answered(plain, "may_know_whereabouts", "luke", "mia", AnswerValue.FALSE)
    assert standings(kept)[Reader.PARENT, "luke"] is Standing.KEPT_FROM
    assert all_of(kept, Reader.PARENT, "luke") == set()


@pytest.mark.parametrize("basis", [Basis.SAID_BY_CHILD, Basis.SAID_BY_PARENT, Basis.SUSPECTED])
def test_what_one_person_told_is_no_other_persons_to_read(basis):
    plan = safe(drafted())
    told = known(plan, "alcohol_misuse", basis=basis)
    html, _ = texts_of(told, Reader.PARENT, "dana")
    assert "<li>Drinking</li>" not in html
    for offer in told.package.offers:
        if any(a.need == "alcohol_misuse" for a in offer.answers):
            assert CATALOGUE.title(offer.intervention) not in html


def test_a_brother_who_shows_harmful_behaviour_and_one_whom_nobody_named():
    plain = without_abuse_recorded(telling())
    more = Need(person="theo", need="harmful_sexual_behaviour", level=3)
    shown = replace(plain, family=plain.family.with_changes(needs=(*plain.family.needs, more)))
    assert standings(shown)[Reader.CHILD, "mia"] in {Standing.CHILD_SEEN_BY_SUCH, Standing.NOT_SAFE_TO_HOLD}  # fmt: skip
    unsaid = with_harm(telling(), "harmed_by_another_child", None)
    assert danger_in(unsaid.family).harmers == {"theo"}


def test_help_for_a_need_that_is_no_longer_recorded_does_not_appear():
    plan = known(safe(telling()), "domestic_abuse_causing", "luke")
    gone = without_abuse_recorded(plan)
    (own,) = [o for o in plan.package.offers if "luke" in o.people]
    assert CATALOGUE.title(own.intervention) in texts_of(plan, Reader.PARENT, "luke")[0]
    assert CATALOGUE.title(own.intervention) not in texts_of(gone, Reader.PARENT, "luke")[0]


def test_no_contact_today_is_no_alibi():
    plan = with_harm(telling(), "physical_abuse", ("unknown",))
    plan = answered(plan, "has_contact", "luke", "mia", AnswerValue.FALSE)
    assert {"luke", "dana"} <= danger_in(plan.family).harmers
    assert all_of(plan, Reader.PARENT, "luke") == set()


def test_where_nobody_abuses_a_copy_says_what_it_is_about():
    plan = without_abuse_recorded(safe(drafted()))
    html, _ = texts_of(plan, Reader.PARENT, "dana")
    label = CATALOGUE.need_types["neglect"].family_label
    assert label in html, "neglect is worked on with the parent who is named in it"
    assert "What must change for Mia" in html
    child, _ = texts_of(plan, Reader.CHILD, "mia")
    assert "The grown-ups get help too." in child


def test_what_a_child_told_is_looked_at_again_in_a_parents_copy():
    plan = safe(drafted())
    aims = tuple(replace(a, change="Mia told her teacher that she is hit.") for a in plan.aims)
    plan = replace(plan, aims=aims)
    named = names_others(build_document(plan, CATALOGUE, Reader.PARENT, "dana"), plan, "dana")
    assert any("names Mia" in says for says in named)
