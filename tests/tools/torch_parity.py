#!/usr/bin/env python3
"""The trained network rebuilt in PyTorch, in double, from the files alone, and compared with what the program says.

usage: torch_parity.py predictions MODEL.h5 GRID.h5 EVALUATION_ROWS.csv
       torch_parity.py steps MODEL.h5 GRID.h5 EVALUATION_ROWS.csv HISTORY.csv CHECKPOINTS FIRST
       torch_parity.py COMPARISON -- COMPARISON -- ...

predictions: every row's prediction agrees in the learned scale.
steps: wherever the folder CHECKPOINTS has two checkpoints in a row, beginning with step FIRST, the gradient of the full
batch agrees and one step of Adam along it arrives at the second; and from the first on PyTorch goes its way alone, in
float32, with the same losses. MODEL.h5 and EVALUATION_ROWS.csv are those of a job that ended with step FIRST,
HISTORY.csv is that of the job that went on from there. A unit (ReLU, maximum) within rounding of its kink may be
decided otherwise in float32; where gradients differ, each such unit is turned by itself, and those that explain the
difference are named on stdout.

Exit code: 0 they agree, 1 they do not (says where).
"""
import csv
import os
import sys

import h5py
import numpy as np
import torch
import torch.nn.functional as functional
from torch_network import Kinks, Network

# Our arithmetic is float32 with some thousand terms per output, the reference is double.
PREDICTION_TOLERANCE = 1e-5  # relative to max(1, |learned value|)
ALONE_TOLERANCE = 1e-3  # of the losses on the way alone, relative
LOSS_TOLERANCE = 1e-6  # of the loss of one step, relative: roundings of single rows average out
GRADIENT_TOLERANCE = 1e-4  # of each tensor's gradient, as Euclidean norms,
CANCELLATION = 1e-6  # and this of the whole gradient, for tensors whose terms cancel
MOST_UNSURE = 300  # units near a kink that are tried
# Of the way that each tensor goes in one step from the same gradient, which is taken from the first moments with a loss of
# some digits; and of the weights, which are rounded to float32.
STEP_TOLERANCE = 1e-3
ROUNDING = 1.2e-7
LEAST_STEPS = 25


class Scaling:
    """(x - offset) / divisor, or nothing."""

    def __init__(self, group):
        has_columns = group is not None and "offset" in group
        self.offset = group["offset"][()] if has_columns else 0.0
        self.divisor = group["divisor"][()] if has_columns else 1.0

    def forward(self, values):
        return (values - self.offset) / self.divisor


class Data:
    """The rows of a grid as the network sees them."""

    def __init__(self, model, grid, configuration):
        assert np.array_equal(model["wavelength"][()], grid["wavelength"][()]), "model and grid have other wavelengths"
        self.configuration = configuration
        self.targets = configuration["grid.targets"]
        self.scaling = {name: Scaling(model.get(f"scalers/{name}")) for name in ("spectrum", "features", "targets")}
        raw = grid["flux"][()].astype(np.float64)
        flux = self.transformed(raw)
        self.row = grid["row"][()]
        self.spectra = self.as_tensor(self.scaled_spectra(flux))
        self.features = self.as_tensor(self.scaling["features"].forward(self.feature_values(raw, flux)))
        parameters = np.column_stack([grid[f"parameters/{name}"][()] for name in self.targets])
        self.learned = self.as_tensor(self.learn(parameters))

    def to_float(self):
        self.spectra, self.features, self.learned = (v.float() for v in (self.spectra, self.features, self.learned))

    @staticmethod
    def as_tensor(values):
        return torch.tensor(values.astype(np.float32), dtype=torch.float64)  # as the network gets them

    def transformed(self, flux):
        kind = self.configuration["input.transform"]
        if kind == "log10":
            return np.log10(flux)
        return np.arcsinh(flux / float(self.configuration["input.softening"])) if kind == "asinh" else flux

    def scaled_spectra(self, flux):
        kind = self.configuration["input.spectrum"]
        if kind == "row_standard":
            flux = (flux - flux.mean(1, keepdims=True)) / flux.std(1, keepdims=True)
        elif kind == "row_minmax":
            low = flux.min(1, keepdims=True)
            flux = (flux - low) / (flux.max(1, keepdims=True) - low)
        else:
            flux = self.scaling["spectrum"].forward(flux)
        return flux[:, ::-1] if self.configuration["input.order"] == "descending" else flux

    def feature_values(self, raw, flux):
        known = {"min": flux.min(1), "max": flux.max(1), "mean": flux.mean(1), "std": flux.std(1), "scale": np.log10(raw.mean(1))}
        names = self.configuration["input.features"]
        return np.column_stack([known[name] for name in names]) if names else np.zeros((len(flux), 0))

    def learn(self, parameters):
        logarithmic = [name in self.configuration["grid.log10"] for name in self.targets]
        return self.scaling["targets"].forward(np.where(logarithmic, np.log10(np.abs(parameters)), parameters))


