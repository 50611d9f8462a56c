"""The whole plan on paper, for those who work with the family: nothing is left out, and nothing stands twice."""

from collections.abc import Iterable, Iterator

from cpassist.catalogue.catalogue import Catalogue
from cpassist.family.records import Need, Person
from cpassist.family.vocabulary import Choice, day_words
from cpassist.papers.written.blocks import (
    Block,
    Bullets,
    Document,
    Heading,
    NewPage,
    Pairs,
    Para,
    Table,
)
from cpassist.papers.written.first_page import NOT_SAID, plan_on_a_page
from cpassist.papers.written.paper_drawing import timeline_picture
from cpassist.papers.written.plan_words import PlanWords
from cpassist.planning.checks.package_checks import SETTLE_FIRST
from cpassist.planning.package.offers import Offer, listed, names
from cpassist.plans.blockers import people_to_ask
from cpassist.plans.compare import became_words, offer_title
from cpassist.plans.family_meeting import CENSUS_NAMES, census_days, meeting_rows
from cpassist.plans.plan import CasePlan
from cpassist.words.evidence import CERTAINTY_WORDS, FIT_WORDS
from cpassist.words.family import BASIS_IN_A_SENTENCE, LEVEL_WORDS, STANDING_WORDS
from cpassist.words.package import BECAUSE_WORDS
from cpassist.words.plan import (
    ACTION_WORDS,
    AGREEMENT_WORDS,
    AIM_WORDS,
    STATE_WORDS,
    VERDICT_WORDS,
)

# Reasons of which each line's own words matter on paper: somebody may be hurt, or said no.
SAID_IN_FULL = frozenset({"not_safe_now", "may_harm", "declined", "clashes"})
# What is said of an offer in the annex; the rest stands on the first page and in its line.
IN_THE_ANNEX = ("change", "noticed", "goes_on_because")
MOST_CHILDREN_ABREAST = 4
"""Columns of children that can be read beside each other on A4."""


def whole_plan(plan: CasePlan, catalogue: Catalogue) -> Document:
    """The paper for professionals: the plan on a page, and an annex of what it rests on."""
    return Document(
        title="Support plan",
        sum=plan.family.label,
        blocks=tuple(_Annex(plan, catalogue).blocks()),
        file_name="support-plan",
        close=True,
    )


