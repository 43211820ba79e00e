"""ReLU 활성화 함수."""
import numpy as np


class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(0, x)

    def backward(self, dout):
        # 양수였던 곳만 기울기를 흘려보낸다
        return np.where(self.x > 0, dout, 0.0)

    __call__ = forward