def read_predictions(path, targets):
    """{row: (split, predictions in units)}"""
    with open(path, newline="") as file:
        return {int(line["row"]): (line["split"], [float(line[name]) for name in targets]) for line in csv.DictReader(file)}


def compare_predictions(network, data, predictions):
    ours = data.learn(np.array([predictions[row][1] for row in data.row]))
    theirs = network.outputs(data.spectra, data.features).numpy()
    error = np.abs(ours - theirs) / np.maximum(1, np.abs(theirs))
    spread = theirs.std(0)
    assert (spread > 1e-3).all(), f"the network says the same for every row: {spread}"
    worst = np.unravel_index(error.argmax(), error.shape)
    if not error.max() <= PREDICTION_TOLERANCE:
        return (f"row {data.row[worst[0]]}, {data.targets[worst[1]]}: {ours[worst]} in the learned scale, PyTorch says "
                f"{theirs[worst]}: {error[worst]:.2g} apart, allowed {PREDICTION_TOLERANCE}")
    return None


class Optimiser:
    """Adam, going on from the state of a checkpoint."""

    def __init__(self, network, checkpoint):
        c = network.configuration
        self.rate, self.epsilon = float(c["optimiser.learning_rate"]), float(c["optimiser.epsilon"])
        self.betas = float(c["optimiser.beta1"]), float(c["optimiser.beta2"])
        self.step_count = int(checkpoint.attrs["step"])
        self.keys = list(network.weights)
        self.weights = [network.weights[key].requires_grad_() for key in self.keys]
        first, second = (network.unflatten(checkpoint[name][()]) for name in ("first_moment", "second_moment"))
        first, second = ({key: part[key].to(network.weights[key].dtype) for key in part} for part in (first, second))
        self.first, self.second = [first[key] for key in self.keys], [second[key] for key in self.keys]
        self.torch_adam = self.make_torch_adam() if c["optimiser.adam_form"] == "pytorch" else None

    def make_torch_adam(self):
        adam = torch.optim.Adam(self.weights, lr=self.rate, betas=self.betas, eps=self.epsilon)
        for weight, first, second in zip(self.weights, self.first, self.second):
            adam.state[weight] = {"step": torch.tensor(float(self.step_count)), "exp_avg": first, "exp_avg_sq": second}
        return adam

    def step(self):
        if self.torch_adam is not None:
            self.torch_adam.step()
        else:
            self.step_like_keras()
        for weight in self.weights:
            weight.grad = None

    def step_like_keras(self):
        """As keras/optimizers/adam.py: epsilon beside the uncorrected root, the corrections in the rate."""
        self.step_count += 1
        beta1, beta2 = self.betas
        rate = self.rate * (1 - beta2**self.step_count) ** 0.5 / (1 - beta1**self.step_count)
        with torch.no_grad():
            for weight, m, v in zip(self.weights, self.first, self.second):
                m += (weight.grad - m) * (1 - beta1)
                v += (weight.grad**2 - v) * (1 - beta2)
                weight -= rate * m / (v.sqrt() + self.epsilon)


