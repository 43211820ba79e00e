"""A run whose training images are varied: its folder says so, and it is taken up bit for bit."""

import pytest
from small_runs import Interrupts, config_of, contents

from convlens.inspection.groups import grouped, setting
from convlens.runs import Run, train_run

HOW = {"shift": 1, "flip": 0.5}


@pytest.fixture(scope="module")
def varied(data, tmp_path_factory):
    """A run with augmentation, done in one go."""
    return train_run(config_of(data, augment=HOW), tmp_path_factory.mktemp("runs") / "varied", "the command")


def test_the_folder_says_it(varied, whole):
    """Its config holds the strengths, and other weights came out than without."""
    assert Run(varied.folder).config.augment == HOW
    assert "--augment shift=1 --augment flip=0.5" in varied.config.command("tiny", "out")
    assert contents(varied.folder)["final.safetensors"] != contents(whole.folder)["final.safetensors"]


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_taken_up_after_an_interruption(data, varied, tmp_path, engine):
    """Interrupted within an epoch, it goes on to the same folder, whichever engine computes it."""
    config, out = config_of(data, augment=HOW, engine=engine), tmp_path / "cut"
    with pytest.raises(KeyboardInterrupt):
        train_run(config, out, "the command", [Interrupts(at_step=5)])
    found = contents(train_run(config, out, "the command").folder)
    in_one_go = varied
    if engine != varied.config.engine:
        in_one_go = train_run(config, tmp_path / "whole", "the command")
    assert found == contents(in_one_go.folder)


@pytest.mark.parametrize(
    ("lang", "said", "unsaid"),
    [
        ("en", "augmentation: shift ±1 px, mirroring 0.5", "no augmentation"),
        ("ko", "데이터 증강: 이동 ±1픽셀, 좌우 반전 0.5", "데이터 증강 없음"),
        ("ja", "移動±1ピクセル、左右反転0.5", "データ拡張なし"),
    ],
)
def test_pictures_say_it(varied, whole, lang, said, unsaid):
    """In titles, and as what tells two groups apart."""
    assert said in setting(varied, lang)
    assert unsaid not in setting(whole, lang)
    plain, augmented = grouped([whole, varied], lang)
    assert plain == unsaid
    assert said in augmented
