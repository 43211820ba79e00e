"""ReLU、出力を覚えておく。"""
import numpy as np


class ReLU:
    def forward(self, inp):
        self.out = inp * (inp > 0)
        return self.out

    def backward(self, upstream):
        return upstream * (self.out <= 0)  # 出力は 0 以上なので符号がマスクになる
