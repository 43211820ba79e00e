import numpy as np

F32 = np.float32


class Hapseong:
    """3x3 합성곱, 출력 크기가 입력과 같음 (same)."""

    def __init__(self, gajungchi, pyeonhyang):
        self.gajungchi = gajungchi.astype(F32)      # 가중치
        self.pyeonhyang = pyeonhyang.astype(F32)    # 편향

    def forward(self, sajin):
        n, c, h, w = sajin.shape
        f = self.gajungchi.shape[0]
        self.keun = np.zeros((n, c, h + 2, w + 2), F32)
        self.keun[:, :, 1:-1, 1:-1] = sajin
        gyeolgwa = np.zeros((n, f, h, w), F32)
        for u in range(3):
            for v in range(3):
                jogak = self.keun[:, :, u:u + h, v:v + w]
                gyeolgwa += np.tensordot(jogak, self.gajungchi[:, :, u, v], axes=(1, 1)).transpose(0, 3, 1, 2)
        return gyeolgwa + self.pyeonhyang.reshape(1, f, 1, 1)

    def backward(self, d):
        h, w = d.shape[2:]
        self.d_pyeonhyang = d.sum(axis=3).sum(axis=2).sum(axis=0)
        self.d_gajungchi = np.zeros_like(self.gajungchi)
        d_keun = np.zeros_like(self.keun)
        for u in range(3):
            for v in range(3):
                jogak = self.keun[:, :, u:u + h, v:v + w]
                self.d_gajungchi[:, :, u, v] = np.tensordot(d, jogak, axes=((0, 2, 3), (0, 2, 3)))
                d_keun[:, :, u:u + h, v:v + w] += np.tensordot(d, self.gajungchi[:, :, u, v], axes=(1, 0)).transpose(0, 3, 1, 2)
        return d_keun[:, :, 1:-1, 1:-1]
