"""The whole plan on paper, for those who work with the family: nothing is left out."""

from collections.abc import Iterator

from cpassist.catalogue.catalogue import Catalogue
from cpassist.family.records import Person
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
from cpassist.papers.written.package_text import kind_words
from cpassist.papers.written.paper_drawing import graph_picture, timeline_picture
from cpassist.planning.package.offers import Offer, names
from cpassist.planning.package.ordinary_steps import PackageStep
from cpassist.plans.blockers import people_to_ask
from cpassist.plans.compare import became_words, offer_title
from cpassist.plans.family_meeting import CENSUS_NAMES, census_days, meeting_rows
from cpassist.plans.plan import CasePlan
from cpassist.words.evidence import CERTAINTY_WORDS, FIT_WORDS
from cpassist.words.family import BASIS_IN_A_SENTENCE, LEVEL_WORDS
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
# What the first page does not say of an offer.
IN_THE_ANNEX = {
    name: words
    for name, words in ACTION_WORDS.items()
    if name not in {"owner", "starts", "contingency", "review"}
}


def whole_plan(plan: CasePlan, catalogue: Catalogue) -> Document:
    """The paper for professionals: cover, a page a child, a page an adult, order, gaps, choices, record, sources."""
    return Document(
        title="Support plan",
        sum=plan.family.label,
        blocks=tuple(_Writer(plan, catalogue).blocks()),
        file_name="support-plan",
    )


