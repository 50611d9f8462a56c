"""A package, or the reasons around one need, as plain text for a terminal."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.conditions import Asked
from cpassist.catalogue.named_in_code import HIGH_HARM_SIGNS, SUICIDE_RISK
from cpassist.family.family import Family
from cpassist.family.records import Need
from cpassist.family.vocabulary import ActionLevel
from cpassist.planning.asking_why.explain import Explained
from cpassist.planning.asking_why.look_again import SecondLook, stands_whatever
from cpassist.planning.package.alternatives import Difference
from cpassist.planning.package.offers import Offer, names, not_known_words
from cpassist.planning.package.ordinary_steps import PackageStep
from cpassist.planning.package.package import Finding, SupportPackage
from cpassist.planning.safety.rules import asked_words
from cpassist.planning.weeks.schedule import LATE_AFTER_WEEK
from cpassist.words.evidence import CERTAINTY_WORDS, FIT_WORDS
from cpassist.words.family import LEVEL_WORDS
from cpassist.words.package import BECAUSE_WORDS, STEP_WORDS

WIDTH = 88


def package_to_text(
    package: SupportPackage,
    family: Family,
    catalogue: Catalogue,
    looks: Sequence[SecondLook] | None = None,
    *,
    questions: Sequence[str] = (),
    everything: bool = False,
) -> str:
    """The package in words, what decides first. `questions` are the answers that free most, in words;
    `everything` adds every step, what each offer rests on, and each thing set aside.
    """
    writing = _Writing(package, family, catalogue, everything=everything)
    return "\n".join(writing.lines(looks, questions)) + "\n"


class _Writing:
    """One package while it is written down."""

    def __init__(
        self, package: SupportPackage, family: Family, catalogue: Catalogue, *, everything: bool
    ) -> None:
        self.package, self.family, self.catalogue = package, family, catalogue
        self.everything = everything

    def lines(self, looks: Sequence[SecondLook] | None, questions: Sequence[str]) -> Iterator[str]:
        package = self.package
        yield self.family.label
        if self.family.invented:
            yield "Invented family"
        yield f"Proposed on {package.planned_on}, catalogue of {package.catalogue_version}. People decide."
        if len(package.folders) > 1:
            yield f"Catalogue folders: {', '.join(folder.name for folder in package.folders)}."
        # What is not asked now stands in no other question's place: a grave one is said all the same.
        questions = () if self.is_quiet and not self.everything else questions
        yield from self._today(questions)
        if questions:
            yield from _heading("Ask this first")
            for question in questions:
                yield from _item(question)
        yield from self._proposed()
        yield from self._needs()
        yield from self._to_ask(questions)
        yield from self._other_ways()
        yield from _look_lines(looks, package, self.catalogue)
        yield from self._set_aside()

    def _today(self, asked_first: Sequence[str]) -> Iterator[str]:
        blocking = [f for f in self.package.findings if _is_first(f)]
        grave = [] if self.everything else list(self._grave(self.package.findings, asked_first))
        if not blocking and not self.package.safety_steps and not grave:
            return
        yield from _heading("Today, before any programme")
        unsaid = [f for f in blocking if f.code == "immediate_danger" and f.ask]
        for finding in blocking:
            if finding not in unsaid:
                yield from _item(finding.says)
        if unsaid:
            who = names([key for f in unsaid for key in f.about], self.family)
            several = len(unsaid) > 1
            yield from _item(f"{'Are' if several else 'Is'} {who} in danger today? Find out before anything else.")  # fmt: skip
        yield from grave
        for step in self.package.safety_steps:
            yield from _item(f"{step.says} [{step.rule}]")

    def _proposed(self) -> Iterator[str]:
        yield from _heading("Proposed")
        if not self.package.offers:
            yield from _item("No tested help can be proposed now. What you can do stands under each need.")  # fmt: skip
        for offer in self.package.offers:
            yield from self._offer(offer)

    def _offer(self, offer: Offer) -> Iterator[str]:
        catalogue = self.catalogue
        answers = "; ".join(
            f"{self.family.label_of(a.person)}, {catalogue.label(a.need).lower()}: {CERTAINTY_WORDS[a.certainty]}"
            + (f", {FIT_WORDS[a.age_fit]}" if a.of_child else "")
            for a in offer.answers
        )
        yield from _item(
            f"{catalogue.title(offer.intervention)}, with {names(offer.people, self.family)}. Weeks "
            f"{offer.starts_week} to {offer.last_week}, {offer.minutes_per_week} minutes a week ({offer.load_basis}). {answers}."
        )
        for says in (offer.starts_because, not_known_words(offer, catalogue)):
            if says:
                yield from _item(says, indent=4)
        if self.everything:
            for rule in offer.warnings:
                yield from _item(f"{catalogue.rule(rule).says} [{rule}]", indent=4)

    def _needs(self) -> Iterator[str]:
        """Need by need: what answers it or why nothing does, and what a worker does all the same."""
        answered: dict[tuple[str, str], list[str]] = {}
        for offer in self.package.offers:
            for a in offer.answers:
                late = offer.starts_week > LATE_AFTER_WEEK
                title = self.catalogue.title(offer.intervention)
                answered.setdefault((a.person, a.need), []).append(
                    f"{title}, from week {offer.starts_week}" if late else title
                )
        gaps = {(gap.person, gap.need): gap for gap in self.package.gaps}
        yield from _heading("Need by need")
        yield from _item("The steps below are what you must or can do. They are no evidence that something helps.")  # fmt: skip
        rated = [n for n in self.family.needs if n.is_matched and n.level != 1]
        strengths = dict.fromkeys(says for line in self.package.beside for says in line.strengths)
        if strengths:
            yield from _item(f"What keeps them safer already. {' '.join(strengths)}")
        wishes = [f"{self.family.label_of(w.person)}: {w.says}" for w in self.family.wishes]
        if wishes:
            yield from _item(f"What they want. {' '.join(wishes)}")
        needed = [
            f"{self.family.label_of(key)}: {', '.join(words)}."
            for key, words in self.family.limits.access_needs.items()
            if words
        ]
        if needed:
            yield from _item(f"What they need from everybody who comes. {' '.join(needed)}")
        said: dict[str, tuple[str, set[str]]] = {}
        if not rated:
            yield from _item("Nothing is rated yet: say how much help each need asks for.")
        kinds = list(self.catalogue.need_types.values())
        last = max((kind.basic for kind in kinds), default=0) + 1
        first = {
            kind.key: (kind.key not in self.quiet_needs, not kind.safety, kind.basic or last, kinds.index(kind))
            for kind in kinds
        }  # fmt: skip
        for need in sorted(rated, key=lambda n: (-(n.level or 0), first[n.need], n.person)):
            key = (need.person, need.need)
            says = f"{self.family.label_of(need.person)}, {self.catalogue.label(need.need).lower()} ({LEVEL_WORDS[need.level]})"
            quiet = self.is_quiet and need.need not in self.quiet_needs and not self.everything
            noted = f" In the file: “{need.says}”" if need.says else ""
            if key in answered:
                yield from _item(f"{says}: {', '.join(answered[key])}.{noted}")
            elif key in gaps:
                yield from _item(
                    f"{says}: {gaps[key].says if self.everything else _first_sentence(gaps[key].says)}{noted}"
                )
            if quiet:
                yield from _item(
                    "What you would do with the family about it waits for the strategy discussion: --all lists it.",
                    indent=4,
                )
                continue
            steps = self._steps(need, is_answered=key in answered)
            words = [_step_words(step) for step in steps]
            # What is done with a home stands with the first of those whom the need is about.
            alike, known = said.get(need.need, ("", set()))
            if words and not self.everything and known.issuperset(words):
                yield from _item(f"The same steps as for {alike}.", indent=4)
                continue
            all_of_it = {_step_words(step) for step in self._steps_of(need)}
            said.setdefault(need.need, (self.family.label_of(need.person), all_of_it))
            for line in words:
                yield from _item(line, indent=4)
        yield from self._steps_for_all()

    def _steps(self, need: Need, *, is_answered: bool) -> list[PackageStep]:
        """The steps for a need; in the short form the more, the less else there is to do."""
        steps = self._steps_of(need)
        if self.everything:
            return steps
        now = need.level is ActionLevel.NEEDS_HELP_NOW
        harmed = self.catalogue.need_types[need.need].harm
        most = (1 + harmed if is_answered else 3) + now
        held = [s for s in steps if s.in_sight and s.judged != "decline"]
        # What holds only if something else is so stands there where little else does.
        sure = [s for s in held if not self._is_only_if(s)]
        return (sure if len(sure) > 1 else held)[:most]

    def _is_only_if(self, step: PackageStep) -> bool:
        """Whether it stays in words when it holds, so that nobody has settled it."""
        known = self.catalogue.step(step.step)
        settled = known is not None and known.when is not None
        return bool(step.only_if) and step.judged is None and not settled

    def _steps_of(self, need: Need) -> list[PackageStep]:
        return [
            s
            for s in self.package.steps
            if s.need == need.need and need.person in {s.person, *s.children}
        ]

    def _steps_for_all(self) -> Iterator[str]:
        for_any = [s for s in self.package.steps if s.need == "any"]
        shown = (
            for_any
            if self.everything
            else [s for s in for_any if s.kind in {"duty", "guidance"} and s.timescale]
        )
        words = dict.fromkeys(_step_words(step) for step in shown)
        for says in words:
            yield from _item(says)

    def _to_ask(self, asked_first: Sequence[str]) -> Iterator[str]:
        rest = [f for f in self.package.findings if not _is_first(f) and f.code != "unmet_need"]
        if not rest:
            return
        yield from _heading("To ask and to notice")
        quiet = self.is_quiet
        if not quiet:
            yield from _item("Ask each person alone, never in front of another or through another.")
        first = [
            f
            for f in rest
            if self.everything
            or f.level == "warns"
            or (
                f.code in SAID_AT_ONCE
                and not (quiet and f.code in {"harmer_not_recorded", "harm_without_need"})
            )
        ]
        if not self.everything:
            # Beside the offer it stands already that it begins late, or may not be given here.
            folded = [f for f in first if f.code in SAID_BESIDE_THE_OFFER]
            first = [f for f in first if f not in folded]
            unanswered = {gap.person for gap in self.package.gaps}
            first = [f for f in first if f.code != "age_not_sure" or unanswered & set(f.about)]
            yield from self._until_it_begins(folded)
        for finding in first:
            question = finding.says.partition("?")[0]
            if any(asked.startswith(question) for asked in asked_first):
                continue
            held = [self.catalogue.title(key) for key in finding.holds if key in self.catalogue.interventions]  # fmt: skip
            waits = f" (waits for it: {', '.join(held)})" if held and self.everything else ""
            yield from _item(f"{finding.says}{waits}")
        left = len([f for f in rest if f not in first and f.code not in SAID_BESIDE_THE_OFFER])
        if left:
            yield from _item(f"{left} more to ask or settle: --all lists them.")

    def _grave(self, findings: Sequence[Finding], asked_first: Sequence[str]) -> Iterator[str]:
        """Questions that nobody should have to look for, each once, whatever waits for it."""
        asks = [f.ask for f in findings if f.ask is not None and f.ask.key in GRAVE and self._is_called_for(f.ask)]  # fmt: skip
        for ask in dict.fromkeys(asks):
            words = asked_words(self.family, self.catalogue, ask)
            if not any(asked.startswith(words.partition("?")[0]) for asked in asked_first):
                yield from _item(words)

    def _is_called_for(self, ask: Asked) -> bool:
        """Whether a need of this person speaks for asking; what only some group asks of everybody is not grave."""
        question = self.catalogue.questions[ask.key]
        speaking = set(question.asked_when.needs()) if question.asked_when else set()
        theirs = {n.need for n in self.family.needs_of(ask.person or "")}
        return ask.key != SUICIDE_RISK or bool(speaking & theirs)

    @property
    def quiet_needs(self) -> frozenset[str]:
        """The needs that are kept from the family for now, and so stand first."""
        when = self.catalogue.rule(QUIET).when
        return frozenset(when.needs()) if when else frozenset()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is said to the family until a strategy discussion has agreed it."""
        return any(step.rule == QUIET for step in self.package.safety_steps)

    def _until_it_begins(self, folded: Sequence[Finding]) -> Iterator[str]:
        """One line for each time and one for what may not be given here, rather than one for each need."""
        late: dict[int, list[str]] = {}
        unsure: list[str] = []
        for finding in folded:
            for key in finding.about:
                if finding.code == "may_not_be_here":
                    unsure.append(key)
                    continue
                for need in self.family.needs_of(key):
                    what = self.catalogue.label(need.need).lower()
                    weeks = [
                        offer.starts_week
                        for offer in self.package.offers
                        if any((a.person, a.need) == (key, need.need) for a in offer.answers)
                    ]
                    if weeks and f"with {what}," in finding.says:
                        late.setdefault(min(weeks), []).append(
                            f"{self.family.label_of(key)} ({what})"
                        )
        for week, those in sorted(late.items()):
            who = " and ".join(dict.fromkeys(those))
            yield from _item(
                f"The help for {who} begins only in week {week}. Say who looks after it until then, or bring it forward."
            )
        if unsure:
            who = names(list(dict.fromkeys(unsure)), self.family)
            yield from _item(f"For {who}: until you know that the help runs here, use the ordinary steps.")  # fmt: skip

    def _other_ways(self) -> Iterator[str]:
        ways = self.package.alternatives
        if not self.package.offers and not ways and not self.everything:
            return
        yield from _heading("Other ways")
        for way in ways if self.everything else ways[:MOST_WAYS]:
            if not self.everything:
                told = "; ".join(_difference_words(d, self.catalogue) for d in way.differs)
                yield from _item(f"{way.name}: {told}.")
                continue
            yield from _item(f"{way.name}. {way.because}")
            for d in way.differs:
                more = f". {d.because}" if d.change == "swapped" else "."
                yield from _item(
                    f"{d.change}: {self.catalogue.title(d.intervention)} with {names(d.people, self.family)}{more}",
                    indent=4,
                )
        unsaid = 0 if self.everything else len(ways) - MOST_WAYS
        if unsaid > 0:
            yield from _item(f"{unsaid} more: --all lists {'it' if unsaid == 1 else 'them'}.")
        if self.package.no_alternative_because:
            yield from _item(self.package.no_alternative_because)
        yield from _item("None of these: decide with the family what to do instead.")

    def _set_aside(self) -> Iterator[str]:
        if not self.package.set_aside:
            return
        yield from _heading("Set aside")
        if not self.everything:
            counts = Counter(BECAUSE_WORDS[row.because] for row in self.package.set_aside)
            told = ", ".join(
                f"{number} {why[:1].lower()}{why[1:]}" for why, number in counts.most_common()
            )
            yield from _item(f"{told}. --all gives each with its reason.")
            return
        for row in self.package.set_aside:
            who = f"{self.family.label_of(row.person)}, {self.catalogue.label(row.need).lower()}"
            yield from _item(
                f"{self.catalogue.title(row.intervention)} ({who}): {BECAUSE_WORDS[row.because]}. {row.says}"
            )


