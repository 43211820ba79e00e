"""Small trainings in the words of the book, and the losses that the book's own code gives for them.

Each script leaves `losses` and `accuracies`. The numbers in `losses.json` come from `bench/book_losses.py`,
which runs the scripts with the book's own files beside ours.
"""

START = """
rs = np.random.RandomState(1234)
x, t = rs.rand({n}, {shape}), rs.randint(0, {classes}, {n})
np.random.seed({seed})
"""

TRAINED = """
trainer = Trainer(net, x, t, x[:20], t[:20], epochs={epochs}, mini_batch_size={batch},
                  optimizer='{optimizer}', optimizer_param={{'lr': {lr}}}, verbose=False)
trainer.train()
losses, accuracies = trainer.train_loss_list, trainer.train_acc_list
"""

WRITTEN = """
losses, accuracies = [], []
for i in range(8):
    mask = np.random.choice(len(x), 10)
    grad = net.gradient(x[mask], t[mask])
    for key in ('W1', 'b1', 'W2', 'b2'):
        net.params[key] -= 0.5 * grad[key]
    losses.append(net.loss(x[mask], t[mask]))
accuracies.append(net.accuracy(x, t))
"""

TAIL = "accuracies = []  # the book's leave out what fills no batch of 100"

ROWS = START.format(n=40, shape=12, classes=4, seed=0)


def trained(epochs=3, batch=10, optimizer="sgd", lr=0.1):
    return TRAINED.format(epochs=epochs, batch=batch, optimizer=optimizer, lr=lr)


SCRIPTS = {
    "chapter 4, TwoLayerNet": (
        ROWS + "t = np.eye(4)[t]\nnet = TwoLayerNet(input_size=12, hidden_size=6, output_size=4)\n" + WRITTEN
    ),
    "chapter 5, TwoLayerNet": (
        ROWS + "t = np.eye(4)[t]\nnet = TwoLayerNet(12, 6, 4, weight_init_std=0.1)\n" + WRITTEN
    ),
    "MultiLayerNet": ROWS + "net = MultiLayerNet(12, [8, 7], 4)\n" + trained(optimizer="AdaGrad"),
    "MultiLayerNet, sigmoid, decay": (
        ROWS
        + "net = MultiLayerNet(12, [8, 7], 4, activation='sigmoid', weight_init_std='Xavier',\n"
        + "                    weight_decay_lambda=0.1)\n"
        + trained(optimizer="momentum")
    ),
    "MultiLayerNetExtend": (
        ROWS
        + "net = MultiLayerNetExtend(12, [8, 7], 4, weight_init_std=0.3, weight_decay_lambda=0.01)\n"
        + trained(optimizer="Nesterov")
    ),
    "MultiLayerNetExtend, dropout": (
        ROWS
        + "net = MultiLayerNetExtend(12, [8, 7], 4, use_dropout=True, dropout_ration=0.2)\n"
        + trained(epochs=4)
    ),
    "MultiLayerNetExtend, batch normalisation": (
        ROWS
        + "net = MultiLayerNetExtend(12, [8, 7], 4, activation='sigmoid', use_batchnorm=True)\n"
        + trained(epochs=4, optimizer="RMSprop", lr=0.01)
    ),
    "MultiLayerNetExtend, both": (
        ROWS
        + "net = MultiLayerNetExtend(12, [8, 7, 6], 4, weight_decay_lambda=0.05, use_dropout=True,\n"
        + "                          dropout_ration=0.15, use_batchnorm=True)\n"
        + trained(epochs=4, optimizer="Adam", lr=0.01)
    ),
    "a batch that does not divide": (
        ROWS + "net = MultiLayerNet(12, [5], 4)\n" + trained(epochs=7, batch=16, lr=0.2)
    ),
    "a batch larger than the data": (
        ROWS + "net = MultiLayerNet(12, [5], 4)\n" + trained(epochs=3, batch=64, lr=0.2)
    ),
    "DeepConvNet": (
        START.format(n=20, shape="1, 28, 28", classes=10, seed=1)
        + "net = DeepConvNet()\n"
        + trained(epochs=1, batch=4, optimizer="Adam", lr=0.001)
        + TAIL
    ),
    "DeepConvNet, few filters": (
        START.format(n=12, shape="2, 28, 28", classes=10, seed=2)
        + "few = {'filter_num': 3, 'filter_size': 3, 'pad': 1, 'stride': 1}\n"
        + "net = DeepConvNet((2, 28, 28), few, few, few, dict(few, pad=2), few, hidden_size=7)\n"
        + trained(epochs=3, batch=4, optimizer="Adam", lr=0.002)
        + TAIL
    ),
    "SimpleConvNet": (
        START.format(n=60, shape="1, 10, 10", classes=10, seed=0)
        + "net = SimpleConvNet((1, 10, 10), {'filter_num': 4, 'filter_size': 3, 'pad': 0, 'stride': 1},\n"
        + "                    hidden_size=10, output_size=10, weight_init_std=.01)\n"
        + trained(epochs=3, batch=20, optimizer="Adam", lr=0.01)
        + TAIL
    ),
}
