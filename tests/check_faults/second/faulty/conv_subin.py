import numpy as np


class Convolution:
    """보폭 1, 패딩 0인 합성곱. 창을 행렬로 펼친다."""

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        N, _, H, Wd = x.shape
        self.size = x.shape
        self.oh, self.ow = H - FH + 1, Wd - FW + 1
        rows = []
        for n in range(N):
            for i in range(self.oh):
                for j in range(self.ow):
                    rows.append(x[n, :, i:i + FH, j:j + FW].ravel())
        self.col = np.array(rows)
        out = self.col.dot(self.W.reshape(FN, -1).T) + self.b
        return out.reshape(N, self.oh, self.ow, FN).transpose(0, 3, 1, 2)

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        d = dout.transpose(0, 2, 3, 1).reshape(-1, FN)
        self.db = d.sum(axis=0)
        self.dW = self.col.T.dot(d).reshape(FN, C, FH, FW)
        dcol = d.dot(self.W.reshape(FN, -1))
        dx = np.zeros(self.size)
        k = 0
        for n in range(self.size[0]):
            for i in range(self.oh):
                for j in range(self.ow):
                    dx[n, :, i:i + FH, j:j + FW] += dcol[k].reshape(C, FH, FW)
                    k += 1
        return dx