# What is said in the short form as well: it decides, or nobody would see it otherwise.
SAID_AT_ONCE = frozenset(
    {
        "immediate_danger",
        "brings_together",
        "harm_without_need",
        "answers_contradict",
        "need_of_another_age",
        "same_provider",
        "harmer_not_recorded",
        "support_may_be",
        "interpreter",
        "late_start",
        "age_not_sure",
        "not_rated",
    }
)
SAID_BESIDE_THE_OFFER = frozenset({"late_start", "may_not_be_here"})
MOST_WAYS = 3
# Questions that nobody should have to look for.
GRAVE = frozenset({SUICIDE_RISK, HIGH_HARM_SIGNS})
QUIET = "H14-QUIET"


def kind_words(step: PackageStep) -> str:
    """On what a step stands, and whether that is still to be checked."""
    kind = STEP_WORDS[step.kind]
    if step.kind == "duty" and step.law == "as_quoted":
        return "Duty, as quoted, to be checked"
    return f"{kind}, to be checked" if step.to_check else kind


def _step_words(step: PackageStep) -> str:
    """A step in one line: what it is, what to do, by when, what stays to be judged."""
    kind = kind_words(step)
    parts = [step.words]
    if step.only_if:
        parts.append(f"Only if: {step.only_if}.")
    if step.timescale:
        parts.append(f"By when: {step.timescale}.")
    if step.judged == "decline":
        parts.append(f"Declined: {step.because}")
    return f"{kind}: {' '.join(parts)}"


