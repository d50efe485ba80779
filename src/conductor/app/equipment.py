"""What the ensembles of a workspace run on, what they lack, and which models would help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite

from conductor.adapters.embedded.model import NAME
from conductor.app.ensembles import is_here
from conductor.app.ensembles import place as where
from conductor.app.models import Place, Survey
from conductor.core.capability import Model
from conductor.core.diagnosis import Diagnosis, State
from conductor.core.discovery import Found
from conductor.core.tier import Tier


def memory(found: Survey) -> Iterator[Diagnosis]:
    """Say how much memory there is for models; nothing where the system does not tell."""
    if not isfinite(found.memory_gigabytes):
        return
    detail = f"{found.memory_gigabytes:.1f} GB"
    if found.offers and not found.models and not any(one.fits for one in found.offers):
        fix = "conductor models bind --server URL, with a server on a bigger machine"
        detail += ", too little for any model worth fetching"
        yield Diagnosis(name="memory", state=State.WARNING, detail=detail, fix=fix)
    else:
        yield Diagnosis(name="memory", state=State.OK, detail=detail)


def classes(found: Survey) -> Iterator[Diagnosis]:
    """Say of each capability class where it runs, and whether it could."""
    return (_class(one, found) for one in found.places)


def ensembles(known: Iterable[Found], found: Survey, *, engine: bool) -> Iterator[Diagnosis]:
    """Say which ensembles cannot run here, each with its fix; without an engine, none can.

    What the classes lack is said with the classes. Other tiers are not this workspace's business:
    they get a line each, but for files that a command can mend.
    """
    said = {one.obstacle for one in found.places if one.obstacle}
    own = [one for one in known if not (one.summary.shadowed or one.summary.part_of)]
    lacking = [(one, [each for each in one.obstacles if each not in said]) for one in own]
    yield _together([one for one in own if one.summary.tier == Tier.LOCAL], engine=engine)
    elsewhere: Counter[str] = Counter()
    for one, obstacles in lacking:
        if not obstacles:
            continue
        here, first = one.summary.tier == Tier.LOCAL, obstacles[0]
        if here or first.fix.startswith("conductor "):
            more = f" (+{len(obstacles) - 1})" if obstacles[1:] else ""
            yield Diagnosis(
                name=one.summary.name,
                state=State.MISSING if here else State.ABSENT,
                detail=first.what + more,
                fix=first.fix,
            )
        else:
            elsewhere[one.summary.tier] += 1
    for tier, count in elsewhere.items():
        detail = f"{count} ensemble{'s' * (count > 1)} there cannot run here"
        fix = f"conductor ensembles list --tier {tier}"
        yield Diagnosis(name=f"tier {tier}", state=State.ABSENT, detail=detail, fix=fix)


def pulls(found: Survey) -> Iterator[Diagnosis]:
    """Offer a model for each class that nothing of its size serves. Nothing is fetched."""
    for offer in found.offers:
        model = offer.suggestion.model
        fix = f"conductor models pull {model}" if offer.fits else ""
        yield Diagnosis(name=model, state=State.ABSENT, detail=offer.sentence, fix=fix)


def _together(own: Sequence[Found], *, engine: bool) -> Diagnosis:
    """Sum up the ensembles of this workspace, with the step that lets most of them run."""
    name, detail = "ensembles", f"{sum(one.runnable for one in own)} of {len(own)} can run here"
    if not own:
        fix = "conductor new-ensemble --template swarm"
        return Diagnosis(name=name, state=State.ABSENT, detail="there is none yet", fix=fix)
    if not engine:
        detail = f"none of {len(own)} can run here without the engine"
        return Diagnosis(name=name, state=State.MISSING, detail=detail)
    fixes = Counter(one.obstacles[0].fix for one in own if not one.runnable)
    if not fixes:
        return Diagnosis(name=name, state=State.OK, detail=detail)
    ((fix, _),) = fixes.most_common(1)
    state = State.WARNING if any(one.runnable for one in own) else State.MISSING
    return Diagnosis(name=name, state=state, detail=detail, fix=fix)


def _class(one: Place, found: Survey) -> Diagnosis:
    name, needed_by = one.binding.profile, one.ensembles
    if one.obstacle:
        what, fix = one.obstacle.what, one.obstacle.fix
        state = State.MISSING if needed_by else State.ABSENT
        return Diagnosis(name=name, state=state, detail=what, fix=fix)
    if not one.binding.base_url:
        state = State.WARNING if needed_by else State.ABSENT
        detail = f"runs on {where(one.binding)}, a stopgap: {NAME}"
        fix = "conductor models bind" if needed_by and one.candidates else ""
        return Diagnosis(name=name, state=state, detail=detail, fix=fix)
    model = _bound_to(one, found.models)
    needed = model.memory_gigabytes if model and is_here(one.binding) else None
    takes = f", about {needed:.1f} GB of memory" if needed else ""
    detail = f"runs on {where(one.binding)}{takes}"
    if needed and needed > found.memory_gigabytes:
        fix = f"conductor models bind {one.capability.name} MODEL, with a smaller one"
        detail += ", more than this machine has"
        return Diagnosis(name=name, state=State.MISSING, detail=detail, fix=fix)
    if needed_by and model and (other := one.capability.other_size(model.billion)):
        detail += f", which is {other} than the class"
        fix = f"conductor models bind {one.capability.name} MODEL, with one of its size"
        return Diagnosis(name=name, state=State.WARNING, detail=detail, fix=fix)
    return Diagnosis(name=name, state=State.OK, detail=detail)


def _bound_to(one: Place, models: Iterable[Model]) -> Model | None:
    bound = (one.binding.model, one.binding.base_url)
    return next((each for each in models if (each.name, each.base_url) == bound), None)
