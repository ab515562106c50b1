#!/usr/bin/env python3
"""Speed of the published network in PyTorch on processors: a training step (forward, backward, Adam), or inference.

usage: torch_step.py [--batch B] [--threads T] [--processes P] [--layout conv1d|conv2d_last] [--steps N] [--warm N]
                     [--inference [--script]]

B is the batch of each process; P > 1 is DistributedDataParallel over gloo. The same batch comes back in every step, so
that nothing but computing is timed. Prints one JSON line: samples_per_s (of all processes, over all N steps), step_ms,
rss_mb (largest process), parameters, torch (version).
"""
import argparse
import json
import os
import resource
import time

WAVELENGTHS, FEATURES, TARGETS = 104, 2, 4
BLOCKS = ((1, 32, 128, 288), (288, 128, 288, 512))  # channels through the convolutions of each block
DENSE_1, DENSE_2 = (512 * 11, 256, 1024, 2304), (2304 + FEATURES, 128, 512, 1152, 2048)
DROPOUT = 1.89897444e-03


def make_network(torch, layout):
    """The network; inputs are (batch, wavelengths) and (batch, features)."""
    nn = torch.nn
    flat = layout == "conv1d"

    def convolution(channels_in, channels_out):
        # 'same' padding of an even kernel as Keras does it: one zero on the left, two on the right.
        if flat:
            return [nn.ConstantPad1d((1, 2), 0.0), nn.Conv1d(channels_in, channels_out, 4), nn.ReLU(inplace=True)]
        return [nn.ZeroPad2d((1, 2, 0, 0)), nn.Conv2d(channels_in, channels_out, (1, 4)), nn.ReLU(inplace=True)]

    def dense(units):
        return [layer for a, b in zip(units, units[1:]) for layer in (nn.Linear(a, b), nn.ReLU(inplace=True))]

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            layers = []
            for channels in BLOCKS:
                for a, b in zip(channels, channels[1:]):
                    layers += convolution(a, b)
                layers.append(nn.MaxPool1d(3) if flat else nn.MaxPool2d((1, 3)))
            self.convolutions = nn.Sequential(*layers)
            self.dense_1 = nn.Sequential(*dense(DENSE_1), nn.Dropout(DROPOUT))
            self.dense_2 = nn.Sequential(*dense(DENSE_2), nn.Dropout(DROPOUT))
            self.head = nn.Linear(DENSE_2[-1], TARGETS)
            self.flat = flat

        def forward(self, spectrum, features):
            if self.flat:
                x = self.convolutions(spectrum.unsqueeze(1)).transpose(1, 2)
            else:
                x = self.convolutions(spectrum.unsqueeze(1).unsqueeze(1)).permute(0, 2, 3, 1)
            x = self.dense_1(x.flatten(1))
            return self.head(self.dense_2(torch.cat([x, features], 1)))

    network = Network()
    return network if flat else network.to(memory_format=torch.channels_last)


def time_steps(step, options):
    for _ in range(options.warm):
        step()
    start = time.perf_counter()
    for _ in range(options.steps):
        step()
    return time.perf_counter() - start


def time_inference(torch, network, inputs, options):
    network.eval()
    with torch.no_grad():
        if options.script:
            network = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(network, inputs)))
        return time_steps(lambda: network(*inputs), options)


def time_training(torch, network, inputs, targets, options):
    network.train()
    if options.processes > 1:
        network = torch.nn.parallel.DistributedDataParallel(network, gradient_as_bucket_view=True)
    adam = torch.optim.Adam(network.parameters(), lr=1.8890368e-04, foreach=True)

    def step():
        adam.zero_grad(set_to_none=options.processes == 1)
        torch.nn.functional.huber_loss(network(*inputs), targets, reduction="sum").div(options.batch).backward()
        adam.step()

    return time_steps(step, options)


def work(rank, options, results):
    import torch

    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    if options.processes > 1:
        torch.distributed.init_process_group("gloo", rank=rank, world_size=options.processes)
    network = make_network(torch, options.layout)
    inputs = torch.randn(options.batch, WAVELENGTHS), torch.randn(options.batch, FEATURES)
    if options.inference:
        seconds = time_inference(torch, network, inputs, options)
    else:
        seconds = time_training(torch, network, inputs, torch.randn(options.batch, TARGETS), options)
    results.append((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024e-6,
                    sum(p.numel() for p in network.parameters()), torch.__version__))


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_processes(options):
    import multiprocessing

    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(free_port()), GLOO_SOCKET_IFNAME="lo")
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        results = manager.list()
        workers = [context.Process(target=work, args=(rank, options, results)) for rank in range(options.processes)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if any(worker.exitcode != 0 for worker in workers):
            raise SystemExit("torch_step.py: a process failed")
        return list(results)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--layout", choices=("conv1d", "conv2d_last"), default="conv1d")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--warm", type=int, default=3)
    parser.add_argument("--inference", action="store_true")
    parser.add_argument("--script", action="store_true", help="trace, freeze and optimise the network first")
    options = parser.parse_args()
    if options.inference and options.processes > 1:
        parser.error("--inference takes one process")
    # Before torch is loaded: its OpenMP and its BLAS read them once.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    results = []
    if options.processes > 1:
        results = run_processes(options)
    else:
        work(0, options, results)
    seconds = max(result[0] for result in results)
    print(json.dumps({"samples_per_s": options.batch * options.processes * options.steps / seconds,
                      "step_ms": 1e3 * seconds / options.steps, "rss_mb": max(result[1] for result in results),
                      "parameters": results[0][2], "torch": results[0][3]}))


if __name__ == "__main__":
    main()