def loss_of(network, data, chosen, kinks=None):
    c = network.configuration
    assert c["loss.kind"] in ("huber", "squared"), c["loss.kind"]
    outputs = network.outputs(data.spectra[chosen], data.features[chosen], kinks)
    if c["loss.kind"] == "huber":
        each = functional.huber_loss(outputs, data.learned[chosen], reduction="none", delta=float(c["loss.delta"]))
    else:
        each = 0.5 * (outputs - data.learned[chosen]) ** 2
    weights = [float(w) for w in c["loss.weights"]] or [1.0] * each.shape[1]
    return (each.mean(0) * torch.tensor(weights, dtype=each.dtype)).sum()


def norm(tensor):
    return tensor.detach().square().sum().item() ** 0.5


def load_weights(network, flat):
    weights = network.unflatten(flat["weights"][()])
    network.weights = {key: weights[key] for key in network.weights}


def gradient_of(network, data, chosen, kinks):
    """(loss, {key: gradient}) with the units of `kinks` as it wants them."""
    loss = loss_of(network, data, chosen, kinks)
    keys = list(network.weights)
    return loss.item(), dict(zip(keys, torch.autograd.grad(loss, [network.weights[key] for key in keys])))


def apart(ours, theirs):
    """The tensor that is worst, and its distance in tolerances."""
    whole = sum(norm(values) ** 2 for values in theirs.values()) ** 0.5

    def in_tolerances(key):
        return norm(ours[key] - theirs[key]) / (GRADIENT_TOLERANCE * norm(theirs[key]) + CANCELLATION * whole)

    return max((in_tolerances(key), key) for key in theirs)


def explain(network, data, chosen, ours, theirs, unsure):
    """Turn those of the unsure units that bring the gradients together: [units], or None where that does not do it.

    Each of them must be the reason by itself: the difference shrinks by what turning it brings."""
    turned, at = [], theirs
    changes = {}
    for unit in unsure:
        _, other = gradient_of(network, data, chosen, Kinks([unit]))
        changes[unit] = {key: other[key] - theirs[key] for key in theirs}
    while apart(ours, at)[0] > 1 and changes:
        def left(unit):
            return sum(norm(ours[key] - at[key] - changes[unit][key]) ** 2 / norm(theirs[key]) ** 2 for key in at)

        best = min(changes, key=left)
        if left(best) >= sum(norm(ours[key] - at[key]) ** 2 / norm(theirs[key]) ** 2 for key in at):
            return None
        at = {key: at[key] + changes[best][key] for key in at}
        turned.append(best)
        del changes[best]
    if apart(ours, at)[0] <= 1:
        return turned
    return None


def compare_gradients(network, data, chosen, ours, where):
    """The loss, and what is wrong with the gradient."""
    kinks = Kinks()
    loss, theirs = gradient_of(network, data, chosen, kinks)
    distance, key = apart(ours, theirs)
    if distance <= 1:
        return loss, None
    turned = explain(network, data, chosen, ours, theirs, kinks.unsure) if len(kinks.unsure) <= MOST_UNSURE else None
    if turned is None:
        return loss, (f"the gradient of {key} is {distance:.2g} times as far from PyTorch's as {GRADIENT_TOLERANCE} of its "
                      f"norm allows; none of {len(kinks.unsure)} units near a kink is the reason")
    for unit in turned:
        print(f"{where}: unit {unit[1]} of {unit[0]}, {kinks.unsure[unit]:.2g} from its kink, is decided otherwise")
    return loss, None


