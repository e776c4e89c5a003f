"""Where the learner's path and ours part, in words."""

import numpy as np

SAME = 1e-12  # of the largest parameter so far: further apart, two runs have parted
ROUNDING = 1e-9  # runs that are no further apart when they part can have rounded otherwise


def same_in(dtype):
    """How far apart two runs may be that agree, in numbers of so many digits."""
    return max(SAME, 10.0 ** (1 - np.finfo(dtype).precision))


def parting(yours, ours, same=SAME):
    """(t, gap) of the first point, of those that yours has, with a gap above `same`; None if the paths agree."""
    yours, ours = np.asarray(yours), np.asarray(ours)[: len(yours)]
    with np.errstate(all="ignore"):
        scale = np.maximum.accumulate(np.abs(ours).max(1)).clip(1e-300)
        gap = np.where(yours == ours, 0.0, np.abs(yours - ours)).max(1) / scale
    apart = ~(gap <= same) & np.isfinite(ours).all(1)  # what has left the range of floats is not compared
    return (int(apart.argmax()), float(gap[apart.argmax()])) if apart.any() else None


def compared(yours, ours, same=SAME):
    """Whether the path `yours` agrees with the Trajectory `ours`, or the step at which they part."""
    parted = parting(yours, ours.w, same)
    if parted is None:
        return f"Yours and ours agree to {same:.0e} at every step."
    t, gap = parted
    if ours.diverged_at is not None and t > ours.diverged_at:
        return f"Yours and ours agree to {same:.0e} up to step {ours.diverged_at}, where ours has diverged."
    for form in (".4g", ".8g", ""):  # as many as it takes to tell them apart
        a, b = (" ".join(f"{x:{form}}" for x in path[t]) for path in (yours, ours.w))
        if a != b:
            break
    hint = " So little can be rounding, which grows from step to step." if _rounded(t, gap, same) else ""
    return f"Yours and ours part at step {t}: w = ({a}) and ({b}).{hint}"


def told_apart(attempt, epoch, updates):
    """Where an Attempt of so many updates an epoch, with other losses from `epoch` on, parts; "" if no step does."""
    if not attempt.parted:
        return ""
    step, gap = attempt.parted
    if not _rounded(step, gap, attempt.same):
        return f" It parts from ours at step {step}, in epoch {-(-step // updates)}."
    agree = f"Up to epoch {epoch - 1} it trained as ours" if epoch > 1 else "It began as ours"
    grown = f"at step {step} they were {gap:.0e} of w apart, as by rounding, and that grew"
    return f" {agree}: {grown}, until in epoch {epoch} the losses differed."


def _rounded(step, gap, same):
    """Whether runs that are the same up to `same` can part so by rounding, which takes more than a step to grow."""
    return step > 1 and gap <= max(ROUNDING, 10 * same)