def _difference_words(differs: Difference, catalogue: Catalogue) -> str:
    title = catalogue.title(differs.intervention)
    if differs.change == "swapped":
        return f"{title} {differs.because[:1].lower()}{differs.because[1:].rstrip('.')}"
    return f"{'with' if differs.change == 'added' else 'without'} {title}"


def _is_first(finding: Finding) -> bool:
    """What stands before everything else: what blocks, and whether somebody is in danger today."""
    return finding.level == "blocks" or finding.code == "immediate_danger"


def _first_sentence(says: str) -> str:
    return says.partition(". ")[0].rstrip(".") + "."


def _look_lines(
    looks: Sequence[SecondLook] | None, package: SupportPackage, catalogue: Catalogue
) -> Iterator[str]:
    if looks is None:
        return
    yield from _heading("Worth another look")
    for look in looks:
        yield from _item(f"{look.says} {look.then(catalogue)}")
    if not looks:
        yield from _item("Nothing that is open would change it by itself.")
    standing = stands_whatever(package, looks)
    if standing:
        titles = [catalogue.title(package.offer(key).intervention) for key in standing]
        yield from _item(f"Whatever the answers, this stands: {', '.join(dict.fromkeys(titles))}.")


def explained_to_text(
    explained: tuple[Explained, ...], person: str, need: str, family: Family, catalogue: Catalogue
) -> str:
    """Every intervention for one need: offered, or why not."""
    found = family.need(person, need)
    level = LEVEL_WORDS[found.level] if found else ""
    lines = [f"{family.label_of(person)}: {catalogue.label(need).lower()} ({level})", ""]
    for row in explained:
        state = "Proposed" if row.offered else BECAUSE_WORDS[str(row.because)]
        lines += _item(f"{catalogue.title(row.intervention)}: {state}. {row.says}")
    if not explained:
        lines += _item("Nothing in the catalogue was tested for this need.")
    return "\n".join(lines) + "\n"


def _heading(words: str) -> Iterator[str]:
    yield ""
    yield words
    yield "-" * len(words)


def _item(words: str, indent: int = 2) -> list[str]:
    return textwrap.wrap(
        words,
        WIDTH,
        initial_indent=" " * (indent - 2) + "- ",
        subsequent_indent=" " * indent,
        break_long_words=False,
    )
