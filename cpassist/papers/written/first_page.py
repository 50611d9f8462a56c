"""The plan on a page: what is done, for whom, from when, by whom, and what happens if it changes nothing."""

from collections.abc import Iterator

from cpassist.family.vocabulary import day_words
from cpassist.papers.written.blocks import Block, Bullets, Heading, Pairs, Para, Table
from cpassist.papers.written.package_text import kind_words
from cpassist.papers.written.plan_words import PlanWords
from cpassist.words.plan import STATE_WORDS

HEAD = ("What", "For", "From, or by", "Who is responsible", "What happens if nothing changes")
NOT_SAID = "not said"


def plan_on_a_page(words: PlanWords) -> Iterator[Block]:
    """What a meeting needs in its hands: safety first, then every line of the plan."""
    plan = words.plan
    yield Pairs(
        rows=(
            ("Where it stands", f"version {plan.version}, {STATE_WORDS[plan.state]}"),
            *((("Led by", plan.led_by),) if plan.led_by else ()),
            *((("Written by", ", ".join(plan.authors)),) if plan.authors else ()),
        )
    )
    blocking = [f.says for f in plan.package.findings if f.level == "blocks"]
    steps = [step.says for step in plan.package.safety_steps]
    if blocking or steps:
        yield Heading(words="Before any programme")
        yield Bullets(items=tuple(dict.fromkeys((*blocking, *steps))))
    rows = (*_offers(words), *_steps(words), *_gaps(words))
    if rows:
        yield Table(caption="The plan", head=HEAD, rows=rows)
    else:
        yield Para(words="Nothing is planned.")


def _offers(words: PlanWords) -> Iterator[tuple[str, ...]]:
    for offer in words.plan.package.offers:
        action = words.plan.action(offer.key)
        yield (
            words.offer(offer),
            "; ".join(dict.fromkeys(words.whose((a.person,), a.need) for a in offer.answers)),
            day_words(action.starts) or NOT_SAID,
            action.owner or NOT_SAID,
            action.contingency or NOT_SAID,
        )


def _steps(words: PlanWords) -> Iterator[tuple[str, ...]]:
    for step in words.plan.accepted_steps:
        task = words.plan.task(step.key)
        yield (
            f"{kind_words(step)}: {step.words}",
            words.whose_step(step),
            f"by {day_words(task.by)}" if task.by else NOT_SAID,
            task.owner or NOT_SAID,
            "",
        )


def _gaps(words: PlanWords) -> Iterator[tuple[str, ...]]:
    for gap in words.plan.package.gaps:
        done = words.plan.done_about(gap.person, gap.need) or "nothing yet"
        yield (f"No offer answers it. What is done: {done}", words.whose((gap.person,), gap.need), "", "", "")  # fmt: skip
