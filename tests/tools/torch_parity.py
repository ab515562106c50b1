#!/usr/bin/env python3
"""The trained network rebuilt in PyTorch, in double, from the files alone, and compared with what the program says.

usage: torch_parity.py predictions MODEL.h5 GRID.h5 EVALUATION_ROWS.csv
       torch_parity.py steps MODEL.h5 GRID.h5 EVALUATION_ROWS.csv HISTORY.csv CHECKPOINTS FIRST
       torch_parity.py COMPARISON -- COMPARISON -- ...

predictions: every row's prediction agrees in the learned scale.
steps: from each checkpoint in the folder CHECKPOINTS, beginning with step FIRST, PyTorch takes one full-batch step of
Adam and arrives at the next one; and from the first it goes on alone with the same losses. MODEL.h5 and EVALUATION_ROWS.csv
are those of a job that ended with step FIRST, HISTORY.csv is that of the job that went on from there.

Exit code: 0 they agree, 1 they do not (says where).
"""
import csv
import sys

import h5py
import numpy as np
import torch
import torch.nn.functional as functional

# Our arithmetic is float32 with some thousand terms per output, the reference is double.
PREDICTION_TOLERANCE = 1e-5  # relative to max(1, |learned value|)
ALONE_TOLERANCE = 1e-4  # of the losses on the way alone, relative
LOSS_TOLERANCE = 1e-6  # of the loss of one step, relative: roundings of single rows average out
# Of the way that each tensor goes in one step, as Euclidean norms. Roundings are near 1e-5; a rectifier or a pool that
# decides otherwise for one row, because its input is within rounding of the kink, makes it some 1e-3.
STEP_TOLERANCE = 2e-2
LEAST_STEPS = 20


def parse_configuration(text):
    """The two levels of used_parameters.yml as {"section.key": text or list of texts}."""
    values, section = {}, None
    for line in text.splitlines():
        line = line.split("  # ")[0].rstrip()
        if line and not line.startswith(" "):
            section = line.rstrip(":")
        elif line.strip():
            key, value = line.strip().split(": ", 1)
            if value.startswith("["):
                value = [item.strip() for item in value.strip("[]").split(",") if item.strip()]
            values[f"{section}.{key}"] = value
    return values


def text_of(attribute):
    return attribute.decode() if isinstance(attribute, bytes) else attribute


class Scaling:
    """(x - offset) / divisor, or nothing."""

    def __init__(self, group):
        has_columns = group is not None and "offset" in group
        self.offset = group["offset"][()] if has_columns else 0.0
        self.divisor = group["divisor"][()] if has_columns else 1.0

    def forward(self, values):
        return (values - self.offset) / self.divisor


class Network:
    """Convolution blocks, dense layers, features, dense layers, one output per target."""

    def __init__(self, model):
        self.configuration = parse_configuration(text_of(model.attrs["configuration"]))
        self.names = self.layer_names()
        self.weights = {}
        for name in self.names:
            for part in "kernel", "bias":
                values = model[f"weights/{name}/{part}"][()]
                self.weights[name, part] = torch.tensor(values, dtype=torch.float64)
        extra = set(model["weights"]) - set(self.names)
        assert not extra, f"the model has layers that its configuration does not speak of: {extra}"

    def number(self, key):
        return int(self.configuration[f"network.{key}"])

    def layer_names(self):
        names = [f"Conv__B{b + 1}_L{l + 1}" for b in range(self.number("conv_blocks")) for l in range(self.number("conv_layers"))]
        names += [f"FC1__B1_L{l + 1}" for l in range(self.number("fc1_layers"))]
        names += [f"FC2__B{b + 1}_L{l + 1}" for b in range(self.number("fc2_blocks")) for l in range(self.number("fc2_layers"))]
        return names + ["output"]

    def dense(self, name, x):
        return x @ self.weights[name, "kernel"] + self.weights[name, "bias"]

    def convolve(self, name, x):
        kernel = self.weights[name, "kernel"]  # window, channels, filters
        window = kernel.shape[0]
        before = (window - 1) // 2
        x = functional.pad(x, (before, window - 1 - before))
        return functional.relu(functional.conv1d(x, kernel.permute(2, 1, 0), self.weights[name, "bias"]))

    def outputs(self, spectra, features):
        x = spectra[:, None, :]
        for b in range(self.number("conv_blocks")):
            for l in range(self.number("conv_layers")):
                x = self.convolve(f"Conv__B{b + 1}_L{l + 1}", x)
            x = functional.max_pool1d(x, self.number("pool"))
        x = x.permute(0, 2, 1).flatten(1)  # positions outside, channels inside
        for name in self.names:
            if name.startswith("FC1"):
                x = functional.relu(self.dense(name, x))
        x = torch.cat([x, features], dim=1)
        for name in self.names:
            if name.startswith("FC2"):
                x = functional.relu(self.dense(name, x))
        return self.dense("output", x)

    def unflatten(self, vector):
        """The flat vector of a checkpoint: last layer first, kernel before bias."""
        parts, at = {}, 0
        for name in reversed(self.names):
            for part in "kernel", "bias":
                shape = self.weights[name, part].shape
                parts[name, part] = torch.tensor(vector[at : at + shape.numel()], dtype=torch.float64).reshape(shape)
                at += shape.numel()
        assert at == len(vector), f"a checkpoint of {len(vector)} weights for a network of {at}"
        return parts


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
        first = network.unflatten(checkpoint["first_moment"][()])
        second = network.unflatten(checkpoint["second_moment"][()])
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


