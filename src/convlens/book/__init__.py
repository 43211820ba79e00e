"""The book's names under one import: `from convlens.book import *`.

A script of "Deep Learning from Scratch" runs after its import lines are changed to this one. Networks are
float32 and trained by the standard protocol; `convlens.book.exact` has the same names under the book's own.
As in the book, the star brings `np` along, and `OrderedDict`, which its networks are made with.
"""

from collections import OrderedDict

import numpy as np

from convlens.book.batch_normalization import BatchNormalization
from convlens.book.deep_convnet import DeepConvNet
from convlens.book.dropout import Dropout
from convlens.book.multi_layer_net import MultiLayerNet
from convlens.book.multi_layer_net_extend import MultiLayerNetExtend
from convlens.book.naive_layers import AddLayer, MulLayer
from convlens.book.two_layer_net import TwoLayerNet
from convlens.data import load_mnist, shuffle_dataset
from convlens.layers import Affine, Convolution, Pooling, Relu, Sigmoid, SoftmaxWithLoss
from convlens.layers.functions import (
    cross_entropy_error,
    identity_function,
    mean_squared_error,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    smooth_curve,
    softmax,
    softmax_loss,
    step_function,
    sum_squared_error,
)
from convlens.layers.gradient import numerical_gradient, numerical_gradient_2d
from convlens.layers.patches import col2im, conv_output_size, im2col
from convlens.networks import SimpleConvNet
from convlens.training import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop, Trainer

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AddLayer",
    "Affine",
    "BatchNormalization",
    "Convolution",
    "DeepConvNet",
    "Dropout",
    "Momentum",
    "MulLayer",
    "MultiLayerNet",
    "MultiLayerNetExtend",
    "Nesterov",
    "OrderedDict",
    "Pooling",
    "RMSprop",
    "Relu",
    "Sigmoid",
    "SimpleConvNet",
    "SoftmaxWithLoss",
    "Trainer",
    "TwoLayerNet",
    "col2im",
    "conv_output_size",
    "cross_entropy_error",
    "identity_function",
    "im2col",
    "load_mnist",
    "mean_squared_error",
    "np",
    "numerical_gradient",
    "numerical_gradient_2d",
    "relu",
    "relu_grad",
    "shuffle_dataset",
    "sigmoid",
    "sigmoid_grad",
    "smooth_curve",
    "softmax",
    "softmax_loss",
    "step_function",
    "sum_squared_error",
]
