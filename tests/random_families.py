"""Random families for the rules that must never break."""

from functools import cache

from builders import a_family
from hypothesis import strategies as st

# A strategy that is made anew for each draw takes longer than what is drawn from it.


@cache
def _one_of(options):
    return st.sampled_from(options)


@cache
def _some_of(options, least=0, most=None):
    return st.lists(st.sampled_from(options), min_size=least, max_size=most, unique=True)


@cache
def _number(low, high):
    return st.integers(low, high)


@cache
def _harmers(others):
    """Whom a harm is laid to: somebody of the family, nobody who is known, somebody outside, an empty list."""
    unknown = st.just(["unknown"])
    named = _some_of(others, least=1, most=2) if others else unknown
    return st.one_of(named, unknown, st.just(["outside_family"]), st.just([]))


@cache
def _pair_of(keys):
    return st.permutations(keys).map(lambda all_: all_[:2])


YES_OR_NO = st.booleans()
BORN = st.one_of(
    st.just("unknown"),
    st.builds(lambda y, m: f"{y}-{m:02d}", st.integers(2009, 2026), st.integers(1, 10)),
)

CHILD_NEEDS = (
    "physical_abuse",
    "neglect",
    "emotional_abuse",
    "sexual_abuse",
    "exposed_to_domestic_abuse",
    "trauma_symptoms",
    "conduct_problems",
    "care_after_maltreatment",
    "school_absence",
    "self_harm",
    "criminal_exploitation",
    "attachment_difficulty",
    "harmed_by_another_child",
    "harmful_sexual_behaviour",
    "faith_linked_abuse",
    "going_missing",
)
ADULT_NEEDS = (
    "alcohol_misuse",
    "drug_misuse",
    "domestic_abuse_victim",
    "domestic_abuse_causing",
    "parental_mental_health",
    "parental_learning_disability",
    "parental_conflict",
    "own_childhood_trauma",
    "money",
    "causing_harm_to_child",
    "perinatal_mental_health",
)
HARM = {"physical_abuse", "neglect", "emotional_abuse", "sexual_abuse", "exposed_to_domestic_abuse",
        "criminal_exploitation", "domestic_abuse_victim", "harmed_by_another_child", "faith_linked_abuse"}  # fmt: skip
PAIR_ASKS = (
    "abuse_pattern",
    "coercive_control",
    "afraid_of",
    "contact_forbidden",
    "safe_carer",
    "child_feels_safe_with",
    "asked_apart",
    "in_relationship",
    "victim_has_own_worker",
    "sexual_harm_suspected",
    "has_harmed",
    "joint_session_cleared",
    "lives_together",
    "has_contact",
)
PERSON_ASKS = (
    "immediate_danger",
    "suicide_risk",
    "active_dependence",
    "settled_home",
    "psychosis_now",
    "high_harm_signs",
    "convicted_abuse",
    "in_refuge",
    "harm_continues",
)
CHILD_ASKS = (
    "harm_continues",
    "has_told",
    "trauma_symptoms_seen",
    "remembers",
    "mother_can_attend",
    "unsafe_in_group",
    "return_planned",
    "serious_mental_illness",
)


RELATIONS = (
    "parent",
    "parent",
    "foster_carer",
    "kinship_carer",
    "partner_of_carer",
    "former_partner_of_carer",
    "step_parent",
    "grandparent",
    "sibling",
)


