import numpy as np


class RMSprop:
    def __init__(self, lr=0.01, decay_rate=0.99):
        self.lr, self.decay_rate = lr, decay_rate
        self.pyeonggyun = dict()    # 기울기 제곱의 이동 평균

    def update(self, params, grads):
        rho = self.decay_rate
        for k in params:
            old = self.pyeonggyun.get(k, 0.0)
            new = rho * old + (1.0 - rho) * np.square(grads[k])
            self.pyeonggyun[k] = new
            params[k] = params[k] - self.lr * grads[k] / (np.sqrt(new) + 1e-7)