class _Annex:
    def __init__(self, plan: CasePlan, catalogue: Catalogue) -> None:
        self.plan, self.catalogue = plan, catalogue
        self.family, self.package = plan.family, plan.package
        self.words = PlanWords(plan, catalogue)

    def blocks(self) -> Iterator[Block]:
        yield from plan_on_a_page(self.words)
        yield NewPage()
        yield from self._children()
        yield from self._people()
        yield from self._needs()
        yield from self._offers()
        yield from self._gaps()
        yield from self._to_ask()
        yield from self._steps()
        yield from self._review()
        yield from self._measures()
        yield from self._meeting()
        yield from self._agreement()
        yield from self._choices()
        yield from self._record()
        yield from self._sources()

    # --- people ---

    def _children(self) -> Iterator[Block]:
        """Child beside child: what must change for each, what each says, and what is done for each."""
        yield Heading(words="Annex: each child")
        children = self.family.children
        if not children:
            yield Para(words="No child is recorded.")
        for at in range(0, len(children), MOST_CHILDREN_ABREAST):
            abreast = children[at : at + MOST_CHILDREN_ABREAST]
            yield Table(
                caption=f"What must change for {names([c.key for c in abreast], self.family)}",
                head=("", *(child.label for child in abreast)),
                rows=(
                    *(self._aim_row(name, label, abreast) for name, label in AIM_WORDS.items()),
                    ("What is done", *(self._done_for(child.key) for child in abreast)),
                ),
            )

    def _aim_row(self, name: str, label: str, children: Iterable[Person]) -> tuple[str, ...]:
        said = []
        for child in children:
            aim = self.plan.aim(child.key)
            words = getattr(aim, name)
            said.append((day_words(words) if name in aim.DAYS else words) or NOT_SAID)
        return (_upper(label), *said)

    def _done_for(self, child: str) -> str:
        reached = [self.words.offer(o) for o in self.package.offers if self._reaches(o, child)]
        return "; ".join(reached) or "Nothing in the package."

    def _people(self) -> Iterator[Block]:
        yield Heading(words="The family")
        yield Para(
            words=f"Assessed {day_words(self.family.assessed)}. "
            f"Put together on {day_words(self.package.planned_on.isoformat())}.",
            quiet=True,
        )
        yield Table(
            caption="Who is in the family",
            head=("Who", "Age, and where the law stands", "What helps already", "Wishes"),
            rows=tuple(
                (
                    person.label,
                    self._age_and_standing(person),
                    " ".join(s.says for s in self.family.strengths if s.person == person.key),
                    " ".join(w.says for w in self.family.wishes if w.person == person.key),
                )
                for person in (*self.family.children, *self.family.adults)
            ),
        )

    def _age_and_standing(self, person: Person) -> str:
        age = self._age(person)
        if not person.is_child:
            return f"adult, {age}"
        standing = listed([STANDING_WORDS.get(legal, legal.value) for legal in person.legal])
        return f"{age}; {standing or 'no plan or order recorded'}"

    def _age(self, person: Person) -> str:
        if person.is_unborn:
            return f"not born yet, due {day_words(person.due or '')}"
        low, high = (
            months // 12 for months in self.family.age(person.key, self.package.planned_on)
        )
        return f"{low}" if low == high else f"{low} to {high}"

    def _needs(self) -> Iterator[Block]:
        yield Heading(words="What was assessed")
        if not self.family.needs:
            yield Para(words="No need is recorded.")
            return
        yield Table(
            caption="Each need, and what answers it",
            head=("Whose", "Level", "How it is known", "What was seen", "Answered by"),
            rows=tuple(self._need_row(need) for need in self.family.needs),
        )

    def _need_row(self, need: Need) -> tuple[str, ...]:
        affects = names(need.affects, self.family)
        return (
            self.words.whose((need.person,), need.need) + (f"; affects {affects}" if affects else ""),
            LEVEL_WORDS[need.level],
            ", ".join(part for part in (BASIS_IN_A_SENTENCE[need.basis], need.seen_by) if part),
            need.says,
            "; ".join(
                self.words.help_title(offer.intervention)
                for offer in self.package.offers
                if any((a.person, a.need) == (need.person, need.need) for a in offer.answers)
            )
            or ("no offer" if need.is_matched else ""),
        )  # fmt: skip

    # --- what is offered ---

    def _offers(self) -> Iterator[Block]:
        yield Heading(words="What is offered, in order")
        if not self.package.offers:
            yield Para(words="Nothing is offered.")
            return
        for offer in self.package.offers:
            yield Para(words=self.words.offer(offer), strong=True)
            yield Para(words=self._offer_line(offer), quiet=True)
            action = self.plan.action(offer.key)
            yield Pairs(
                rows=tuple(
                    (_upper(ACTION_WORDS[name]), said or NOT_SAID)
                    for name in IN_THE_ANNEX
                    if (said := getattr(action, name)) or name != "goes_on_because"
                )
            )
        yield from timeline_picture(self.plan, self.catalogue)
        yield Para(words=f"The fullest week of each: {'; '.join(self._fullest_weeks())}.")

    def _offer_line(self, offer: Offer) -> str:
        """For which need, how sure, in which weeks, how much it asks and when it is looked at again."""
        answers = "; ".join(
            dict.fromkeys(
                f"{self.words.whose((a.person,), a.need)} ({CERTAINTY_WORDS[a.certainty]}"
                + (f", {FIT_WORDS[a.age_fit]})" if a.of_child else ")")
                for a in offer.answers
            )
        )
        assumed = ", our assumption" if offer.load_basis == "assumed" else ""
        review = day_words(self.plan.action(offer.key).review) or NOT_SAID
        return (
            f"For {answers}. Weeks {offer.starts_week} to {offer.last_week}, "
            f"{offer.minutes_per_week} minutes a week{assumed}. Reviewed on: {review}."
        )

    def _fullest_weeks(self) -> Iterator[str]:
        loads: dict[str, tuple[int, int, int | None]] = {}
        for line in self.package.load:
            asked = line.minutes + line.assumed_minutes
            if asked > loads.get(line.person, (0, 0, None))[0]:
                loads[line.person] = (asked, line.week, line.limit)
        for key, (asked, week, limit) in loads.items():
            of = "no limit stated" if limit is None else f"limit {limit}"
            yield f"{self.family.label_of(key)} {asked} minutes in week {week} ({of})"

    def _gaps(self) -> Iterator[Block]:
        yield Heading(words="Gaps")
        if not self.package.gaps:
            yield Para(words="There is none: every need that was rated has an offer.")
            return
        yield Para(words="No evidence yet is not the same as does not work.", quiet=True)
        yield Bullets(
            items=tuple(
                f"{self.words.whose((gap.person,), gap.need)}. {gap.says}"
                for gap in self.package.gaps
            )
        )

    def _to_ask(self) -> Iterator[Block]:
        """What is open: before which help, and of the family; then what has to be kept in mind."""
        asks: list[str] = []
        before: dict[str, list[str]] = {}
        for finding in self.package.findings:
            if finding.level != "asks":
                continue
            what, settle, condition = finding.says.partition(SETTLE_FIRST)
            if settle:
                before.setdefault(what, []).append(condition)
            else:
                asks.append(finding.says)
        if asks or before:
            yield Heading(words="Still to be found out")
        if before:
            yield Table(
                caption="To settle before help begins",
                head=("What", "To settle"),
                rows=tuple((what, "\n".join(dict.fromkeys(says))) for what, says in before.items()),
            )
        if asks:
            yield Bullets(items=tuple(dict.fromkeys(asks)))
        gaps = {gap.says for gap in self.package.gaps}
        warns = [
            f.says
            for f in self.package.findings
            # What a gap says stands with the gaps.
            if f.level in {"warns", "notes"} and not any(said in f.says for said in gaps)
        ]
        if warns:
            yield Heading(words="To keep in mind")
            yield Bullets(items=tuple(dict.fromkeys(warns)))

    def _steps(self) -> Iterator[Block]:
        """Ordinary steps that were declined, with the reason; those that were accepted stand on the first page."""
        if self.plan.accepted_steps:
            yield Para(
                words="Duties, guidance, practice and direct work are no evidence that something helps.",
                quiet=True,
            )
        declined = tuple(
            (self.words.whose_step(step), step.says, step.because)
            for step in self.package.steps
            if step.judged == "decline"
        )
        if declined:
            yield Table(caption="Steps that were declined", head=("Whose need", "Step", "Because"), rows=declined)  # fmt: skip

    # --- what became of it ---

    def _review(self) -> Iterator[Block]:
        plan = self.plan
        if not plan.reviewed_offers:
            return
        yield Heading(words=f"What became of version {plan.review_of}")
        rows = []
        for key in plan.reviewed_offers:
            found = plan.found(key)
            words = became_words(key).get(found.became, "") if found else "not said yet"
            rows.append((offer_title(key, self.family, self.catalogue), words, found.says if found else ""))  # fmt: skip
        yield Table(
            caption="What became of it",
            head=("What was planned", "What became of it", "In words"),
            rows=tuple(rows),
        )

    def _measures(self) -> Iterator[Block]:
        rows = tuple(
            (
                f"{self.family.label_of(m.person)}: {m.what}",
                day_words(m.on),
                f"{m.value:g}",
                "more is better" if m.more_is_better else "less is better",
            )
            for m in sorted(self.plan.measures, key=lambda m: (m.person, m.what, m.on))
        )
        if rows:
            yield Heading(words="Values over time")
            yield Table(caption="Values over time", head=("What is counted", "Day", "Value", "Which way"), rows=rows)  # fmt: skip

    def _meeting(self) -> Iterator[Block]:
        meeting = self.plan.meeting
        if meeting is None or meeting.says_nothing:
            return
        yield Heading(words="Family group meeting")
        rows = meeting_rows(meeting, self.family)
        yield Pairs(rows=tuple((_upper(label), said or NOT_SAID) for label, said in rows))
        days = census_days(meeting)
        if days:
            yield Para(
                words=f"{CENSUS_NAMES}: {'; '.join(f'{element} {day}' for element, day in days)}.",
                quiet=True,
            )

    # --- who decided what ---

    def _agreement(self) -> Iterator[Block]:
        yield Heading(words="Who agrees, and who gets it")
        rows = []
        for key in people_to_ask(self.plan):
            consent = self.plan.consent(key)
            words = AGREEMENT_WORDS[consent.answer.value]
            rows.append((self.family.label_of(key), _upper(f"{words}. {consent.says}".strip())))
        rows.append(("Shared with", ", ".join(self.plan.shared_with) or "nobody yet"))
        yield Pairs(rows=tuple(rows))

    def _choices(self) -> Iterator[Block]:
        yield Heading(words="Choices not taken, and why")
        chosen = tuple(
            (
                f"{self.words.help_title(j.intervention)} with {names(j.people, self.family)}",
                "set aside" if j.decision is Choice.DECLINE else "brought back",
                j.because or "no reason recorded",
            )
            for j in self.family.judgements
            if j.decision is not Choice.ACCEPT
        )
        if chosen:
            yield Table(
                caption="Where a worker chose otherwise",
                head=("Help", "What was done", "Because"),
                rows=chosen,
            )
        # What is not safe, or was not wanted, is said in full; the rest by its reason.
        telling = [row for row in self.package.set_aside if row.because in SAID_IN_FULL]
        in_words = self._gathered((row.says, row.need, row.intervention, row.person) for row in telling)  # fmt: skip
        if in_words:
            yield Table(
                caption="Set aside for safety, or not wanted",
                head=("In words", "For whom, and which help"),
                rows=in_words,
            )
        by_reason = self._gathered(
            (BECAUSE_WORDS[row.because], row.need, row.intervention, row.person)
            for row in self.package.set_aside
            if row.because not in SAID_IN_FULL
        )
        if by_reason:
            yield Table(
                caption="Set aside for another reason",
                head=("Because", "For whom, and which help"),
                rows=by_reason,
            )

    def _gathered(self, rows: Iterable[tuple[str, str, str, str]]) -> tuple[tuple[str, ...], ...]:
        """Reason, need, help and person, with people of one need and help of one reason brought together."""
        people: dict[tuple[str, str, str], list[str]] = {}
        for reason, need, help_, person in rows:
            people.setdefault((reason, need, help_), []).append(person)
        help_of: dict[tuple[str, str], list[str]] = {}
        for (reason, need, help_), those in people.items():
            whose = self.words.whose(those, need)
            help_of.setdefault((reason, whose), []).append(self.words.help_title(help_))
        lines: dict[str, list[str]] = {}
        for (reason, whose), titles in help_of.items():
            lines.setdefault(reason, []).append(f"{whose}: {'; '.join(titles)}.")
        return tuple((reason, "\n".join(those)) for reason, those in lines.items())

    def _record(self) -> Iterator[Block]:
        yield Heading(words="The supervisor’s record")
        rows = tuple(
            (
                STATE_WORDS[d.state],
                d.by,
                f"{day_words(d.at.astimezone().date().isoformat())} {d.at.astimezone():%H:%M}",
                d.because,
                d.content[:16],
            )
            for d in self.plan.decisions
        )
        if rows:
            yield Table(
                caption="Decisions",
                head=("What was decided", "By", "When", "In words", "Fingerprint"),
                rows=rows,
            )
        else:
            yield Para(words="It was not sent to a supervisor yet.")
        said = tuple(
            (
                self.words.line(r.line),
                r.by,
                VERDICT_WORDS[r.verdict] if r.verdict else "writes",
                r.says,
            )
            for r in self.plan.remarks
            if r.says
        )
        if said:
            yield Table(caption="What was written beside the lines", head=("Line", "By", "", "In words"), rows=said)  # fmt: skip

    def _sources(self) -> Iterator[Block]:
        """What the offers rest on, and how much of it was read."""
        used = {row for offer in self.package.offers for a in offer.answers for row in a.evidence}
        keys = dict.fromkeys(
            row.source
            for offer in self.package.offers
            if (help_ := self.catalogue.interventions.get(offer.intervention))
            for row in help_.evidence
            if row.id in used
        )
        yield Heading(words="What the offers rest on")
        sources = [source for key in keys if (source := self.catalogue.sources.get(key))]
        if not sources:
            yield Para(words="No offer is made, so nothing is rested on.")
            return
        yield Bullets(
            items=tuple(
                f"{source.title}. {source.body}, {source.year or 'no year'}. Read: {source.read.value}."
                for source in sources
            )
        )

    def _reaches(self, offer: Offer, child: str) -> bool:
        reached = {k for a in offer.answers for k in (a.person, *a.children)}
        return child in {*offer.people, *offer.children, *reached}


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
