"""The records: named networks with their recipes, on all 60,000 images of MNIST, with several seeds.

python bench/records.py [NAME ...] [--seeds N] [--out FOLDER] [--held-out]      default: deep tiny, 5 seeds

A recipe is a design in `convlens/experiments/records`. Its settings were chosen with --held-out: on 55,000
images, by the accuracy on the 5,000 others, and nothing is printed of the test images. Without it the weights
after the last epoch are judged by all test images, whatever other epochs would have had. Runs that are there
stay. FLOPs count a multiplication and an addition as two, a backward pass as two forward passes.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev

import convlens
from convlens.runs import Run
from convlens.study import Design, Study, load_design
from convlens.training import step_times

RECIPES = Path(convlens.__file__).parent / "experiments" / "records"
HELD_OUT = 55_000  # of 60,000: the rest is held out


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


def measure(name: str, seeds: int, folder: Path, held_out: bool) -> None:
    """Make the runs of one record that are missing, and print its line."""
    study = Study(design_of(name, held_out), folder, seeds)
    for planned in study.run_missing():
        print(f"  {planned.title} is made", flush=True)
    (experiment,) = study.design.experiments
    runs, config = study.runs(experiment), experiment.config
    what = "held-out images" if held_out else "test images"
    print(f"{name}: {config.network.n_parameters:,} parameters, {len(runs)} seeds, {config.epochs} epochs")
    print(f"  {what}: {told(runs, 'validation_accuracy' if held_out else 'test_accuracy')}")
    times = step_times(config.network, config.batch_size, None, 3)
    seconds, steps = mean(run.seconds for run in runs), config.n_steps
    step = mean(run.milliseconds_per_step for run in runs)
    print(f"  training {seconds:.1f} s with evaluations, {steps:,} steps of {step:.2f} ms")
    share = 100 * times.gigaflops / times.sgemm_gigaflops
    total = times.gigaflops * times.fused * steps / 1e6
    print(f"  {total:.2f} TFLOP; {times.gigaflops:.0f} GFLOP/s in a step, {share:.0f} % of sgemm", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", default=["deep", "tiny"], metavar="NAME")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("records"))
    parser.add_argument("--held-out", action="store_true")
    given = parser.parse_args()
    for record in given.names:
        measure(record, given.seeds, given.out, given.held_out)
