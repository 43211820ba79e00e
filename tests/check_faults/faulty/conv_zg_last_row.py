"""편향까지 열 행렬에 넣은 합성곱. 기울기는 property로 읽는다."""
import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self._theta = np.concatenate([W.reshape(len(W), -1), b[:, None]], axis=1)
        self._shape = W.shape
        self._grad = None
        self.stride, self.pad = stride, pad

    @property
    def W(self):
        return self._theta[:, :-1].reshape(self._shape)

    @W.setter
    def W(self, value):
        self._theta[:, :-1] = value.reshape(len(value), -1)

    @property
    def b(self):
        return self._theta[:, -1]

    @b.setter
    def b(self, value):
        self._theta[:, -1] = value

    @property
    def dW(self):
        return self._grad[:, :-1].reshape(self._shape)

    @property
    def db(self):
        return self._grad[:, -1]

    def forward(self, x):
        p, s = self.pad, self.stride
        self._padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        view = np.lib.stride_tricks.sliding_window_view(self._padded, self._shape[2:], axis=(2, 3))
        view = view[:, :, ::s, ::s].transpose(0, 2, 3, 1, 4, 5)
        n, oh, ow = view.shape[:3]
        flat = view.reshape(n * oh * ow, -1)
        self._cols = np.hstack([flat, np.ones((len(flat), 1))])  # 마지막 열은 편향
        return (self._cols @ self._theta.T).reshape(n, oh, ow, -1).transpose(0, 3, 1, 2)

    def backward(self, dout):
        n, f, oh, ow = dout.shape
        d = dout.transpose(0, 2, 3, 1).reshape(-1, f)
        self._grad = d.T @ self._cols
        back = (d @ self._theta[:, :-1]).reshape((n, oh, ow) + self._shape[1:])
        dx = np.zeros_like(self._padded)
        p, s, (kh, kw) = self.pad, self.stride, self._shape[2:]
        for i in range(oh - 1):
            for j in range(ow):
                dx[:, :, i * s:i * s + kh, j * s:j * s + kw] += back[:, i, j]
        return dx[:, :, p:dx.shape[2] - p, p:dx.shape[3] - p]
