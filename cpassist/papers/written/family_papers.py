"""Copies for the family: for one adult, or for one child, in words that can be read at a kitchen table."""

import re
from collections.abc import Iterator

from cpassist.catalogue.catalogue import Catalogue
from cpassist.errors import Mistakes
from cpassist.family.vocabulary import day_words
from cpassist.papers.written.blocks import (
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
from cpassist.papers.written.danger import children_of
from cpassist.papers.written.readers import STRICT, Copy, Part, Reader, Standing, copy_for
from cpassist.planning.package.offers import Offer, names
from cpassist.plans.labels import bare_letters, identifying
from cpassist.plans.plan import CasePlan
from cpassist.words.family import STANDING_WORDS

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
    copy = copy_for(plan, catalogue, reader, person)
    left_out = tuple(copy.left_out())
    if copy.standing is Standing.NOT_SAFE_TO_HOLD:
        because = LeftOut(what="The whole copy", because=_why_not_held(copy))
        note = ASK_YOUR_WORKER
        return Document(
            title=note.title, blocks=note.blocks, left_out=(because,), file_name=note.file_name
        )
    writer = _Writer(copy)
    blocks = tuple(writer.for_adult() if reader is Reader.PARENT else writer.for_child())
    name, title = COPY_WORDS[reader.value]
    return Document(
        title=title.format(label=plan.family.label_of(person)),
        blocks=blocks,
        large=reader is Reader.CHILD or "large" in " ".join(_access(plan, person)).casefold(),
        left_out=left_out,
        file_name=name,
    )


TELLING = re.compile(r"\b(told|tells|says?|said|disclos\w+|report\w*)\b", re.IGNORECASE)


def names_others(document: Document, plan: CasePlan, person: str) -> tuple[str, ...]:
    """What a worker should look at again before somebody gets a copy: words that name others, or point at a place."""
    mine = {person, *children_of(plan.family, person)}
    others = [p for p in plan.family.people if p.key not in mine]
    children = [p for p in plan.family.people if p.key in mine - {person}]
    found = []
    for words in said_in(document):
        # What a child told is not a parent's to read on paper.
        also = children if TELLING.search(words) else []
        named = [p.label for p in (*others, *also) if names_somebody(words, p.label)]
        if named:
            found.append(f"“{words}” names {' and '.join(named)}.")
        found += [f"“{words}” holds {what}." for what in identifying(words)]
    label = plan.family.label_of(person)
    access = _access(plan, person)
    if access:
        found.append(
            f"{label} needs: {', '.join(access)}. This copy may not be that; read it together, or make another."
        )
    languages = plan.family.limits.languages.get(person, ())
    if languages and not {"en", "english"} & {word.casefold() for word in languages}:
        found.append(f"{label} speaks {', '.join(languages)}. Have it translated by somebody who is not of the family.")  # fmt: skip
    return tuple(dict.fromkeys(found))


def _access(plan: CasePlan, person: str) -> tuple[str, ...]:
    """What somebody needs so that they can take part."""
    return tuple(plan.family.limits.access_needs.get(person, ()))


def names_somebody(words: str, label: str) -> bool:
    """Whether some words name somebody, whatever the case and whatever follows ("Dana's", "DANA")."""
    plain_label, plain_words = (bare_letters(text) for text in (label, words))
    # "Zoë (mum)" is Zoë as well, and so is Zoe.
    short = re.split(r"[(,]", plain_label)[0].strip()
    return any(
        part and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", plain_words)
        for part in {plain_label, short}
    )


def _why_not_held(copy: Copy) -> str:
    label = copy.family.label_of(copy.person)
    unsaid = [
        copy.family.label_of(n.person)
        for n in copy.family.needs
        if n.need in copy.catalogue.harm_needs and n.is_unexplained
    ]
    if unsaid:
        who = _joined(list(dict.fromkeys(unsaid)))
        return f"nobody has said who harms {who} (if it is somebody outside the family, say so); and it is not recorded that {label} can safely keep papers at home"
    if copy.around:
        return f"it is not recorded that {label}, and whoever {label} lives with, can safely keep papers at home"
    return f"it is not recorded that {label} can safely keep papers at home; answer that question first"


class _Writer:
    """Writes one copy from what it may hold."""

    def __init__(self, copy: Copy) -> None:
        self.copy, self.catalogue = copy, copy.catalogue
        self.plan, self.family, self.person = copy.plan, copy.family, copy.person
        self.label = self.family.label_of(self.person)

    # --- an adult's copy ---

    def for_adult(self) -> Iterator[Block]:
        yield Para(words="This is your copy. It holds what concerns you, and not what concerns other people.")  # fmt: skip
        yield from self._standing_of_the_children()
        yield from self._strengths_and_wishes()
        yield from self._needs()
        yield from self._help_of_an_adult()
        yield from self._steps()
        yield from self._aims()
        yield from self._gaps()
        consent = self.plan.consent(self.person)
        if consent.says and self.copy.may_show(Part.OWN_WORD):
            yield Heading(words="What you said")
            yield Para(words=consent.says, said=True)
        yield WriteHere(words="What I think of this plan")
        yield WriteHere(words="Whom I can ring, by day and by night", lines=2)
        yield from HOW_IT_WAS_MADE

    def _standing_of_the_children(self) -> Iterator[Block]:
        """What kind of plan it is for each of the reader's children."""
        if not self.copy.may_show(Part.AIMS):
            return
        rows = tuple(
            (
                self.family.label_of(key),
                ", ".join(
                    STANDING_WORDS.get(legal, legal.value.replace("_", " ")) for legal in legals
                ),
            )
            for key in self.copy.children
            if (legals := self.family.person(key).legal)
        )
        if rows:
            yield Heading(words="What kind of plan this is")
            yield Pairs(rows=rows)

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
        needs = self._family_words(self.person)
        if needs and self.copy.may_show(Part.OWN_NEEDS):
            yield Heading(words="What is hard just now")
            yield Bullets(items=needs)
        if self.copy.may_show(Part.CHILDRENS_NEEDS):
            for child in self.copy.children:
                needs = self._family_words(child)
                if needs:
                    yield Heading(words=f"What is hard for {self.family.label_of(child)}")
                    yield Bullets(items=needs)

    def _family_words(self, person: str) -> tuple[str, ...]:
        return tuple(
            self.catalogue.need_types[need.need].family_label
            for need in self.family.needs_of(person)
            if need.is_matched and self.copy.may_see_need(need)
        )

    def _help_of_an_adult(self) -> Iterator[Block]:
        shown = self.copy.help_shown()
        yield Heading(words="What will happen")
        for offer in shown:
            yield Heading(words=self._with_whom(offer), level=3)
            help_ = self.catalogue.interventions.get(offer.intervention)
            if help_ is not None:
                yield Para(words=help_.family_summary)
            rows = tuple((label, said) for label, said in self._rows(offer) if said.strip())
            if rows:
                yield Pairs(rows=rows)
        hidden = [o for o in self.plan.package.offers if self.person in o.people and o not in shown]
        if hidden or not shown:
            yield Para(words="Your worker will talk with you about what could help you.")

    def _with_whom(self, offer: Offer) -> str:
        help_ = self.catalogue.interventions.get(offer.intervention)
        title = help_.title if help_ else "Help"
        others = [] if self.copy.standing in STRICT else [key for key in offer.people if key != self.person]  # fmt: skip
        you = "you" if self.person in offer.people else ""
        return f"{title}: for {_joined([you, *(self.family.label_of(k) for k in others)])}"

    def _rows(self, offer: Offer) -> Iterator[tuple[str, str]]:
        action = self.plan.action(offer.key)
        words = self.copy.may_show(Part.WORDS_ABOUT_HELP)
        yield "Who is responsible", action.owner if words else ""
        yield "From", day_words(action.starts)
        yield "What should be different", action.change if words else ""
        yield "How we will know", action.noticed if words else ""
        yield "If nothing changes", action.contingency if words else ""
        yield "We look at it again on", day_words(action.review)

    def _steps(self) -> Iterator[Block]:
        """What the worker does beside help, in the words for families."""
        steps = tuple(dict.fromkeys(step.family_says for step in self.copy.steps_shown()))
        if steps:
            yield Heading(words="What we do as well")
            yield Bullets(items=steps)

    def _aims(self) -> Iterator[Block]:
        if not self.copy.may_show(Part.AIMS):
            return
        for key in self.copy.children:
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
            yield Para(words=self._for_a_child(offer))
        if not shown:
            yield Para(words="Your worker will tell you. Ask them when you see them.")
        if self.copy.standing is Standing.CHILD and any(
            not self.family.person(key).is_child
            for o in self.plan.package.offers
            for key in o.people
        ):
            yield Para(words="The grown-ups get help too.")
        yield from self._steps()
        if older:
            yield Heading(words="What you can do")
            yield Bullets(items=CHILD_CAN)
            yield WriteHere(words="What I want to say", lines=4)
        else:
            yield DrawHere(words="Draw what you would like.")
        yield WriteHere(words="Somebody I can talk to", lines=1)
        if teen:
            yield from HOW_IT_WAS_MADE

    def _for_a_child(self, offer: Offer) -> str:
        """A sentence from what kind of help it is: the words for parents are not a child's."""
        help_ = self.catalogue.interventions.get(offer.intervention)
        strict = self.copy.standing in STRICT
        others = [] if strict else [k for k in offer.people if k != self.person]
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
        when = f" It starts in {day_words(starts[:7])}." if starts and not strict else ""
        return f"{what}{when}"


CHILD_CAN = (
    "You can say what you think.",
    "You can say if something is not good for you.",
    "You can ask why.",
    "You can ask for somebody else to talk to.",
)
HOW_IT_WAS_MADE: tuple[Block, ...] = (
    Heading(words="How this plan was made"),
    Para(
        words="Your worker made this plan with people who know your family. A computer list showed which kinds of help "
        "were tested for needs like these, and how sure we can be. It did not decide anything. People decided: your worker "
        "wrote the plan, and another person reads it before it is agreed."
    ),
    Para(
        words="You can ask why something is in it, and why something is not. You can say that something is wrong. You can "
        "ask your worker’s manager to look at it again, you can ask for somebody to speak for you, and you can complain. Your "
        "worker has to tell you how."
    ),
)


def _joined(words: list[str]) -> str:
    words = [word for word in words if word]
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