class _Writer:
    def __init__(self, plan: CasePlan, catalogue: Catalogue) -> None:
        self.plan, self.catalogue = plan, catalogue
        self.family, self.package = plan.family, plan.package

    def blocks(self) -> Iterator[Block]:
        yield from self._on_a_page()
        yield NewPage()
        yield from self._cover()
        for child in self.family.children:
            yield from self._child(child)
        for adult in self.family.adults:
            yield from self._adult(adult)
        yield from self._order()
        yield from self._steps()
        yield from self._gaps()
        yield from self._review()
        yield from self._measures()
        yield from self._meeting()
        yield from self._people()
        yield from self._choices()
        yield from self._record()
        yield from self._sources()

    # --- the plan on a page ---

    def _on_a_page(self) -> Iterator[Block]:
        """What is done, for whom, from when, by whom, and what happens if it changes nothing; the rest is an annex."""
        plan = self.plan
        yield Pairs(
            rows=(
                ("Where it stands", f"version {plan.version}, {STATE_WORDS[plan.state]}"),
                *((("Led by", plan.led_by),) if plan.led_by else ()),
                *((("Written by", ", ".join(plan.authors)),) if plan.authors else ()),
            )
        )
        blocking = [f.says for f in self.package.findings if f.level == "blocks"]
        steps = [step.says for step in self.package.safety_steps]
        if blocking or steps:
            yield Heading(words="Before any programme")
            yield Bullets(items=(*blocking, *steps))
        rows = (*self._offers_in_short(), *self._steps_in_short(), *self._gaps_in_short())
        if rows:
            yield Table(
                caption="The plan",
                head=("What", "For", "From, or by", "Who is responsible", "What happens if nothing changes"),
                rows=rows,
            )  # fmt: skip
        else:
            yield Para(words="Nothing is planned.")

    def _offers_in_short(self) -> Iterator[tuple[str, ...]]:
        for offer in self.package.offers:
            action = self.plan.action(offer.key)
            yield (
                self._title(offer),
                "; ".join(f"{self.family.label_of(a.person)}: {self._label(a.need).lower()}" for a in offer.answers),
                day_words(action.starts) or "not said",
                action.owner or "not said",
                action.contingency or "not said",
            )  # fmt: skip

    def _steps_in_short(self) -> Iterator[tuple[str, ...]]:
        for step in self.plan.accepted_steps:
            task = self.plan.task(step.key)
            yield (
                f"{kind_words(step)}: {step.words}",
                self._whose(step),
                f"by {day_words(task.by)}" if task.by else "not said",
                task.owner or "not said",
                "",
            )

    def _gaps_in_short(self) -> Iterator[tuple[str, ...]]:
        for gap in self.package.gaps:
            done = self.plan.done_about(gap.person, gap.need) or "nothing yet"
            whose = f"{self.family.label_of(gap.person)}: {self._label(gap.need).lower()}"
            yield (f"No offer answers it. What is done: {done}", whose, "", "", "")

    # --- the annex ---

    def _cover(self) -> Iterator[Block]:
        yield Heading(words="Annex: what the plan rests on")
        people = [
            (person.label, "child" if person.is_child else "adult", self._age(person))
            for person in (*self.family.children, *self.family.adults)
        ]
        yield Pairs(
            rows=(
                ("Assessed", day_words(self.family.assessed)),
                ("Put together on", day_words(self.package.planned_on.isoformat())),
            )
        )
        yield Table(
            caption="Who is in the family", head=("Label", "Role", "Age"), rows=tuple(people)
        )
        asks = tuple(f.says for f in self.package.findings if f.level == "asks")
        if asks:
            yield Heading(words="Still to be found out")
            yield Bullets(items=asks)
        warns = tuple(f.says for f in self.package.findings if f.level in {"warns", "notes"})
        if warns:
            yield Heading(words="To keep in mind")
            yield Bullets(items=warns)

    def _age(self, person: Person) -> str:
        if person.is_unborn:
            return f"not born yet, due {day_words(person.due or '')}"
        low, high = (
            months // 12 for months in self.family.age(person.key, self.package.planned_on)
        )
        return f"{low}" if low == high else f"{low} to {high}"

    # --- people ---

    def _child(self, child: Person) -> Iterator[Block]:
        yield Heading(words=child.label)
        standing = (
            ", ".join(legal.value.replace("_", " ") for legal in child.legal) or "not recorded"
        )
        yield Para(words=f"Age {self._age(child)}. Standing: {standing}.", quiet=True)
        yield from self._strengths(child)
        yield from self._needs(child)
        yield Heading(words=f"What must change for {child.label}", level=3)
        yield self._pairs(self.plan.aim(child.key), AIM_WORDS)
        reached = [o for o in self.package.offers if self._reaches(o, child.key)]
        yield Heading(words=f"What is done for {child.label}", level=3)
        if not reached:
            yield Para(words="Nothing in the package.")
        yield from self._help(reached)

    def _adult(self, adult: Person) -> Iterator[Block]:
        yield Heading(words=adult.label)
        yield Para(words=f"Age {self._age(adult)}.", quiet=True)
        yield from self._strengths(adult)
        yield from self._needs(adult)
        asked = [offer for offer in self.package.offers if adult.key in offer.people]
        yield Heading(words=f"What is asked of {adult.label}, in order", level=3)
        if not asked:
            yield Para(words="Nothing in the package.")
        yield from self._help(asked)

    def _strengths(self, person: Person) -> Iterator[Block]:
        strengths = tuple(s.says for s in self.family.strengths if s.person == person.key)
        if strengths:
            yield Heading(words="What helps already", level=3)
            yield Bullets(items=strengths, said=True)
        wishes = tuple(w.says for w in self.family.wishes if w.person == person.key)
        if wishes:
            yield Heading(words="Wishes", level=3)
            yield Bullets(items=wishes, said=True)

    def _needs(self, person: Person) -> Iterator[Block]:
        yield Heading(words="What was assessed", level=3)
        rows = tuple(
            (
                f"{'' if need.person == person.key else self.family.label_of(need.person) + ': '}{self._label(need.need)}",
                LEVEL_WORDS[need.level],
                ", ".join(part for part in (BASIS_IN_A_SENTENCE[need.basis], need.seen_by) if part),
                need.says,
            )
            for need in self.family.needs
            if need.person == person.key or person.key in need.affects
        )
        if rows:
            yield Table(
                caption=f"Needs: {person.label}",
                head=("Need", "Level", "How it is known", "What was seen"),
                rows=rows,
            )
        else:
            yield Para(words="No need is recorded.")

    def _help(self, offers: list[Offer]) -> Iterator[Block]:
        for offer in offers:
            title = self._title(offer)
            answers = "; ".join(
                f"{self.family.label_of(a.person)}, {self._label(a.need).lower()} ({CERTAINTY_WORDS[a.certainty]}"
                + (f", {FIT_WORDS[a.age_fit]})" if a.of_child else ")")
                for a in offer.answers
            )
            yield Para(words=title, strong=True)
            yield Para(words=f"For {answers}.", quiet=True)
            yield self._pairs(self.plan.action(offer.key), IN_THE_ANNEX)

    # --- all of it ---

    def _order(self) -> Iterator[Block]:
        yield Heading(words="In what order, and what a week asks")
        if not self.package.offers:
            yield Para(words="Nothing is offered.")
            return
        yield from timeline_picture(self.plan, self.catalogue)
        yield Table(
            caption="Offers by week",
            head=("Help", "Weeks", "Minutes a week", "Reviewed"),
            rows=tuple(
                (
                    self._title(offer),
                    f"{offer.starts_week} to {offer.last_week}",
                    f"{offer.minutes_per_week}{' (assumed)' if offer.load_basis == 'assumed' else ''}",
                    day_words(self.plan.action(offer.key).review) or "not said",
                )
                for offer in self.package.offers
            ),
        )
        loads: dict[str, tuple[int, int, int | None]] = {}
        for line in self.package.load:
            asked = line.minutes + line.assumed_minutes
            if asked > loads.get(line.person, (0, 0, None))[0]:
                loads[line.person] = (asked, line.week, line.limit)
        yield Table(
            caption="The fullest week of each person",
            head=("Who", "Week", "Minutes", "Limit"),
            rows=tuple(
                (self.family.label_of(key), str(week), str(asked), "not stated" if limit is None else str(limit))
                for key, (asked, week, limit) in loads.items()
            ),
        )  # fmt: skip
        yield from graph_picture(self.plan, self.catalogue)
        yield Table(
            caption="Which need is answered by what",
            head=("Need", "Help", "How sure"),
            rows=tuple(
                (
                    f"{self.family.label_of(a.person)}: {self._label(a.need)}",
                    self._title(offer),
                    CERTAINTY_WORDS[a.certainty],
                )
                for offer in self.package.offers
                for a in offer.answers
            ),
        )

    def _steps(self) -> Iterator[Block]:
        """Ordinary steps that were declined, with the reason; those that were accepted stand on the first page."""
        if self.plan.accepted_steps:
            yield Para(
                words="Duties, guidance, practice and direct work are no evidence that something helps.",
                quiet=True,
            )
        declined = tuple(
            (self._whose(step), step.says, step.because)
            for step in self.package.steps
            if step.judged == "decline"
        )
        if declined:
            yield Table(caption="Steps that were declined", head=("Whose need", "Step", "Because"), rows=declined)  # fmt: skip

    def _whose(self, step: PackageStep) -> str:
        who = self.family.label_of(step.person) if step.person else "The family"
        return who if step.need == "any" else f"{who}: {self._label(step.need)}"

    def _gaps(self) -> Iterator[Block]:
        yield Heading(words="Gaps")
        yield Para(words="No evidence yet is not the same as does not work.", quiet=True)
        rows = tuple(
            (
                f"{self.family.label_of(gap.person)}: {self._label(gap.need)}",
                gap.says,
            )
            for gap in self.package.gaps
        )
        if rows:
            yield Table(caption="Gaps", head=("Need", "Why no offer answers it"), rows=rows)
        else:
            yield Para(words="There is none: every need that was rated has an offer.")

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
        yield Pairs(
            rows=tuple((label[:1].upper() + label[1:], said or "not said") for label, said in rows)
        )
        days = census_days(meeting)
        if days:
            yield Para(
                words=f"{CENSUS_NAMES}: {'; '.join(f'{element} {day}' for element, day in days)}.",
                quiet=True,
            )

    def _people(self) -> Iterator[Block]:
        yield Heading(words="Who agrees, and who gets it")
        rows = []
        for key in people_to_ask(self.plan):
            consent = self.plan.consent(key)
            words = AGREEMENT_WORDS[consent.answer.value]
            rows.append((self.family.label_of(key), f"{words}. {consent.says}".strip()))
        rows.append(("Shared with", ", ".join(self.plan.shared_with) or "nobody yet"))
        yield Pairs(rows=tuple(rows))

    def _choices(self) -> Iterator[Block]:
        yield Heading(words="Choices not taken, and why")
        chosen = tuple(
            (
                f"{self._help_title(j.intervention)} with {names(j.people, self.family)}",
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
        # What is not safe, or was not wanted, is said in full; the rest by its reason, each line once.
        telling = [row for row in self.package.set_aside if row.because in SAID_IN_FULL]
        if telling:
            yield Table(
                caption="Set aside for safety, or not wanted",
                head=("Help", "Need", "In words"),
                rows=tuple(
                    (
                        self._help_title(row.intervention),
                        f"{self.family.label_of(row.person)}: {self._label(row.need)}",
                        row.says,
                    )
                    for row in telling
                ),
            )
        by_reason: dict[str, list[str]] = {}
        for row in self.package.set_aside:
            if row.because in SAID_IN_FULL:
                continue
            whose = f"{self.family.label_of(row.person)}, {self._label(row.need).lower()}"
            words = f"{self._help_title(row.intervention)} ({whose})"
            by_reason.setdefault(BECAUSE_WORDS[row.because], []).append(words)
        if by_reason:
            yield Table(
                caption="Set aside for another reason",
                head=("Because", "Help, and for whom"),
                rows=tuple((reason, "; ".join(lines)) for reason, lines in by_reason.items()),
            )

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
                self._line(r.line),
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
        rows = tuple(
            (source.title, source.body, str(source.year or "no year"), source.read.value)
            for key in keys
            if (source := self.catalogue.sources.get(key))
        )
        yield Heading(words="Sources")
        if rows:
            yield Table(
                caption="What the offers rest on",
                head=("Source", "Body", "Year", "How much was read"),
                rows=rows,
            )
        else:
            yield Para(words="No offer is made, so nothing is rested on.")

    # --- words ---

    def _pairs(self, record: object, words: dict[str, str]) -> Pairs:
        rows = []
        days = getattr(record, "DAYS", ())
        for name, label in words.items():
            said = getattr(record, name)
            if name == "goes_on_because" and not said:
                continue
            rows.append((label[0].upper() + label[1:], (day_words(said) if name in days else said) or "not said"))  # fmt: skip
        return Pairs(rows=tuple(rows))

    def _reaches(self, offer: Offer, child: str) -> bool:
        reached = {k for a in offer.answers for k in (a.person, *a.children)}
        return child in {*offer.people, *offer.children, *reached}

    def _title(self, offer: Offer) -> str:
        return f"{self._help_title(offer.intervention)} with {names(offer.people, self.family)}"

    def _help_title(self, key: str) -> str:
        return self.catalogue.title(key) if key in self.catalogue.interventions else key

    def _label(self, need: str) -> str:
        return self.catalogue.label(need) if need in self.catalogue.need_types else need

    def _line(self, line: str) -> str:
        kind, _, key = line.partition(":")
        if kind in {"offer", "found"}:
            return offer_title(key, self.family, self.catalogue)
        return "the plan" if kind == "plan" else offer_title(line, self.family, self.catalogue)
