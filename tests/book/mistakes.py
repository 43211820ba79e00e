"""What readers do wrong, in the words of the book, and what the book's own code raises there.

`bench/book_errors.py` runs each with the book's own files. Each script is run in an empty folder.
"""

NETS = """
import pickle
whole = pickle.dumps({'W1': np.ones(9)})
deep = lambda: DeepConvNet()
simple = lambda: SimpleConvNet((1, 8, 8), {'filter_num': 2, 'filter_size': 3, 'pad': 0, 'stride': 1}, 4, 3)
many = lambda **kw: MultiLayerNetExtend(6, [4], 3, **kw)
x, t = np.random.rand(5, 6), np.arange(5) % 3
"""

MISTAKES = {
    "load: no such file": ("simple().load_params('missing.pkl')", FileNotFoundError),
    "load: no such file of a deep network": ("deep().load_params('missing.pkl')", FileNotFoundError),
    "load: no such folder": ("simple().load_params('nowhere/params.pkl')", FileNotFoundError),
    "load: a folder": ("import os; os.mkdir('f'); simple().load_params('f')", IsADirectoryError),
    "load: an empty file": ("open('e.pkl', 'w').close(); simple().load_params('e.pkl')", EOFError),
    "load: a damaged file": (
        "f = open('d.pkl', 'wb'); f.write(b'what is this?'); f.close(); simple().load_params('d.pkl')",
        "UnpicklingError",
    ),
    "load: half a file": (
        "f = open('h.pkl', 'wb'); f.write(whole[:60]); f.close(); simple().load_params('h.pkl')",
        "UnpicklingError",
    ),
    "save: no such folder": ("simple().save_params('nowhere/params.pkl')", FileNotFoundError),
    "save: a folder": ("import os; os.mkdir('f'); deep().save_params('f')", IsADirectoryError),
    "trainer: an unknown optimizer": ("Trainer(many(), x, t, x, t, optimizer='Adm')", KeyError),
    "trainer: an unknown argument of an optimizer": (
        "Trainer(many(), x, t, x, t, optimizer='SGD', optimizer_param={'rate': 1})",
        TypeError,
    ),
    "trainer: what is no network": (
        "Trainer(object(), x, t, x, t, mini_batch_size=2, epochs=1).train()",
        AttributeError,
    ),
    "optimizer: no gradient": ("SGD().update({'W1': np.ones(2)}, {})", KeyError),
    "optimizer: whole numbers": ("SGD().update({'W1': np.ones(2, int)}, {'W1': np.ones(2)})", TypeError),
    "optimizer: another shape": ("Adam().update({'W1': np.ones(2)}, {'W1': np.ones(3)})", ValueError),
    "network: an unknown activation": ("many(activation='tanh')", KeyError),
    "network: an unknown start": ("many(weight_init_std='glorot')", TypeError),
    "network: a list where there is a number": ("many().params; MultiLayerNet([6], [4], 3)", TypeError),
    "network: a convolution without its size": ("DeepConvNet(conv_param_1={'filter_num': 2})", KeyError),
    "network: rows of another length": ("many().predict(np.ones((2, 7)))", ValueError),
    "network: a row where there are pictures": ("simple().predict(np.ones((2, 64)))", ValueError),
    "labels: none of the classes": ("many().loss(x, np.array([0, 1, 2, 3, 9]))", IndexError),
    "labels: fractions": ("many().loss(x, np.ones(5))", IndexError),
    "labels: too few": ("SoftmaxWithLoss().forward(np.ones((4, 3)), np.arange(3))", IndexError),
    "labels: none of the classes, as a function": (
        "cross_entropy_error(np.ones((2, 3)), np.array([0, 5]))",
        IndexError,
    ),
    "backward first: Affine": (
        "Affine(np.ones((2, 2)), np.ones(2)).backward(np.ones((1, 2)))",
        AttributeError,
    ),
    "backward first: Sigmoid": ("Sigmoid().backward(np.ones(2))", TypeError),
    "backward first: Dropout": ("Dropout().backward(np.ones(2))", TypeError),
    "backward first: Convolution": (
        "Convolution(np.ones((1, 1, 2, 2)), np.ones(1)).backward(np.ones((1, 1, 2, 2)))",
        AttributeError,
    ),
    "backward first: Pooling": ("Pooling(2, 2).backward(np.ones((1, 1, 2, 2)))", AttributeError),
    "backward first: BatchNormalization": (
        "BatchNormalization(np.ones(2), np.ones(2)).backward(np.ones((3, 2)))",
        AttributeError,
    ),
    "backward first: SoftmaxWithLoss": ("SoftmaxWithLoss().backward()", AttributeError),
    "function: a text": ("sigmoid('a')", TypeError),
    "function: nothing to differentiate": ("numerical_gradient(None, np.ones(2))", TypeError),
    "function: two shapes": ("sum_squared_error(np.ones(2), np.ones(3))", ValueError),
    "pictures: three axes": ("im2col(np.ones((1, 4, 4)), 2, 2)", ValueError),
    "pictures: a window too large": ("im2col(np.ones((1, 1, 4, 4)), 9, 9)", ValueError),
    "pictures: columns too few": ("col2im(np.ones((3, 3)), (1, 1, 4, 4), 2, 2)", ValueError),
    "shuffle: labels too few": ("shuffle_dataset(np.ones((40, 2)), np.ones(3))", IndexError),
}
"""Name → (script, the exception or its name)."""
