"""The report's two code blocks, kept line by line in `examples/`."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

# The report's code blocks, as printed (Korean comments included).
SIMPLE = """
# 데이터 읽기
(x_train, t_train), (x_test, t_test) = load_mnist(flatten=False)

# 시간이 오래 걸릴 경우 데이터를 줄인다.
x_train, t_train = x_train[:5000], t_train[:5000]
x_test, t_test = x_test[:1000], t_test[:1000]

 
max_epochs = 20

network = SimpleConvNet(input_dim=(1,28,28),
                        conv_param={'filter_num': 30, 'filter_size': 5,
                                    'pad': 0, 'stride': 1},
                        hidden_size=100, output_size=10, weight_init_std=0.01)

 
trainer = Trainer(network, x_train, t_train, x_test, t_test,
                  epochs=max_epochs, mini_batch_size=100,
                  optimizer='Adam', optimizer_param={'lr': 0.001},
                  evaluate_sample_num_per_epoch=1000)
"""  # noqa: W293 (as the report has it)

LENET = """
class LeNet:
    ''' LeNet
    conv - relu - pool - conv - relu - pool
    - affine - relu - affine - relu - affine - softmax

    input_size = (1, 28, 28)
    hidden_size = [120, 84]
    output_size = 10
    '''

    def __init__(self, weight_init_std=0.01):

        # 가중치 초기화
        self.params = {}
        self.params['W1'] = weight_init_std * np.random.randn(6, 1, 5, 5)
        self.params['b1'] = np.zeros(6)

        self.params['W2'] = weight_init_std * np.random.randn(16, 6, 5, 5)
        self.params['b2'] = np.zeros(16)

        self.params['W3'] = weight_init_std * np.random.randn(400, 120)
        self.params['b3'] = np.zeros(120)

        self.params['W4'] = weight_init_std * np.random.randn(120, 84)
        self.params['b4'] = np.zeros(84)

        self.params['W5'] = weight_init_std * np.random.randn(84, 10)
        self.params['b5'] = np.zeros(10)

        # 계층 생성
        self.layers = OrderedDict()
        self.layers['C1'] = Convolution(self.params['W1'], self.params['b1'], pad=2)
        self.layers['Relu1'] = Relu()
        self.layers['S2'] = Pooling(pool_h=2, pool_w=2, stride=2)

        self.layers['C3'] = Convolution(self.params['W2'], self.params['b2'])
        self.layers['Relu2'] = Relu()
        self.layers['S4'] = Pooling(pool_h=2, pool_w=2, stride=2)

        self.layers['Affine1'] = Affine(self.params['W3'], self.params['b3'])
        self.layers['Relu3'] = Relu()
        self.layers['Affine2'] = Affine(self.params['W4'], self.params['b4'])
        self.layers['Relu4'] = Relu()
        self.layers['Affine3'] = Affine(self.params['W5'], self.params['b5'])

        self.last_layer = SoftmaxWithLoss()

        # continue on next page...
"""

GRADIENT = """
def gradient(self, x, t):
    # forward
    self.loss(x, t)

    # backward
    dout = 1
    dout = self.last_layer.backward(dout)

    layers = list(self.layers.values())
    layers.reverse()
    for layer in layers:
        dout = layer.backward(dout)

 
    # 결과 저장
    grads = {}
    grads['W1'], grads['b1'] = self.layers['C1'].dW, self.layers['C1'].db
    grads['W2'], grads['b2'] = self.layers['C3'].dW, self.layers['C3'].db
    grads['W3'], grads['b3'] = self.layers['Affine1'].dW, self.layers['Affine1'].db
    grads['W4'], grads['b4'] = self.layers['Affine2'].dW, self.layers['Affine2'].db
    grads['W5'], grads['b5'] = self.layers['Affine3'].dW, self.layers['Affine3'].db

    return grads

 
# and more methods...
"""  # noqa: W293 (as the report has it)


def code_lines(text, indent=""):
    return [(indent + line).rstrip() for line in text.splitlines() if line.strip()]


def example_lines(name):
    """The example's lines behind its docstring, without those that are marked as added."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    body = text.split('"""', 2)[2]
    return [line.rstrip() for line in body.splitlines() if line.strip() and "# added" not in line]


def test_simple_convnet_keeps_every_line_of_the_report():
    """Without the added lines, the example is the report's first block, in order."""
    assert example_lines("simple_convnet.py") == code_lines(SIMPLE)


def test_lenet_keeps_every_line_of_the_report():
    """Without the added lines, the example is the second block; only `gradient` got its indentation."""
    assert example_lines("lenet.py") == code_lines(LENET) + code_lines(GRADIENT, "    ")


@pytest.mark.parametrize(("name", "at_most"), [("simple_convnet.py", 1.0), ("lenet.py", 2.303)])
def test_the_examples_run(name, at_most, tmp_path):
    """Each example trains and prints the book's lines (here with fewer images and epochs)."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    short = re.sub(r"epochs\s*=\s*20", lambda m: m[0].replace("20", "2"), text).replace("[:5000]", "[:2000]")
    assert short != text
    script = tmp_path / name
    script.write_text(short, encoding="utf-8")
    lines = run_example(script)
    losses = [float(line.removeprefix("train loss:")) for line in lines if line.startswith("train loss:")]
    assert len(losses) == 2 * 20
    assert sum(losses[-10:]) / 10 < at_most  # ln 10 = 2.3026 is where guessing stands
    assert [line.split(",")[0] for line in lines if line.startswith("===") and "epoch" in line] == [
        "=== epoch:1",
        "=== epoch:2",
    ]
    assert 0 <= float(lines[-1].removeprefix("test acc:")) <= 1


@pytest.mark.slow
@pytest.mark.parametrize(("name", "at_least"), [("simple_convnet.py", 0.94), ("lenet.py", 0.92)])
def test_the_examples_learn(name, at_least):
    """As they stand, the examples reach about what the report reports."""
    lines = run_example(EXAMPLES / name)
    assert sum(line.startswith("train loss:") for line in lines) == 1000
    assert float(lines[-1].removeprefix("test acc:")) >= at_least


def run_example(script):
    done = subprocess.run(
        [sys.executable, str(script)],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    return done.stdout.splitlines()
