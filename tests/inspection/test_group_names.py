"""What runs are called: by whatever setting tells them apart, in each language."""

import pytest

from convlens import spec
from convlens.inspection import grouped
from convlens.inspection.catalogue import file_stem
from convlens.inspection.groups import setting
from convlens.runs import SETTINGS, RunConfig
from stand_ins import made_up_run

OTHERS = {
    "train_size": (4000, "4,000 training images"),
    "epochs": (3, "3 epochs"),
    "batch_size": (50, "batches of 50"),
    "optimizer": ("rmsprop", "RMSprop"),
    "lr": (0.25, "learning rate 0.25"),
    "optimizer_param": ({"beta1": 0.5}, "beta1 0.5"),
    "schedule": ("cosine", "learning rate by the schedule cosine"),
    "warm_up": (0.5, "learning rate rising for 0.5 epochs"),
    "weight_decay": (0.0005, "weight decay 0.0005"),
    "clip_norm": (1.0, "gradients clipped to norm 1"),
    "ema": (0.999, "moving average of weights 0.999"),
    "engine": ("layers", "computed by engine layers"),
    "evaluate_samples": (500, "judged by 500 images"),
    "data": ("/somewhere/kana", "data kana"),
    "size": ("20x24", "pictures of 20x24 pixels"),
    "augment": ({"rotate": 10, "flip": None}, "augmentation: rotation ±10°, mirroring 0.5"),
    "label_smoothing": (0.1, "label smoothing 0.1"),
}


def run_of(**given):
    """Something with a run's config."""
    config = RunConfig.of(spec.simple(), given)
    return made_up_run(config=config, name="run", run_id=config.run_id, seed=config.seed)


def test_every_setting_that_labels_is_here():
    """A new row of the table needs its line above."""
    assert set(OTHERS) == {name for name, row in SETTINGS.items() if row.labels}


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
@pytest.mark.parametrize("name", OTHERS)
def test_runs_that_differ_in_one_setting_are_called_by_it(name, lang):
    """Neither the folder's name nor the id is needed, and the two are called differently."""
    usual, other = run_of(), run_of(**{name: OTHERS[name][0]})
    names = list(grouped([usual, other, run_of(seed=3)], lang))
    assert len(names) == 2
    assert not any("(" in one for one in names)
    if lang == "en":
        assert names[1] == OTHERS[name][1]


@pytest.mark.parametrize("name", [name for name in OTHERS if SETTINGS[name].titled])
def test_a_title_and_a_file_name_say_what_is_not_as_usual(name):
    """Pictures of different runs can be told apart, on the page and in the folder."""
    usual, other = run_of(), run_of(**{name: OTHERS[name][0]})
    assert OTHERS[name][1] in setting(other)
    assert OTHERS[name][1] not in setting(usual)
    assert file_stem("filters", [usual]) != file_stem("filters", [other])


def test_several_settings_are_said_once_each():
    """Where an optimizer without further numbers stands beside one with some, its name is not said twice."""
    one, two = run_of(), run_of(optimizer="momentum", optimizer_param={"momentum": 0.5})
    assert list(grouped([one, two])) == ["Adam", "Momentum, momentum 0.5"]


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
@pytest.mark.parametrize(
    "name", [name for name, row in SETTINGS.items() if row.kind is float and row.default == 0]
)
def test_what_is_not_done_is_said_so(name, lang):
    """Beside a run with it, one without is not called by a 0: it has words of its own."""
    without, _ = grouped([run_of(), run_of(**{name: 0.5})], lang)
    assert "0" not in without
