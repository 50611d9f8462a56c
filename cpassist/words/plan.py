"""The words for a plan: its states, what is decided, what became of each line, what changed."""

STATE_WORDS = {
    "draft": "a draft",
    "submitted": "with the supervisor",
    "returned": "sent back",
    "approved": "approved",
    "superseded": "replaced by a later version",
    "closed": "closed",
}
ACTION_WORDS = {
    "owner": "who is responsible",
    "starts": "from when",
    "review": "reviewed on",
    "change": "what will be different",
    "noticed": "how it will be noticed",
    "contingency": "if nothing changes",
    "goes_on_because": "why it goes on",
}
# Why help or a step is not taken, for a list to choose from; the worker's own words may follow.
WHY_NOT = (
    "The family does not want it",
    "Tried before, and it did not help",
    "Not the right time",
    "Too much for the family now",
    "Cannot be had here",
    "Something else fits this family better",
)
MEETING_WORDS = {
    "letter_on": "letter before proceedings",
    "offered_on": "offered on",
    "offered_in": "in which letter, or how",
    "accepted_by": "accepted by",
    "held_on": "held on",
    "not_because": "why not",
}
TASK_WORDS = {"owner": "who is responsible", "by": "by which day"}
AIM_WORDS = {
    "change": "what must change",
    "how_much": "by how much",
    "by": "by when",
    "seen_by": "who saw the child alone",
    "seen_on": "last seen alone on",
    "child_says": "what the child says",
    "parents_say": "what the parents say",
}
AGREEMENT_WORDS = {
    "agrees": "agrees",
    "partly": "agrees to part of it",
    "disagrees": "does not agree",
    "not_asked": "not asked",
}
BECAME_WORDS = {
    "under_way": "Under way",
    "helped": "It helped",
    "helped_partly": "It helped in part",
    "no_change": "Tried, and nothing changed",
    "made_worse": "Tried, and things grew worse",
    "not_begun": "Not begun",
    "not_to_be_had": "It could not be had",
    "declined": "The family did not want it",
}
BECAME_OF_AIM_WORDS = {
    "under_way": "Too early to say",
    "helped": "Reached",
    "helped_partly": "Reached in part",
    "no_change": "Nothing has changed",
    "made_worse": "Things grew worse",
}
BECAME_OF_GAP_WORDS = {
    **BECAME_OF_AIM_WORDS,
    "under_way": "Being done, too early to say",
    "helped": "The need is met",
    "helped_partly": "The need is less",
    "not_begun": "Not begun",
}
AGREEMENT_OPTIONS = (
    ("agrees", "Agrees", ""),
    ("partly", "To part of it", ""),
    ("disagrees", "Does not agree", ""),
    ("not_asked", "Not asked yet", "say why"),
)
DECISION_WORDS = {
    "submitted": "sent",
    "returned": "sent back",
    "approved": "approved",
    "closed": "closed",
}
VERDICT_WORDS = {"agree": "agrees", "query": "asks", "return": "disagrees"}
VERDICT_OPTIONS = (("agree", "Agree", ""), ("query", "Ask", ""), ("return", "Disagree", ""))
ACT_WORDS = {
    "begin": "began the plan",
    "change": "changed it",
    "submit": "sent it for review",
    "remark": "wrote beside a line",
    "return": "sent it back",
    "approve": "approved it",
    "review": "began a review",
    "invite": "let a colleague write in it",
    "keep": "set another day to keep it until",
    "close": "closed it",
    "purge": "deleted it for good",
}
QUEUE_WORDS = {
    "waiting": "Waiting for a decision",
    "returned": "Sent back",
    "approved": "Approved",
    "all": "All plans",
}
CHANGED_WORDS = {
    "need": "needs",
    "offer": "offers",
    "gap": "gaps",
    "action": "what is done",
    "aim": "what must change",
    "view": "who agrees and who gets it",
    "measure": "values",
    "family": "the assessment",
    "catalogue": "the catalogue",
    "rules": "the rules",
}