def compare_one_step(network, data, chosen, line, before, after):
    """From one checkpoint to the next: the loss before, the gradient, and where it leads."""
    load_weights(network, before)
    optimiser = Optimiser(network, before)
    start = {key: values.detach().clone() for key, values in network.weights.items()}
    beta = optimiser.betas[0]
    first, second = (network.unflatten(flat["first_moment"][()]) for flat in (before, after))
    gradient = {key: (second[key] - beta * first[key]) / (1 - beta) for key in network.weights}
    loss, problem = compare_gradients(network, data, chosen, gradient, f"step {line['step']}")
    if problem is not None:
        return problem
    if not abs(float(line["train_loss"]) / loss - 1) <= LOSS_TOLERANCE:
        return f"the loss is {line['train_loss']}, PyTorch says {loss}, allowed {LOSS_TOLERANCE} relative"
    for key, values in network.weights.items():
        values.grad = gradient[key]
    optimiser.step()
    end = network.unflatten(after["weights"][()])
    for key in network.weights:
        way = norm(end[key] - start[key])
        distance = norm(end[key] - network.weights[key])
        if not distance <= STEP_TOLERANCE * way + ROUNDING * norm(end[key]):
            return f"{key} goes {way} and ends {distance} from PyTorch's, allowed {STEP_TOLERANCE} of it"
    return None


def go_on_in_float(network, data, flat):
    """An optimiser in the numbers that PyTorch trains with: weights that are rounded otherwise go another way, and after
    some steps a network of float64 is further away than any of float32."""
    load_weights(network, flat)
    network.weights = {key: values.float() for key, values in network.weights.items()}
    data.to_float()
    return Optimiser(network, flat)


def compare_steps(network, data, chosen, history, folder, first):
    def path(step):
        return f"{folder}/step-{step:08d}.h5"

    with h5py.File(path(first), "r") as flat:
        best = network.unflatten(flat["best_weights"][()])
        for key, values in network.weights.items():
            assert torch.equal(best[key], values), f"{key}: the model and the flat vector of the checkpoint differ"
    lines = history[first:]
    assert len(lines) >= LEAST_STEPS, f"only {len(lines)} steps"
    assert [int(line["step"]) for line in history] == list(range(1, len(history) + 1)), "an epoch is not one step"
    steps = [step for step in range(first, len(history)) if os.path.exists(path(step)) and os.path.exists(path(step + 1))]
    assert steps and steps[0] == first, "the checkpoints of the first step are not there"
    for step in steps:
        with h5py.File(path(step), "r") as before, h5py.File(path(step + 1), "r") as after:
            problem = compare_one_step(network, data, chosen, history[step], before, after)
        if problem is not None:
            return f"step {step + 1}: {problem}"
    with h5py.File(path(first), "r") as flat:
        optimiser = go_on_in_float(network, data, flat)
    worst = 0.0
    for line in lines:
        loss = loss_of(network, data, chosen)
        worst = max(worst, abs(float(line["train_loss"]) / loss.item() - 1))
        if not worst <= ALONE_TOLERANCE:
            return (f"epoch {line['epoch']}: the loss is {line['train_loss']}, PyTorch alone arrives at {loss.item()}, "
                    f"allowed {ALONE_TOLERANCE} relative")
        loss.backward()
        optimiser.step()
    print(f"{len(lines)} steps alone: the losses are at most {worst:.2g} apart, relative")
    return None


def compare(kind, paths):
    with h5py.File(paths[0], "r") as model, h5py.File(paths[1], "r") as grid:
        network = Network(model)
        data = Data(model, grid, network.configuration)
    predictions = read_predictions(paths[2], data.targets)
    assert set(predictions) == set(data.row), "predictions and grid have other rows"
    if kind == "predictions":
        with torch.no_grad():
            return compare_predictions(network, data, predictions)
    with open(paths[3], newline="") as file:
        history = list(csv.DictReader(file))
    chosen = [i for i, row in enumerate(data.row) if predictions[row][0] == "train"]
    return compare_steps(network, data, chosen, history, paths[4], int(paths[5]))


def main(arguments):
    comparisons = [[]]
    for argument in arguments:
        if argument == "--":
            comparisons.append([])
        else:
            comparisons[-1].append(argument)
    torch.set_num_threads(1)
    problems = 0
    for words in comparisons:
        if len(words) != {"predictions": 4, "steps": 7}.get(words[0] if words else ""):
            print(__doc__, file=sys.stderr)
            return 64
        problem = compare(words[0], words[1:])
        if problem is not None:
            print(f"{words[1]}: {problem}", file=sys.stderr)
            problems += 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
