"""The networks of TelescopeML in PyTorch, rebuilt from a model file, with an eye on units near a kink."""
import torch
import torch.nn.functional as functional

NORM_EPSILON = 1e-5  # src/network/layer_norm.h
# A ReLU or a maximum may be decided otherwise in float32 if it is this near, relative to the sum of the magnitudes of all
# terms that it is the sum of: some tens of roundings of 6e-8, its own and those of the layers before.
NEAR = 5e-6


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


def first_of(windows):
    """Place of the first of the greatest numbers."""
    places = torch.arange(windows.shape[-1])
    return torch.where(windows == windows.amax(-1, keepdim=True), places, windows.shape[-1]).amin(-1)


class Kinks:
    """ReLUs and maxima: which are near their kink (`unsure`), and which are to be decided otherwise (`turned`)."""

    def __init__(self, turned=()):
        self.turned = set(turned)
        self.unsure = {}

    def look(self, where, distance, size):
        for place in (distance.abs() <= NEAR * size).nonzero().tolist():
            self.unsure[where, tuple(place)] = distance[tuple(place)].item()

    def turn(self, where, decision, otherwise):
        for name, place in self.turned:
            if name == where:
                decision[place] = otherwise[place]
        return decision

    def relu(self, where, x, size):
        is_on = x.detach() > 0
        self.look(where, x.detach(), size)
        # A unit that is turned on is above 0, or a maximum over it would not see it.
        above = x + (x.abs() - x).detach()
        return torch.where(self.turn(where, is_on.clone(), ~is_on), above, torch.zeros_like(x))

    def max_pool(self, where, x, size, window):
        """(maxima, their sizes)"""
        if window == 1:
            return x, size
        windows, sizes = (v[..., : v.shape[-1] // window * window].unfold(-1, window, window) for v in (x, size))
        size = sizes.amax(-1)
        best = first_of(windows.detach())
        others = windows.detach().scatter(-1, best[..., None], -torch.inf)
        apart = windows.detach().amax(-1) - others.amax(-1)
        # What is alike to the last bit comes from the same numbers, as zeros of a ReLU: it is so in float32 too.
        self.look(where, torch.where(apart > 0, apart, torch.inf), size)
        chosen = self.turn(where, best.clone(), first_of(others))
        return windows.gather(-1, chosen[..., None])[..., 0], size


class Network:
    """Convolutions (published blocks or residual stages), dense layers, features, dense layers, one output per target."""

    def __init__(self, model):
        self.configuration = parse_configuration(text_of(model.attrs["configuration"]))
        self.names = self.layer_names()
        self.weights = {}
        for name in self.names:
            for part in self.parts(name):
                values = model[f"weights/{name}/{part}"][()]
                self.weights[name, part] = torch.tensor(values, dtype=torch.float64)
        extra = set(model["weights"]) - set(self.names)
        assert not extra, f"the model has layers that its configuration does not speak of: {extra}"

    @staticmethod
    def parts(name):
        return ("gamma", "beta") if name.endswith("_Norm") else ("kernel", "bias")

    def number(self, key):
        return int(self.configuration[f"network.{key}"])

    def choice(self, key):
        return self.configuration[f"network.{key}"]

    def blocks(self):
        """(name, whether its filters change) of each residual block, in stages."""
        return [[(f"Res__S{s + 1}_B{b + 1}", s > 0 and b == 0) for b in range(self.number("stage_blocks"))]
                for s in range(self.number("stages"))]

    def dense_names(self, stack):
        blocks = self.number("fc2_blocks") if stack == "FC2" else 1
        return [f"{stack}__B{b + 1}_L{l + 1}" for b in range(blocks) for l in range(self.number(f"{stack.lower()}_layers"))]

    def hidden(self, name):
        return [name] + self.norm(name)

    def norm(self, name):
        return [f"{name}_Norm"] if self.choice("normalisation") == "layer" else []

    def layer_names(self):
        names = []
        if self.choice("kind") == "published":
            for b in range(self.number("conv_blocks")):
                for l in range(self.number("conv_layers")):
                    names += self.hidden(f"Conv__B{b + 1}_L{l + 1}")
        else:
            names += self.hidden("Stem")
            for name, has_skip in sum(self.blocks(), []):
                names += [f"{name}_Skip"] if has_skip else []
                names += self.hidden(f"{name}_Conv1") + [f"{name}_Conv2"] + self.norm(name)
        for name in self.dense_names("FC1") + self.dense_names("FC2"):
            names += self.hidden(name)
        return names + ["output"]

    def activate(self, kinks, name, x, size):
        """Normalisation over the channels (axis 1), then ReLU or GELU. (values, sizes)"""
        if self.norm(name):
            gamma, beta = self.weights[f"{name}_Norm", "gamma"], self.weights[f"{name}_Norm", "beta"]
            spread = (x.detach().var(1, unbiased=False, keepdim=True) + NORM_EPSILON).sqrt()
            x = functional.layer_norm(x.transpose(1, -1), gamma.shape, gamma, beta, NORM_EPSILON).transpose(1, -1)
            size = size / spread * gamma.detach().abs().max() + beta.detach().abs().max()
        if self.choice("activation") == "relu":
            return kinks.relu(name, x, size), size
        normal = torch.distributions.Normal(0.0, 1.0)
        slope = normal.cdf(x.detach()) + x.detach() * normal.log_prob(x.detach()).exp()
        out = functional.gelu(x)
        return out, size * slope.abs() + out.detach().abs()

    def dense(self, name, x):
        """(sums, sums of the magnitudes of their terms)"""
        kernel, bias = self.weights[name, "kernel"], self.weights[name, "bias"]
        size = x.detach().abs() @ kernel.detach().abs() + bias.detach().abs()
        return x @ kernel + bias, size

    def convolve(self, name, x):
        """(sums, sums of the magnitudes of their terms)"""
        kernel, bias = self.weights[name, "kernel"].permute(2, 1, 0), self.weights[name, "bias"]
        window = kernel.shape[2]  # of filters, channels, window
        before = (window - 1) // 2
        x = functional.pad(x, (before, window - 1 - before))
        size = functional.conv1d(x.detach().abs(), kernel.detach().abs(), bias.detach().abs())
        return functional.conv1d(x, kernel, bias), size

    def published(self, kinks, x):
        for b in range(self.number("conv_blocks")):
            for l in range(self.number("conv_layers")):
                name = f"Conv__B{b + 1}_L{l + 1}"
                x, size = self.activate(kinks, name, *self.convolve(name, x))
            x, size = kinks.max_pool(f"Pool__B{b + 1}", x, size, self.number("pool"))
        return x

    def residual(self, kinks, x):
        x, size = self.activate(kinks, "Stem", *self.convolve("Stem", x))
        for s, stage in enumerate(self.blocks()):
            for name, has_skip in stage:
                skip, skip_size = self.convolve(f"{name}_Skip", x) if has_skip else (x, size)
                inner, _ = self.activate(kinks, f"{name}_Conv1", *self.convolve(f"{name}_Conv1", x))
                x, size = self.convolve(f"{name}_Conv2", inner)
                x, size = self.activate(kinks, name, x + skip, size + skip_size)
            x, size = kinks.max_pool(f"Pool__S{s + 1}", x, size, self.number("pool"))
        return x

    def outputs(self, spectra, features, kinks=None):
        kinks = kinks or Kinks()
        trunk = self.published if self.choice("kind") == "published" else self.residual
        x = trunk(kinks, spectra[:, None, :])
        if self.choice("head") == "average":
            x = x.mean(2)
        else:
            x = x.permute(0, 2, 1).flatten(1)  # positions outside, channels inside
        for name in self.dense_names("FC1"):
            x, _ = self.activate(kinks, name, *self.dense(name, x))
        x = torch.cat([x, features], dim=1)
        for name in self.dense_names("FC2"):
            x, _ = self.activate(kinks, name, *self.dense(name, x))
        return self.dense("output", x)[0]

    def unflatten(self, vector):
        """The flat vector of a checkpoint: last layer first, kernel before bias."""
        parts, at = {}, 0
        for name in reversed(self.names):
            for part in self.parts(name):
                shape = self.weights[name, part].shape
                parts[name, part] = torch.tensor(vector[at : at + shape.numel()], dtype=torch.float64).reshape(shape)
                at += shape.numel()
        assert at == len(vector), f"a checkpoint of {len(vector)} weights for a network of {at}"
        return parts
