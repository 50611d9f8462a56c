"""Copies for the family: for one adult, or for one child, in words that can be read at a kitchen table."""

import re
from collections.abc import Iterator

from cpassist.catalogue.records import Catalogue
from cpassist.errors import Mistakes
from cpassist.family_vocabulary import day_words
from cpassist.papers.blocks import (
    Block,
    Bullets,
    Document,
    DrawHere,
    Heading,
    LeftOut,
    Pairs,
    Para,
    WriteHere,
    said_in,
)
from cpassist.papers.readers import Copy, Part, Reader, Standing, copy_for
from cpassist.planning.offers import Offer, names
from cpassist.records.labels import identifying
from cpassist.records.plan import CasePlan

ASK_YOUR_WORKER = Document(
    title="A note",
    blocks=(Para(words="Please ask your worker when you next speak."),),
    file_name="note",
)
"""Where it is not safe to hold papers: nothing on it tells anybody what it is about."""

COPY_WORDS = {
    "parent": ("plan-for-an-adult", "A plan for {label}"),
    "child": ("plan-for-a-child", "A plan for {label}"),
}
YOUNGEST_YEARS, OLDER_FROM, TEEN_FROM = 5, 9, 13


def family_copy(plan: CasePlan, catalogue: Catalogue, reader: Reader, person: str) -> Document:
    """One person's copy, with what was left out of it for the worker to see. Raises Mistakes."""
    copy = copy_for(plan, reader, person)
    left_out = tuple(copy.left_out(catalogue))
    if copy.standing is Standing.NOT_SAFE_TO_HOLD:
        because = LeftOut(what="The whole copy", because=_why_not_held(copy))
        note = ASK_YOUR_WORKER
        return Document(
            title=note.title, blocks=note.blocks, left_out=(because,), file_name=note.file_name
        )
    writer = _Writer(copy, catalogue)
    blocks = tuple(writer.for_adult() if reader is Reader.PARENT else writer.for_child())
    name, title = COPY_WORDS[reader.value]
    return Document(
        title=title.format(label=plan.family.label_of(person)),
        blocks=blocks,
        large=reader is Reader.CHILD,
        left_out=(*left_out, *writer.left_out),
        file_name=name,
    )


def names_others(document: Document, plan: CasePlan, person: str) -> tuple[str, ...]:
    """What a worker should look at again before somebody gets a copy: words that name others, or point at a place."""
    mine = {person, *plan.family.person(person).cares_for}
    mine |= {k for o in plan.package.offers if person in o.people for k in o.people}
    others = [p for p in plan.family.people if p.key not in mine]
    found = []
    for words in said_in(document):
        named = [p.label for p in others if names_somebody(words, p.label)]
        if named:
            found.append(f"“{words}” names {' and '.join(named)}.")
        found += [f"“{words}” holds {what}." for what in identifying(words)]
    return tuple(dict.fromkeys(found))


def names_somebody(words: str, label: str) -> bool:
    """Whether some words name somebody, whatever the case and whatever follows ("Dana's", "DANA")."""
    return bool(re.search(rf"(?<!\w){re.escape(label)}(?!\w)", words, re.IGNORECASE))


def _why_not_held(copy: Copy) -> str:
    label = copy.family.label_of(copy.person)
    if copy.around:
        return f"it is not recorded that {label}, and whoever {label} lives with, can safely keep papers at home"
    return f"it is not recorded that {label} can safely keep papers at home; answer that question first"


