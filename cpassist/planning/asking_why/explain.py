"""For one need: every intervention in the catalogue that addresses it, offered or why not."""

from dataclasses import dataclass

from cpassist.planning.package.package import SupportPackage


@dataclass(frozen=True, kw_only=True, repr=False)
class Explained:
    """What became of one intervention for one need."""

    intervention: str
    offered: str | None
    """The offer's key, or None."""
    because: str | None
    says: str
    blocked_by: tuple[str, ...] = ()
    instead: str | None = None


def explain(package: SupportPackage, person: str, need: str) -> tuple[Explained, ...]:
    """Offers first, then what was set aside; both by name."""
    offered = [
        Explained(intervention=offer.intervention, offered=offer.key, because=None, says=offer.says)
        for offer in package.offers
        if any((a.person, a.need) == (person, need) for a in offer.answers)
    ]
    aside = [
        Explained(
            intervention=row.intervention,
            offered=None,
            because=row.because,
            says=row.says,
            blocked_by=row.blocked_by,
            instead=row.instead,
        )
        for row in package.set_aside
        if (row.person, row.need) == (person, need)
    ]
    return (
        *sorted(offered, key=lambda e: e.intervention),
        *sorted(aside, key=lambda e: e.intervention),
    )
