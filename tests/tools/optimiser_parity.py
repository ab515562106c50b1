#!/usr/bin/env python3
"""Optimisers, losses and schedules of a training against PyTorch's own, from the files alone, in double.

usage: optimiser_parity.py RUN GRID.h5 [RUN GRID.h5 ...]

RUN holds a training of one full batch per epoch with a checkpoint after each, and its evaluation. The learning rate of
every epoch must be that of PyTorch's scheduler (of a plateau with the recorded losses); from each checkpoint one step
of torch.optim.Adam or AdamW with PyTorch's loss and clipping must end at the next; and from the first PyTorch goes on
alone with the same losses.

Exit code: 0 they agree, 1 they do not (says where).
"""
import csv
import sys
import warnings

import h5py
import torch
import torch.nn.functional as functional

import torch_parity as parity

RATE_TOLERANCE = 1e-12  # relative: the same arithmetic in double
LOSS_TOLERANCE = 1e-6  # relative to max(1, |loss|), as in torch_parity.py
ALONE_TOLERANCE = 1e-4
# Of the way that each tensor goes in one step, as Euclidean norms: a rectifier or a pool that decides otherwise for one
# row, because its input is within rounding of the kink, makes it some 1e-3 (torch_parity.py looks into gradients); and of
# the weights, which are rounded to float32.
STEP_TOLERANCE = 2e-2
ROUNDING = 1.2e-7
LEAST_STEPS = 20


class Training:
    def __init__(self, folder, grid_path):
        with h5py.File(f"{folder}/model.h5", "r") as model, h5py.File(grid_path, "r") as grid:
            self.network = parity.Network(model)
            self.data = parity.Data(model, grid, self.network.configuration)
        self.c = self.network.configuration
        with open(f"{folder}/history.csv", newline="") as file:
            self.history = list(csv.DictReader(file))
        split = {row: kind for row, (kind, _) in parity.read_predictions(f"{folder}/evaluation_rows.csv", self.data.targets).items()}
        self.chosen = [i for i, row in enumerate(self.data.row) if split[row] == "train"]
        self.folder = folder
        assert len(self.history) > LEAST_STEPS, f"only {len(self.history)} epochs"
        assert [int(line["step"]) for line in self.history] == list(range(1, len(self.history) + 1)), "an epoch is not one step"

    def number(self, key):
        return float(self.c[key])

    def checkpoint(self, step):
        return h5py.File(f"{self.folder}/checkpoints/step-{step:08d}.h5", "r")

    def rates(self):
        return [float(line["learning_rate"]) for line in self.history]


def scheduler_rates(training):
    """The rates that PyTorch's schedulers give, epoch by epoch."""
    rate, warmup = training.number("optimiser.learning_rate"), int(training.c["optimiser.warmup_steps"])
    least = rate * training.number("optimiser.final_fraction")
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    schedulers = torch.optim.lr_scheduler
    kind = training.c["optimiser.schedule"]
    if kind == "plateau":
        assert warmup == 0, "PyTorch's plateau has no warm-up"
        scheduler = schedulers.ReduceLROnPlateau(
            optimiser, factor=training.number("optimiser.plateau_factor"), patience=int(training.c["optimiser.plateau_epochs"]) - 1,
            threshold=training.number("stop.min_delta"), threshold_mode="abs", min_lr=least, eps=0.0)
    else:
        decay = int(training.c["optimiser.decay_epochs"])
        parts = [schedulers.CosineAnnealingLR(optimiser, decay, least) if kind == "cosine" else schedulers.ConstantLR(optimiser, 1.0)]
        if warmup > 1:
            rise = schedulers.LinearLR(optimiser, start_factor=1 / warmup, end_factor=1.0, total_iters=warmup - 1)
            parts = [schedulers.SequentialLR(optimiser, [rise] + parts, milestones=[warmup])]
        scheduler = parts[0]
    for line in training.history:
        yield optimiser.param_groups[0]["lr"]
        if kind == "plateau":
            scheduler.step(float(line[f"{training.c['stop.monitor']}_loss"]))
        else:
            optimiser.step()
            scheduler.step()


def compare_rates(training):
    ours = training.rates()
    for epoch, (rate, theirs) in enumerate(zip(ours, scheduler_rates(training))):
        if not abs(rate / theirs - 1) <= RATE_TOLERANCE:
            return f"epoch {epoch}: the learning rate is {rate}, PyTorch's scheduler says {theirs}"
    if training.c["optimiser.schedule"] != "constant" and len(set(ours)) < 3:
        return f"the learning rate hardly moves: {sorted(set(ours))}"
    return None


