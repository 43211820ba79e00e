"""The records: named networks with their recipes, on all 60,000 images of MNIST, with several seeds.

python bench/records.py [NAME ...] [--seeds N] [--out FOLDER] [--held-out | --plan]      default: all, 5 seeds

A recipe is a design in `convlens/experiments/records`. Its settings were chosen on training images that were
held out, and nothing was looked at of the test images: --held-out trains on 50,000 and prints the accuracy on
the 10,000 others. Without it the weights after the last epoch are judged by all test images, whatever other
epochs would have had. Runs that are there stay; whoever stops in the middle loses the run that is being made.
--plan trains nothing and says how long it would take here, without evaluations and augmentation.
FLOPs count a multiplication and an addition as two, a backward pass as two forward passes.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev

import convlens
from convlens.runs import Run, RunConfig
from convlens.study import Design, Study, load_design
from convlens.training import step_times

RECIPES = Path(convlens.__file__).parent / "experiments" / "records"
NAMES = sorted(path.stem for path in RECIPES.glob("*.toml"))
HELD_OUT = 50_000  # of 60,000: the rest is held out


def design_of(name: str, held_out: bool) -> Design:
    """Return a record's recipe, as it is or on fewer images."""
    design = load_design(RECIPES / f"{name}.toml")
    if not held_out:
        return design
    fewer = [
        replace(one, name=f"{one.name}-held-out", config=replace(one.config, train_size=HELD_OUT))
        for one in design.experiments
    ]
    return replace(design, experiments=tuple(fewer))


def told(runs: list[Run], key: str) -> str:
    """Return mean and standard deviation over the seeds, and each seed's own."""
    found = [100 * run.results[key] for run in runs]
    spread = f" ± {stdev(found):.3f}" if len(found) > 1 else ""
    return f"{mean(found):.3f}{spread} % ({', '.join(f'{one:.2f}' for one in found)})"


def cost(config: RunConfig) -> float:
    """Print what a record's training costs on this machine; return its seconds."""
    times, steps = step_times(config.network, config.batch_size, None, 3), config.n_steps
    seconds, work = times.fused * steps / 1e3, times.gigaflops * times.fused * steps / 1e6
    share = 100 * times.gigaflops / times.sgemm_gigaflops
    print(f"  {config.network.n_parameters:,} parameters, {config.epochs} epochs, {work:.2f} TFLOP")
    print(f"  {steps:,} steps of {times.fused:.2f} ms: {seconds:.0f} s", end="")
    print(f"; {times.gigaflops:.0f} GFLOP/s, {share:.0f} % of sgemm", flush=True)
    return seconds


def measure(name: str, seeds: int, folder: Path, held_out: bool) -> None:
    """Make the runs of one record that are missing, and print its lines."""
    study = Study(design_of(name, held_out), folder, seeds)
    for planned in study.run_missing():
        print(f"  {planned.title} is made", flush=True)
    (experiment,) = study.design.experiments
    runs = study.runs(experiment)
    what, key = ("held-out", "validation_accuracy") if held_out else ("test", "test_accuracy")
    print(f"{name}, {len(runs)} seeds: {what} images {told(runs, key)}")
    seconds, step = mean(one.seconds for one in runs), mean(one.milliseconds_per_step for one in runs)
    print(f"  as it was made: {seconds:.1f} s with evaluations, {step:.2f} ms a step")
    cost(experiment.config)


def main() -> None:
    """Measure the records that are named, or say what they would cost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("records"))
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--plan", action="store_true")
    given, minutes = parser.parse_args(), 0.0
    for record in given.names:
        if not given.plan:
            measure(record, given.seeds, given.out, given.held_out)
            continue
        print(f"{record}:")
        minutes += given.seeds * cost(design_of(record, given.held_out).experiments[0].config) / 60
    if given.plan:
        print(f"{given.seeds} seeds of each: {minutes:.0f} min")


if __name__ == "__main__":
    main()
