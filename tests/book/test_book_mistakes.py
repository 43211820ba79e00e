"""Whatever the book's own code raises for a mistake, the same `except` catches ours."""

import sys

import pytest
from mistakes import MISTAKES, NETS

from convlens.errors import ConvlensError


@pytest.fixture
def names():
    """A reader's names, behind the star import."""
    found = {}
    exec("from convlens.book import *", found)  # noqa: S102 (a star import needs a namespace)
    return found


@pytest.mark.parametrize("name", MISTAKES)
def test_the_books_except_catches_it(name, names, tmp_path, monkeypatch):
    """A mistake raises what the book's code raises, and it is one of convlens' errors, in one line."""
    monkeypatch.chdir(tmp_path)
    script, wanted = MISTAKES[name]
    with pytest.raises(ConvlensError) as raised:
        exec(NETS + script, names)  # noqa: S102 (a reader's script)
    kinds = {kind.__name__ for kind in type(raised.value).__mro__}
    assert (wanted if isinstance(wanted, str) else wanted.__name__) in kinds
    assert "\n" not in str(raised.value)
    assert str(raised.value)[0] not in "'\""  # no KeyError's quotes around it


@pytest.mark.parametrize("network", ["simple", "deep", "many"])
def test_a_missing_file_says_where_it_was_looked_for(network, names, tmp_path, monkeypatch):
    """The message names the working folder, and the folder of the script where there is one."""
    (tmp_path / "script").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        sys.modules["__main__"], "__file__", str(tmp_path / "script" / "run.py"), raising=False
    )
    exec(NETS, names)  # noqa: S102 (a reader's script)
    with pytest.raises(FileNotFoundError) as raised:
        names[network]().load_params("missing.pkl")
    assert f"{tmp_path}, nor in {tmp_path / 'script'}" in str(raised.value)


@pytest.mark.parametrize(
    ("module", "found"), [("convlens.book", 1.0), ("convlens.book.exact", 1.0), ("convlens.book.korean", 2.0)]
)
def test_parameters_lie_in_the_working_folder_or_beside_the_script(module, found, tmp_path, monkeypatch):
    """The Japanese edition's place comes first, the Korean one's under its own names; either will do."""
    beside = tmp_path / "script"
    beside.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(beside / "run.py"), raising=False)
    names = {}
    exec(f"from {module} import *", names)  # noqa: S102 (a star import needs a namespace)
    exec(NETS, names)  # noqa: S102 (a reader's script)
    network = names["simple"]()
    for value, path in ((1.0, tmp_path / "params.pkl"), (2.0, beside / "params.pkl")):
        network.params["b2"][...] = value
        network.save_params(path)
    network.load_params("params.pkl")
    assert network.params["b2"][0] == found
    (tmp_path / "params.pkl").unlink()
    network.load_params("params.pkl")
    assert network.params["b2"][0] == 2.0
