"""What is compared: our command, PyTorch's candidates, and the ratios that are asked for."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Torch:
    """One way to run PyTorch: batch of each process."""
    batch: int
    threads: int = 1
    processes: int = 1

    def arguments(self):
        return ["--batch", str(self.batch), "--threads", str(self.threads), "--processes", str(self.processes)]


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    what: str
    ranks: int
    batch: int  # of each rank
    lane: int
    must: float
    aim: float
    torch: tuple  # Torch, each a candidate for the best; empty: a figure of ours alone
    inference: bool = False
    figure: str = ""  # the figure that counts, if it is not the rate
    steps: int = 10
    fixed: tuple = ()  # further options of ours

    def ours(self):
        name = "inference" if self.inference else "step"
        options = ["--batch-per-rank", str(self.batch), "--lane", str(self.lane), "--steps", str(self.steps),
                   "--repeats", "1", *self.fixed]
        return self.figure or name, options + (["--inference"] if self.inference else [])


CASES = (
    Case("step-1-lane16", "1 core, batch 32, lane 16", 1, 32, 16, 1.8, 2.6, (Torch(32),)),
    Case("step-1-lane32", "1 core, batch 32, lane 32", 1, 32, 32, 2.0, 2.6, (Torch(32),)),
    Case("step-2x16", "2 ranks x 16 against 2 threads, batch 32", 2, 16, 16, 1.6, 2.4, (Torch(32, threads=2),)),
    Case("step-2x32", "2 ranks x 32, lane 32, against 2 processes x 32", 2, 32, 32, 2.2, 3.0,
         (Torch(32, processes=2),)),
    Case("step-2x128", "2 ranks x 128 against the best at 256", 2, 128, 32, 1.5, 2.1,
         (Torch(256, threads=2), Torch(128, processes=2)), steps=4),
    Case("inference-1", "1 core, a single spectrum", 1, 1, 1, 1.5, 2.4, (Torch(1),), inference=True, steps=200),
    Case("inference-256", "1 core, batch 256", 1, 256, 16, 1.5, 2.2, (Torch(256),), inference=True, steps=4),
    Case("inference-2x128", "2 ranks x 128 against 2 threads, batch 256", 2, 128, 16, 1.5, 2.2,
         (Torch(256, threads=2),), inference=True, steps=8),
    Case("peak-share", "share of the FMA peak [%], 1 core, batch 128, lane 32", 1, 128, 32, 105.0, 140.0, (),
         figure="step.peak_share", steps=4),
    Case("memory", "memory of a rank (PSS) [MB], 2 ranks x 32, lane 32", 2, 32, 32, 350.0, 200.0, (),
         figure="step.pss"),
)
