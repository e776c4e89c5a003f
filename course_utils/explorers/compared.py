"""Where the learner's path and ours part, in words."""

import numpy as np

SAME = 1e-12  # of the largest parameter so far: further apart, two runs have parted
ROUNDING = 1e-9  # runs that are no further apart when they part can have rounded otherwise


def parting(yours, ours, same=SAME):
    """(t, gap) of the first point, of those that yours has, at which the paths part; None if they agree."""
    yours, ours = np.asarray(yours), np.asarray(ours)[: len(yours)]
    with np.errstate(all="ignore"):
        scale = np.maximum.accumulate(np.abs(ours).max(1)).clip(1e-300)
        gap = np.where(yours == ours, 0.0, np.abs(yours - ours)).max(1) / scale
    apart = ~(gap <= same) & np.isfinite(ours).all(1)  # what has left the range of floats is not compared
    return (int(apart.argmax()), float(gap[apart.argmax()])) if apart.any() else None


def compared(yours, ours):
    """Whether the path `yours` agrees with the Trajectory `ours`, or the step at which they part."""
    parted = parting(yours, ours.w)
    if parted is None:
        return f"Yours and ours agree to {SAME:.0e} at every step."
    t, gap = parted
    if ours.diverged_at is not None and t > ours.diverged_at:
        return f"Yours and ours agree to {SAME:.0e} up to step {ours.diverged_at}, where ours has diverged."
    for digits in (4, 8, 17):  # as many as it takes to tell them apart
        a, b = (" ".join(f"{x:.{digits}g}" for x in path[t]) for path in (yours, ours.w))
        if a != b:
            break
    hint = " So little can be rounding, which grows from step to step." if t > 1 and gap < ROUNDING else ""
    return f"Yours and ours part at step {t}: w = ({a}) and ({b}).{hint}"


def told_apart(parted, epoch, updates):
    """Where runs of so many updates an epoch, with other losses from `epoch` on, part; "" if at the very first step."""
    step, gap = parted or (1, np.inf)
    if step == 1 and not gap <= ROUNDING:
        return ""
    if not gap <= ROUNDING:
        return f" It parts from ours at step {step}, in epoch {-(-step // updates)}."
    agree = f"Up to epoch {epoch - 1} it trained as ours" if epoch > 1 else "It began as ours"
    grown = f"at step {step} they were {gap:.0e} of w apart, as by rounding, and that grew"
    return f" {agree}: {grown}, until in epoch {epoch} the losses differed."