def loss_of(network, data, chosen):
    c = network.configuration
    outputs = network.outputs(data.spectra[chosen], data.features[chosen])
    if c["loss.kind"] == "huber":
        each = functional.huber_loss(outputs, data.learned[chosen], reduction="none", delta=float(c["loss.delta"]))
    else:
        each = 0.5 * (outputs - data.learned[chosen]) ** 2
    weights = [float(w) for w in c["loss.weights"]] or [1.0] * each.shape[1]
    return (each.mean(0) * torch.tensor(weights, dtype=torch.float64)).sum()


def norm(tensor):
    return tensor.detach().square().sum().item() ** 0.5


def load_weights(network, flat):
    weights = network.unflatten(flat["weights"][()])
    network.weights = {key: weights[key] for key in network.weights}


def compare_one_step(network, data, chosen, loss_there, before, after):
    """From one checkpoint to the next: the loss before, and the way of each tensor."""
    load_weights(network, before)
    optimiser = Optimiser(network, before)
    start = {key: values.detach().clone() for key, values in network.weights.items()}
    loss = loss_of(network, data, chosen)
    if not abs(loss_there / loss.item() - 1) <= LOSS_TOLERANCE:
        return f"the loss is {loss_there}, PyTorch says {loss.item()}, allowed {LOSS_TOLERANCE} relative"
    loss.backward()
    optimiser.step()
    end = network.unflatten(after["weights"][()])
    for key in network.weights:
        way = norm(end[key] - start[key])
        apart = norm(end[key] - network.weights[key])
        if not apart <= STEP_TOLERANCE * way:
            return f"{key} goes {way} and ends {apart} from PyTorch's, allowed {STEP_TOLERANCE} of it"
    return None


def compare_steps(network, data, chosen, history, folder, first):
    def checkpoint(step):
        return h5py.File(f"{folder}/step-{step:08d}.h5", "r")

    with checkpoint(first) as flat:
        best = network.unflatten(flat["best_weights"][()])
        for key, values in network.weights.items():
            assert torch.equal(best[key], values), f"{key}: the model and the flat vector of the checkpoint differ"
    lines = history[first:]
    assert len(lines) >= LEAST_STEPS, f"only {len(lines)} steps"
    assert [int(line["step"]) for line in history] == list(range(1, len(history) + 1)), "an epoch is not one step"
    for step, line in enumerate(lines, first):
        with checkpoint(step) as before, checkpoint(step + 1) as after:
            problem = compare_one_step(network, data, chosen, float(line["train_loss"]), before, after)
        if problem is not None:
            return f"step {step + 1}: {problem}"
    with checkpoint(first) as flat:
        load_weights(network, flat)
        optimiser = Optimiser(network, flat)
    for line in lines:
        loss = loss_of(network, data, chosen)
        if not abs(float(line["train_loss"]) / loss.item() - 1) <= ALONE_TOLERANCE:
            return (f"epoch {line['epoch']}: the loss is {line['train_loss']}, PyTorch alone arrives at {loss.item()}, "
                    f"allowed {ALONE_TOLERANCE} relative")
        loss.backward()
        optimiser.step()
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
