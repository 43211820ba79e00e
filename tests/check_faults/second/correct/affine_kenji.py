import numpy as np


class Zenketsugou:
    """全結合層。重みは (出力, 入力) の順に置く。"""

    def __init__(self, omomi, katayori):
        self.omomi = omomi
        self.katayori = katayori

    def forward(self, nyuuryoku):
        self.nyuuryoku = nyuuryoku
        n = nyuuryoku.shape[0]
        shutsuryoku = np.zeros((n, self.omomi.shape[0]))
        for i in range(n):
            for o in range(self.omomi.shape[0]):
                shutsuryoku[i, o] = np.sum(self.omomi[o] * nyuuryoku[i]) + self.katayori[o]
        return shutsuryoku

    def backward(self, kobai):
        self.d_omomi = np.zeros_like(self.omomi)
        self.d_katayori = np.zeros_like(self.katayori)
        dx = np.zeros_like(self.nyuuryoku)
        for i in range(kobai.shape[0]):
            for o in range(kobai.shape[1]):
                self.d_omomi[o] += kobai[i, o] * self.nyuuryoku[i]
                self.d_katayori[o] += kobai[i, o]
                dx[i] += kobai[i, o] * self.omomi[o]
        return dx
