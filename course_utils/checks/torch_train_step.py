"""torch_train_step: one training step in PyTorch, the repair of the page's snippet."""

import numpy as np

from course_utils.checks.stand_in_torch import SGD, Linear, PoissonNLLLoss
from course_utils.checks.task import Exact, Mistake, Task
from course_utils.checks.tensors import plain
from course_utils.checks.torch_tensors import Numbers, understood

LR = 0.1


def torch_train_step(model, criterion, optimizer, X, y):
    loss = criterion(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def cases(rng):
    """(weight, bias, three batches X and y, lr, beta)."""
    return [
        (rng.normal(size=2), 0.2, rng.normal(size=(3, 4, 2)), rng.poisson(2.0, size=(3, 4)), LR, beta)
        for beta in (0.5, 0.9)
    ]


def observe(call, weight, bias, Xs, ys, lr, beta):
    """The parameters after each of three steps, what was returned, and, where nothing moves, what was done."""
    model = Linear(weight, bias)
    criterion, optimizer, path, returned = PoissonNLLLoss(), SGD(model.parameters(), lr, beta), [], []
    for X, y in zip(Xs, ys, strict=True):
        returned.append(understood(call, model, criterion, optimizer, X.view(Numbers), y.view(Numbers)))
        path.append([*model.weight.array, float(model.bias)])
    still = np.ptp([[*weight, bias], *path], axis=0).max() == 0
    facts = {
        "a gradient came": still and model.bias.came > 0,
        "a step was made": still and optimizer.steps > 0,
        "a gradient was dropped": still and optimizer.steps > 0 and model.bias.wasted > 0,
        "a gradient came before the first step": still and optimizer.begun_with_gradient,
        "losses returned with their graph": sum(getattr(value, "requires_grad", False) for value in returned),
    }
    return np.array(path), [plain(value) for value in returned], list(facts.values())


# What a step can do; `s` holds what it was given, and its loss.
DO = {
    "forward": lambda s: s.update(loss=s["criterion"](s["model"](s["X"]), s["y"])),
    "exchanged": lambda s: s.update(loss=s["criterion"](s["y"], s["model"](s["X"]))),
    "zero": lambda s: s["optimizer"].zero_grad(),
    "backward": lambda s: s["loss"].backward(retain_graph=True),
    "uphill": lambda s: (-s["loss"]).backward(),
    "step": lambda s: s["optimizer"].step(),
    "by_hand": lambda s: [setattr(p, "data", p.data - LR * p.grad) for p in s["model"].parameters()],
    "number": lambda s: s.update(returned=s["loss"].item()),
    "tensor": lambda s: s.update(returned=s["loss"]),
    "summed": lambda s: s.update(loss=s["loss"] * len(s["y"])),
    "sum": lambda s: s.update(returned=s["loss"].item() * len(s["y"])),
}


def in_order(doings):
    """A training step that does these things, named in their order."""

    def made(model, criterion, optimizer, X, y):
        s = {"model": model, "criterion": criterion, "optimizer": optimizer, "X": X, "y": y}
        for doing in doings.split():
            DO[doing](s)
        return s["returned"]

    return made


def with_closure(model, criterion, optimizer, X, y):
    def closure():
        optimizer.zero_grad()
        loss = criterion(model(X), y)
        loss.backward()
        return loss

    return optimizer.step(closure).item()


def each_by_hand_forgotten(model, criterion, optimizer, X, y):
    for p in model.parameters():
        p.grad = None
    loss = criterion(model.forward(X), y)
    loss.backward()
    optimizer.step()
    return loss.data.cpu().numpy()


def each_emptied(model, criterion, optimizer, X, y):
    loss = criterion(model(X).squeeze(), y)
    for p in model.parameters():
        if p.grad is not None:
            p.grad.zero_()
    loss.backward()
    optimizer.step()
    return loss.detach().clone().tolist()


def in_training_mode(model, criterion, optimizer, X, y):
    model.train()
    model.zero_grad(set_to_none=False)
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()
    return float(loss)


TASK = Task(
    solution=torch_train_step,
    cases=cases,
    observe=observe,
    returns="the loss, as one number",
    given=("weight", "bias", "", "", "lr", "beta"),
    parts=("weight and bias after each step: ", "returned: "),
    mistakes=[
        Exact(
            "no backward",
            "Nothing moves: nobody asked for a gradient (this is the page's snippet), or backward() was called on a "
            "new tensor that knows nothing of the model. So every .grad is None, and step() passes over it.",
            in_order("forward zero step number"),
        ),
        Mistake(
            "no zero_grad",
            "The gradients of all batches so far add up: the first step is right, from the second on the old gradients "
            "count again. What empties .grad?",
            in_order("forward backward step number"),
        ),
        Exact(
            "zero_grad before step",
            "Nothing moves: the gradient is made, then thrown away, then step() looks for it. zero_grad belongs "
            "before backward() or after step().",
            in_order("forward backward zero step number"),
        ),
        Exact(
            "step before backward",
            "Nothing moves: at each step() the gradients are empty, and backward() comes after it.",
            in_order("forward zero step backward number"),
        ),
        Exact(
            "one batch late",
            "step() uses the gradient of the batch before: the first call moves nothing, all others come late. Where "
            "does backward() stand?",
            in_order("forward step zero backward number"),
        ),
        Exact(
            "no step",
            "The gradient is there, and no parameter moves: step() is missing, or stands after `return`, or in its "
            "place p = p - lr * p.grad, which gives the name p another value and leaves the model alone.",
            in_order("forward zero backward number"),
        ),
        Exact(
            "optimizer left out",
            "The parameters are moved by hand, by lr times the gradient. This optimizer has a momentum, which is now "
            "missing: let it make the step.",
            in_order("forward zero backward by_hand number"),
        ),
        Mistake(
            "loss after the step",
            "You return the loss after the step: a second forward pass, and no longer the loss whose gradient was "
            "used. Return the one from before.",
            in_order("forward zero backward step forward number"),
        ),
        Mistake(
            "returns the tensor",
            "You return the tensor and with it the whole graph of its calculation, which stays in memory as long as "
            "somebody keeps the loss. Take the number out of it.",
            in_order("forward zero backward step tensor"),
        ),
        Mistake("ascends", "Uphill: the gradient is that of -loss.", in_order("forward zero uphill step number")),
        Exact(
            "backward twice",
            "The gradient is twice too long: backward() is called twice, and gradients add up; or one is doubled.",
            in_order("forward zero backward backward step number"),
        ),
        Exact(
            "step twice",
            "step() is called twice, and each time moves the parameters by the same gradient.",
            in_order("forward zero backward step step number"),
        ),
        Mistake(
            "prediction and target exchanged",
            "The criterion is handed the target first. With a squared error nobody would notice; with most losses it "
            "is another loss. The prediction comes first.",
            in_order("exchanged zero backward step number"),
        ),
        Exact(
            "times the batch size",
            "The step is right, but the loss is multiplied by the number of examples. Return it as the criterion gives "
            "it.",
            in_order("forward zero backward step sum"),
        ),
        Exact(
            "loss of the whole batch",
            "The loss is multiplied by the number of examples, or added up over them, before backward(): the gradient "
            "is as many times too long. The criterion takes the mean.",
            in_order("forward summed zero backward step number"),
        ),
    ],
    variants=[
        with_closure,
        each_by_hand_forgotten,
        each_emptied,
        in_training_mode,
        in_order("zero forward number backward step"),
        in_order("forward backward step zero number"),
    ],
    hints=(
        "Four things happen to the gradient: the old one is forgotten, the loss is calculated, its gradient is made, "
        "the parameters move. Three of them are one call each.",
        "loss = criterion(model(X), y), then zero_grad, backward, step. To whom does each of the three belong?",
        "After the loss: optimizer.zero_grad(), loss.backward(), optimizer.step(); loss.item() is the number.",
    ),
    why="backward() adds to .grad, zero_grad() empties it, step() only reads it: so the emptying comes before the "
    "adding, the reading after it, and none of them complains when another is missing. item() is the number alone.",
)
