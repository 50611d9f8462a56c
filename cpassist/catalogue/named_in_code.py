"""The needs and questions that the code asks by name, and why each. Of all others it knows what YAML says of them.

A test holds that no other module writes such a key. What is true of several needs (who may be helped together, what is
abuse between adults) is a field of `needs.yaml`, so that a need which an authority adds behaves as one of ours.
"""

# --- needs: a kept plan and its copies are read without a catalogue, so who causes harm is read from these ---

DOMESTIC_ABUSE_CAUSING = "domestic_abuse_causing"
CAUSING_HARM_TO_CHILD = "causing_harm_to_child"
DOMESTIC_ABUSE_VICTIM = "domestic_abuse_victim"
# These are worked on with the parent who is named in them, and who gets the plan.
NEGLECT = "neglect"
EMOTIONAL_ABUSE = "emotional_abuse"
CHILD_TO_PARENT_VIOLENCE = "child_to_parent_violence"

# A child's need that says of that child what a sexual harm says of an adult.
HARMFUL_SEXUAL_BEHAVIOUR = "harmful_sexual_behaviour"
# Beside abuse it asks whether it is that.
PARENTAL_CONFLICT = "parental_conflict"

# --- questions on which the reading of harm rests: who may be in a room with whom, and who is in danger today ---

ABUSE_PATTERN = "abuse_pattern"
AFRAID_OF = "afraid_of"
CHILD_FEELS_SAFE_WITH = "child_feels_safe_with"
COERCIVE_CONTROL = "coercive_control"
CONTACT_FORBIDDEN = "contact_forbidden"
CONVICTED_ABUSE = "convicted_abuse"
HARM_CONTINUES = "harm_continues"
HAS_CONTACT = "has_contact"
HAS_HARMED = "has_harmed"
HIGH_HARM_SIGNS = "high_harm_signs"
IMMEDIATE_DANGER = "immediate_danger"
JOINT_SESSION_CLEARED = "joint_session_cleared"
LIVES_TOGETHER = "lives_together"
LOSES_CONTROL_FEAR = "loses_control_fear"
SAFE_CARER = "safe_carer"
SEXUAL_HARM_SUSPECTED = "sexual_harm_suspected"
SUICIDE_RISK = "suicide_risk"
UNSAFE_IN_GROUP = "unsafe_in_group"
VICTIM_HAS_OWN_WORKER = "victim_has_own_worker"

# --- questions on which papers rest: who may hold one, and what it may give away ---

IN_REFUGE = "in_refuge"
MAY_KNOW_WHEREABOUTS = "may_know_whereabouts"
SAFE_TO_HOLD_PAPERS = "safe_to_hold_papers"

# --- questions that the file itself answers, where a catalogue asks them ---

IN_PROCEEDINGS = "in_proceedings"
IN_SUBSTANCE_TREATMENT = "in_substance_treatment"
PREGNANT = "pregnant"
SETTLED_HOME = "settled_home"
SIBLING_IN_SAME_GROUP = "sibling_in_same_group"

NEEDS = frozenset(
    {
        DOMESTIC_ABUSE_CAUSING, CAUSING_HARM_TO_CHILD, DOMESTIC_ABUSE_VICTIM, NEGLECT, EMOTIONAL_ABUSE,
        CHILD_TO_PARENT_VIOLENCE, HARMFUL_SEXUAL_BEHAVIOUR, PARENTAL_CONFLICT,
    }
)  # fmt: skip
QUESTIONS = frozenset(
    {
        ABUSE_PATTERN, AFRAID_OF, CHILD_FEELS_SAFE_WITH, COERCIVE_CONTROL, CONTACT_FORBIDDEN, CONVICTED_ABUSE,
        HARM_CONTINUES, HAS_CONTACT, HAS_HARMED, HIGH_HARM_SIGNS, IMMEDIATE_DANGER, JOINT_SESSION_CLEARED,
        LIVES_TOGETHER, LOSES_CONTROL_FEAR, SAFE_CARER, SEXUAL_HARM_SUSPECTED, SUICIDE_RISK, UNSAFE_IN_GROUP,
        VICTIM_HAS_OWN_WORKER, IN_REFUGE, MAY_KNOW_WHEREABOUTS, SAFE_TO_HOLD_PAPERS,
    }
)  # fmt: skip
"""Those that the house rules ask whatever a catalogue says: every catalogue holds them."""
ANSWERED_BY_THE_FILE = frozenset(
    {IN_PROCEEDINGS, IN_SUBSTANCE_TREATMENT, PREGNANT, SETTLED_HOME, SIBLING_IN_SAME_GROUP}
)
"""Those that are asked only where a catalogue has them."""