def loss_of(training):
    network, data, chosen, c = training.network, training.data, training.chosen, training.c
    outputs, learned = network.outputs(data.spectra[chosen], data.features[chosen]), data.learned[chosen]
    count = learned.shape[1]
    if c["loss.kind"] == "gaussian":
        loss = torch.nn.GaussianNLLLoss(full=False, eps=training.number("loss.variance_floor"), reduction="none")
        each = loss(outputs[:, :count], learned, outputs[:, count:].exp())
    elif c["loss.kind"] == "huber":
        each = functional.huber_loss(outputs, learned, reduction="none", delta=training.number("loss.delta"))
    else:
        each = 0.5 * functional.mse_loss(outputs, learned, reduction="none")
    weights = [float(w) for w in c["loss.weights"]] or [1.0] * count
    return (each.mean(0) * torch.tensor(weights, dtype=torch.float64)).sum()


class Optimiser:
    def __init__(self, training, checkpoint):
        c, network = training.c, training.network
        parity.load_weights(network, checkpoint)
        self.weights = [network.weights[key].requires_grad_() for key in network.weights]
        betas = training.number("optimiser.beta1"), training.number("optimiser.beta2")
        options = {"lr": 1.0, "betas": betas, "eps": training.number("optimiser.epsilon")}
        if c["optimiser.kind"] == "adamw":
            self.torch = torch.optim.AdamW(self.weights, weight_decay=training.number("optimiser.weight_decay"), **options)
        else:
            self.torch = torch.optim.Adam(self.weights, **options)
        self.clip = training.number("optimiser.clip_norm")
        self.clipped = 0
        first, second = (network.unflatten(checkpoint[name][()]) for name in ("first_moment", "second_moment"))
        for key, weight in zip(network.weights, self.weights):
            state = {"step": torch.tensor(float(checkpoint.attrs["step"])), "exp_avg": first[key], "exp_avg_sq": second[key]}
            self.torch.state[weight] = state

    def step(self, loss, rate):
        self.torch.zero_grad()
        loss.backward()
        if self.clip > 0:
            self.clipped += torch.nn.utils.clip_grad_norm_(self.weights, self.clip).item() > self.clip
        self.torch.param_groups[0]["lr"] = rate
        self.torch.step()


def is_off(ours, theirs, tolerance):
    return not abs(ours - theirs) <= tolerance * max(1.0, abs(theirs))


def compare_one_step(training, step):
    with training.checkpoint(step) as before, training.checkpoint(step + 1) as after:
        optimiser = Optimiser(training, before)
        end = training.network.unflatten(after["weights"][()])
    start = {key: values.detach().clone() for key, values in training.network.weights.items()}
    line = training.history[step]
    loss = loss_of(training)
    if is_off(float(line["train_loss"]), loss.item(), LOSS_TOLERANCE):
        return f"the loss is {line['train_loss']}, PyTorch says {loss.item()}", 0
    optimiser.step(loss, float(line["learning_rate"]))
    for key, values in training.network.weights.items():
        way, apart = parity.norm(end[key] - start[key]), parity.norm(end[key] - values)
        if not apart <= STEP_TOLERANCE * way + ROUNDING * parity.norm(end[key]):
            return f"{key} goes {way} and ends {apart} from PyTorch's, allowed {STEP_TOLERANCE} of it", 0
    return None, optimiser.clipped


def compare_alone(training):
    with training.checkpoint(1) as flat:
        optimiser = Optimiser(training, flat)
    for line in training.history[1:]:
        loss = loss_of(training)
        if is_off(float(line["train_loss"]), loss.item(), ALONE_TOLERANCE):
            return f"epoch {line['epoch']}: the loss is {line['train_loss']}, PyTorch alone arrives at {loss.item()}"
        optimiser.step(loss, float(line["learning_rate"]))
    return None


def compare(training):
    problem, clipped, steps = compare_rates(training), 0, len(training.history) - 1
    for step in range(1, steps + 1):
        if problem is None:
            problem, was_clipped = compare_one_step(training, step)
            problem = problem and f"step {step + 1}: {problem}"
            clipped += was_clipped
    if problem is None and training.number("optimiser.clip_norm") > 0 and clipped in (0, steps):
        problem = f"{clipped} of {steps} steps were clipped: nothing is compared"
    return problem or compare_alone(training)


def main(arguments):
    if not arguments or len(arguments) % 2 != 0:
        print(__doc__, file=sys.stderr)
        return 64
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", category=UserWarning, module="torch.optim")
    problems = 0
    for folder, grid in zip(arguments[::2], arguments[1::2]):
        problem = compare(Training(folder, grid))
        if problem is not None:
            print(f"{folder}: {problem}", file=sys.stderr)
            problems += 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