@st.composite
def bodies(draw, most_children=4, most_adults=3):
    """The body of a family file, as plain values."""
    adults = [f"a{i}" for i in range(draw(_number(0, most_adults)))]
    children = [f"c{i}" for i in range(draw(_number(0 if adults else 1, most_children)))]
    people = []
    for key in adults:
        cares = draw(_some_of(tuple(children))) if children else []
        people.append(
            {"key": key, "role": "adult", "label": key.upper(), "born": str(draw(_number(1960, 2006))),
             "lives_in": list(draw(_one_of((("main",), ("other",), ())))), "cares_for": cares}
        )  # fmt: skip
        if draw(_number(0, 5)) == 0:
            # Somebody of whom only an age is guessed, perhaps hardly grown up.
            low = draw(_number(18, 60))
            people[-1] |= {"born": "unknown", "age_between": [low, low + draw(_number(0, 5))]}
    for key in children:
        if adults and draw(YES_OR_NO) and draw(YES_OR_NO):
            people.append(
                {
                    "key": key,
                    "role": "child",
                    "label": key.upper(),
                    "due": "2027-02",
                    "carried_by": adults[0],
                }
            )
            continue
        born = draw(BORN)
        person = {"key": key, "role": "child", "label": key.upper(), "born": born,
                  "lives_in": list(draw(_one_of((("main",), ("foster",))))),
                  "placement": draw(_one_of(("parents", "foster", "kinship", None)))}  # fmt: skip
        if born == "unknown":
            low = draw(_number(0, 15))
            person["age_between"] = [low, low + draw(_number(0, 2))]
        others = [k for k in children if k != key]
        if others and draw(_number(0, 4)) == 0:
            # A young parent, or a child who looks after a brother or sister.
            person["cares_for"] = [draw(_one_of(tuple(others)))]
        people.append(person)
    keys = adults + children
    needs = []
    for key in keys:
        # Now and then a need is written down for the wrong person.
        wrong = draw(_number(0, 9)) == 0
        kinds = ADULT_NEEDS if (key in adults) is not wrong else CHILD_NEEDS
        for kind in draw(_some_of(kinds, most=4)):
            need = {"person": key, "need": kind, "level": draw(_one_of((None, 0, 1, 2, 2, 3))),
                    "when": draw(_one_of(("current", "current", "past", "unknown")))}  # fmt: skip
            if key in adults and children:
                need["affects"] = draw(_some_of(tuple(children)))
            need["basis"] = draw(_one_of(("confirmed", "confirmed", "suspected", "said_by_child", "said_by_parent")))  # fmt: skip
            if kind in HARM and draw(YES_OR_NO):
                others = [
                    k
                    for k in keys
                    if k != key and k not in {p["key"] for p in people if p.get("due")}
                ]
                need["harmed_by"] = draw(_harmers(tuple(others)))
            needs.append({k: v for k, v in need.items() if v is not None})
    return {
        "people": people,
        "needs": needs,
        "circumstances": draw(_answers(adults, children)),
        "judgements": draw(_judgements([p["key"] for p in people if not p.get("due")])),
        "support": draw(_support([p["key"] for p in people if not p.get("due")])),
        "relations": [
            {
                "person": a,
                "child": c,
                "as": draw(_one_of(RELATIONS)),
            }
            for a in (
                *adults,
                *(p["key"] for p in people if p["role"] == "child" and p.get("cares_for")),
            )
            for c in children
            if a != c and draw(YES_OR_NO)
        ],
        "limits": {
            "minutes_per_week": {
                k: draw(_one_of((0, 45, 120, 300))) for k in adults if draw(YES_OR_NO)
            }
        },
    }


@st.composite
def _answers(draw, adults, children):
    keys = adults + children
    lines = {}
    for _ in range(draw(_number(0, 14))):
        value = draw(_one_of(("true", "false", "false", "unknown")))
        kind = draw(_one_of(("pair", "person", "child")))
        if kind == "pair" and len(keys) > 1:
            one, other = draw(_pair_of(tuple(keys)))
            lines[draw(_one_of(PAIR_ASKS)), one, other] = value
        elif kind == "person" and keys:
            lines[draw(_one_of(PERSON_ASKS)), draw(_one_of(tuple(keys))), None] = value
        elif children:
            lines[draw(_one_of(CHILD_ASKS)), draw(_one_of(tuple(children))), None] = value
    return [{"ask": a, "person": p, "other": o, "answer": v} for (a, p, o), v in lines.items()]


HELP = (
    "advocacy",
    "safecare",
    "tf_cbt",
    "m_pact",
    "parents_as_partners",
    "caring_dads",
    "fathers_for_change",
    "cpc_cbt",
    "mst_can",
    "family_talk",
    "keep",
)


@st.composite
def _judgements(draw, keys):
    lines = {}
    for _ in range(draw(_number(0, 3))):
        people = tuple(sorted(draw(_some_of(tuple(keys), least=1, most=3)))) if keys else ()
        if people:
            lines[draw(_one_of(HELP)), people] = draw(_one_of(("accept", "decline", "add")))
    return [
        {"intervention": h, "people": list(p), "decision": d, "because": "So."}
        for (h, p), d in lines.items()
    ]


@st.composite
def _support(draw, keys):
    if not keys:
        return []
    return [
        {"person": draw(_one_of(tuple(keys))), "intervention": draw(_one_of(HELP)),
         "state": draw(_one_of(("current", "completed", "stopped", "waiting")))}
        for _ in range(draw(_number(0, 2)))
    ]  # fmt: skip


def families(**sizes):
    return bodies(**sizes).map(lambda body: a_family(**body))
