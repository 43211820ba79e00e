"""Small studies, trained in a second, and a parser that looks at pages closely."""

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from convlens.report import write_report
from convlens.runs import RunConfig, train_run
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu
from convlens.study import Experiment

SIMPLE = NetworkSpec(
    "SimpleConvNet", (1, 12, 12), (Convolution(4, 3), Relu(), Pooling(2), Affine(10)), weight_init_std="he"
)
LENET = NetworkSpec(
    "LeNet",
    (1, 12, 12),
    (Convolution(2, 3), Relu(), Convolution(3, 3), Relu(), Pooling(2), Affine(10)),
    weight_init_std="he",
)
VOID = {"meta", "img", "br", "hr", "link", "input", "source", "line", "circle"}
COMMAND = "convlens reproduce --seeds 3"
REPORTED = {"simple-a": 0.957, "rate-b": 0.962, "full-a": 0.988}


def experiments(data, network=SIMPLE):
    """Return one experiment of each kind."""
    base = RunConfig(network, data=str(data), train_size=40, epochs=6, batch_size=10, evaluate_samples=20)

    def rate(lr):
        return replace(base, optimizer_param={"lr": lr})

    return (
        Experiment("simple-a", "simple", rate(0.001)),
        Experiment("lenet-a", "lenet", replace(base, network=LENET)),
        Experiment("rate-b", "simple", rate(0.01)),
        Experiment("rate-c", "simple", rate(0.003)),
        Experiment("full-a", "simple", replace(rate(0.001), train_size=60, epochs=3), group="full"),
    )


def write(study, lang="en", command=COMMAND):
    """Write a study's page, the original report's figures beside ours, and return it."""
    return parsed(write_report(study, lang=lang, command=command, reported=REPORTED))


def train(study, but=()):
    """Run what is planned, except the experiments named in `but`."""
    for planned in study.planned():
        if planned.experiment.name not in but:
            train_run(planned.config, planned.folder, planned.command)
    return study


@dataclass
class Element:
    """An element with its attributes, and all the text in it."""

    tag: str
    attributes: dict[str, str]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self):
        return " ".join("".join(self.texts).split())


class Page(HTMLParser):
    """Holds a page's elements in order; refuses tags that do not close as they opened."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.source = source
        self.elements = []
        self._open = []
        self.feed(source)
        self.close()
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"an attribute comes twice in {tag}: {names}"
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert tag not in VOID, tag
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data):
        silent = self._open[-1].tag == "script" if self._open else False  # no reader sees it
        for element in self._open[-1:] if silent else self._open:
            element.texts.append(data)

    def all(self, *tags):
        return [element for element in self.elements if element.tag in tags]

    @property
    def text(self):
        """What a reader sees."""
        return self.all("body")[0].text


def parsed(path):
    """Return a page that was written."""
    return Page(path.read_text(encoding="utf-8"))
