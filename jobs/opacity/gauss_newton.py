"""Robust Gauss-Newton for the corrections of the table, all bins at once.

Each bin has its own corrections theta (prior: independent, unit variance) and its own data: ln F of the
nodes and changes of ln F between pairs of nodes. A residual r of scale s costs 4 ln(1 + r^2 / 4 s^2): like
a Gaussian near zero, while single large misfits do not pull. The model's derivatives by the opacity of every
layer come from one backward pass, since a layer of a node in a bin matters to that node and bin alone.
"""

import numpy as np
import torch

SCALE = 0.07  # of a residual in ln F: 0.03 dex, what Bobcat's two releases differ by
LONGEST = 1.5  # step of a correction, in standard deviations of its prior


def derivatives(atmospheres, table, basis):
    """ln F [nodes][bins] and its derivatives by theta [nodes][bins][all shapes]."""
    at = atmospheres.interpolate(table)
    at = {s: tuple(x.detach().requires_grad_() for x in pair) for s, pair in at.items()}
    ln_flux = atmospheres.ln_flux(at)
    ln_flux.sum().backward()
    shape = (atmospheres.nodes, atmospheres.layers, atmospheres.bins)
    parts = []
    with torch.no_grad():
        for (species, what), phi in basis.items():
            gradient = at[species][0 if what == "mean" else 1].grad.reshape(shape)
            local = atmospheres.weights @ torch.tensor(phi, dtype=atmospheres.dtype)
            local = local.reshape(atmospheres.nodes, atmospheres.layers, -1)
            parts.append(torch.einsum("nlb,nlk->nbk", gradient, local))
    return ln_flux.detach().numpy().astype(float), torch.cat(parts, 2).numpy()


def split_theta(theta, basis):
    """theta [bins][all shapes] -> {key: [shapes][bins]}."""
    parts, at = {}, 0
    for key, phi in basis.items():
        parts[key] = theta[:, at : at + phi.shape[1]].T
        at += phi.shape[1]
    return parts


class State:
    """theta with the model's fluxes, derivatives, residuals and cost per bin."""

    def __init__(self, theta, problem):
        self.theta = theta
        self.ln_flux, self.jacobian = derivatives(problem.atmospheres, problem.table(theta), problem.basis)
        first, second = problem.pairs[:, 0], problem.pairs[:, 1]
        self.residual = np.concatenate((problem.target - self.ln_flux,
                                        problem.change - (self.ln_flux[first] - self.ln_flux[second])))  # fmt: skip
        u = self.residual / SCALE
        self.cost = 4 * np.log1p(0.25 * u * u).sum(0) + (theta**2).sum(1)

    def keep_better(self, old):
        """Take back the bins that have become worse. @return which"""
        worse = self.cost > old.cost * 1.0001
        for name, axis in (("theta", 0), ("cost", 0), ("ln_flux", 1), ("jacobian", 1), ("residual", 1)):
            mine = np.moveaxis(getattr(self, name), axis, 0)
            mine[worse] = np.moveaxis(getattr(old, name), axis, 0)[worse]
        return worse


class Problem:
    """What is fitted: data, prior table, shapes of the corrections."""

    def __init__(self, atmospheres, target, pairs, change, prior, basis, corrected):
        """target ln F [nodes][bins]; pairs [p][2] of nodes; change ln F [p][bins]."""
        self.atmospheres, self.target, self.pairs, self.change = atmospheres, target, pairs, change
        self.prior, self.basis, self.corrected = prior, basis, corrected
        self.size = sum(phi.shape[1] for phi in basis.values())

    def table(self, theta):
        return self.corrected(self.prior, self.basis, split_theta(theta, self.basis))

    def step(self, state, damping):
        """The next theta."""
        weight = 1 / (1 + 0.25 * (state.residual / SCALE) ** 2) / SCALE**2
        theta = state.theta.copy()
        for b in range(len(theta)):
            j = state.jacobian[:, b].astype(float)
            j = np.concatenate((j, j[self.pairs[:, 0]] - j[self.pairs[:, 1]]))
            hessian = (j.T * weight[:, b]) @ j + (1 + damping[b]) * np.eye(self.size)
            move = np.linalg.solve(hessian, j.T @ (weight[:, b] * state.residual[:, b]) - theta[b])
            theta[b] += move * min(1.0, LONGEST / np.abs(move).max())
        return theta

    def solve(self, iterations):
        """theta [bins][all shapes]."""
        theta = np.zeros((self.atmospheres.bins, self.size))
        state, damping = State(theta, self), np.zeros(len(theta))
        for i in range(iterations):
            new = State(self.step(state, damping), self)
            worse = new.keep_better(state)
            damping = np.where(worse, np.maximum(4 * damping, 1.0), 0.3 * damping)
            state = new
            nodes = np.abs(state.residual[: len(self.target)]) / np.log(10)
            print("step %d: cost %.0f, median %.4f dex, 95th percentile %.3f dex"
                  % (i + 1, state.cost.sum(), np.median(nodes), np.percentile(nodes, 95)), flush=True)  # fmt: skip
        return state.theta