class _Writer:
    """Writes one copy from what it may hold, and keeps what had to be left out on the way."""

    def __init__(self, copy: Copy, catalogue: Catalogue) -> None:
        self.copy, self.catalogue = copy, catalogue
        self.plan, self.family, self.person = copy.plan, copy.family, copy.person
        self.label = self.family.label_of(self.person)
        self.left_out: list[LeftOut] = []

    # --- an adult's copy ---

    def for_adult(self) -> Iterator[Block]:
        yield Para(
            words="This is your copy. It holds what concerns you, and not what concerns other people."
        )
        yield from self._strengths_and_wishes()
        yield from self._needs()
        yield from self._help_of_an_adult()
        yield from self._aims()
        yield from self._gaps()
        if self.copy.may_show(Part.OWN_WORD):
            consent = self.plan.consent(self.person)
            if consent.says:
                yield Heading(words="What you said")
                yield Para(words=consent.says, said=True)
        yield WriteHere(words="What I think of this plan")
        yield from HOW_IT_WAS_MADE

    def _strengths_and_wishes(self) -> Iterator[Block]:
        strengths = tuple(s.says for s in self.family.strengths if s.person == self.person)
        if strengths and self.copy.may_show(Part.OWN_STRENGTHS):
            yield Heading(words="What is going well")
            yield Bullets(items=strengths, said=True)
        wishes = tuple(w.says for w in self.family.wishes if w.person == self.person)
        if wishes and self.copy.may_show(Part.OWN_WISHES):
            yield Heading(words="What you wish for")
            yield Bullets(items=wishes, said=True)

    def _needs(self) -> Iterator[Block]:
        needs = tuple(
            self.catalogue.need_types[need.need].family_label
            for need in self.family.needs_of(self.person)
            if need.is_matched and self.copy.may_see_need(need)
        )
        if needs and self.copy.may_show(Part.OWN_NEEDS):
            yield Heading(words="What is hard just now")
            yield Bullets(items=needs)

    def _help_of_an_adult(self) -> Iterator[Block]:
        shown = self.copy.help_shown()
        yield Heading(words="What will happen")
        if not shown:
            yield Para(words="Your worker will talk with you about what could help you.")
        for offer in shown:
            yield Heading(words=self._with_whom(offer), level=3)
            help_ = self.catalogue.interventions.get(offer.intervention)
            if help_ is not None:
                yield Para(words=help_.family_summary)
            rows = self._safe_rows(tuple(self._rows(offer)))
            if rows:
                yield Pairs(rows=rows)

    def _with_whom(self, offer: Offer) -> str:
        help_ = self.catalogue.interventions.get(offer.intervention)
        title = help_.title if help_ else "Help"
        others = [key for key in offer.people if key != self.person]
        you = "you" if self.person in offer.people else ""
        return f"{title}: for {_joined([you, *(self.family.label_of(k) for k in others)])}"

    def _rows(self, offer: Offer) -> Iterator[tuple[str, str]]:
        action = self.plan.action(offer.key)
        yield "Who sees to it", action.owner
        yield "From", day_words(action.starts)
        yield "What should be different", action.change
        if self.copy.may_show(Part.HOW_IT_IS_NOTICED):
            yield "How we will know", action.noticed
        if self.copy.may_show(Part.CONTINGENCY):
            yield "If nothing changes", action.contingency
        yield "We look at it again on", day_words(action.review)

    def _safe_rows(self, rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """Rows that hold something; for somebody who causes harm none that names anybody else."""
        kept = []
        for label, said in rows:
            if not said.strip():
                continue
            named = self._others_in(said)
            if named and self.copy.standing in STRICT:
                what = f"“{said}”"
                because = f"it names {_joined(named)}, and this copy goes where harm comes from"
                self.left_out.append(LeftOut(what=what, because=because))
                continue
            kept.append((label, said))
        return tuple(kept)

    def _others_in(self, words: str) -> list[str]:
        return [
            p.label
            for p in self.family.people
            if p.key != self.person and names_somebody(words, p.label)
        ]

    def _aims(self) -> Iterator[Block]:
        if not self.copy.may_show(Part.AIMS):
            return
        for key in self.family.person(self.person).cares_for:
            aim = self.plan.aim(key)
            rows = [("What must change", aim.change), ("By how much", aim.how_much), ("By", day_words(aim.by))]  # fmt: skip
            if aim.change.strip():
                yield Heading(words=f"What must change for {self.family.label_of(key)}", level=2)
                yield Pairs(rows=tuple((label, said) for label, said in rows if said))

    def _gaps(self) -> Iterator[Block]:
        if not self.copy.may_show(Part.GAPS):
            return
        rows = []
        for gap in self.plan.package.gaps:
            need = self.family.need(gap.person, gap.need)
            said = self.plan.done_about(gap.person, gap.need)
            if need and gap.person == self.person and said and self.copy.may_see_need(need):
                rows.append((self.catalogue.need_types[gap.need].family_label, said))
        if rows:
            yield Heading(words="Where we have found no tested help yet")
            yield Para(words="That does not mean that nothing helps. This is what we do meanwhile.")
            yield Pairs(rows=tuple(rows))

    # --- a child's copy ---

    def for_child(self) -> Iterator[Block]:
        years = self.family.age(self.person, self.plan.package.planned_on)[0] // 12
        if years < YOUNGEST_YEARS:
            says = (
                f"{self.label} is under {YOUNGEST_YEARS}: there is no copy to read at that age. Explain it with "
                "pictures, together with whoever looks after the child."
            )
            raise Mistakes((says,))
        teen, older = years >= TEEN_FROM, years >= OLDER_FROM
        if teen:
            yield Para(
                words="This paper is about you. It says who helps you, and how. You can ask about every word of it."
            )
        else:
            yield Para(words="This paper is for you. It says who helps you.")
        yield Para(words="Grown-ups have to make sure that children are safe. It is not your fault that they worry.")  # fmt: skip
        if not teen:
            yield DrawHere(words="Draw who is important to you.")
        wishes = tuple(w.says for w in self.family.wishes if w.person == self.person)
        if wishes and self.copy.may_show(Part.OWN_WISHES):
            yield Heading(words="What you told us")
            yield Bullets(items=wishes, said=True)
        yield Heading(words="What will happen")
        shown = [o for o in self.copy.help_shown() if self.person in o.people]
        for offer in shown:
            yield Para(words=self._for_a_child(offer, teen=teen))
        if not shown:
            yield Para(words="Your worker will tell you. Ask them when you see them.")
        aim = self.plan.aim(self.person)
        if aim.change.strip() and self.copy.may_show(Part.AIMS):
            yield Heading(words="What should get better")
            yield Para(words=aim.change, said=True)
        if older:
            yield Heading(words="What you can do")
            yield Bullets(items=CHILD_CAN)
            yield WriteHere(words="What I want to say", lines=4)
        else:
            yield DrawHere(words="Draw what you would like.")
        yield WriteHere(words="Somebody I can talk to", lines=1)
        if teen:
            yield from HOW_IT_WAS_MADE

    def _for_a_child(self, offer: Offer, *, teen: bool) -> str:
        """A sentence from what kind of help it is: the words for parents are not a child's."""
        help_ = self.catalogue.interventions.get(offer.intervention)
        others = [k for k in offer.people if k != self.person]
        who = f"You and {names(others, self.family)}" if others else "You"
        if help_ is not None and help_.group:
            what = f"{who} will go to a group."
        elif help_ is not None and help_.together and others:
            what = f"{who} will meet somebody together."
        elif others:
            what = f"{who} will each meet somebody who helps."
        else:
            what = f"{who} will meet somebody who is there for you."
        starts = self.plan.action(offer.key).starts
        when = f" It starts in {day_words(starts[:7])}." if starts else ""
        title = f" It is called {help_.title}." if teen and help_ is not None else ""
        return f"{what}{title}{when}"


STRICT = frozenset({Standing.CAUSES_HARM, Standing.CHILD_SEEN_BY_SUCH})
CHILD_CAN = (
    "You can say what you think. You can say no.",
    "You can ask why.",
    "You can ask for somebody else to talk to.",
)
HOW_IT_WAS_MADE: tuple[Block, ...] = (
    Heading(words="How this plan was made"),
    Para(
        words="Your worker talked with you and with people who know your family. A computer list showed which kinds of help "
        "were tested for needs like these, and how sure we can be. It did not decide anything. People decided: your worker "
        "wrote the plan, and another person reads it before it is agreed."
    ),
    Para(
        words="You can ask why something is in it, and why something is not. You can say that something is wrong. You can "
        "ask your worker’s manager to look at it again, and you can complain. Your worker has to tell you how."
    ),
)


def _joined(words: list[str]) -> str:
    words = [word for word in words if word]
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
