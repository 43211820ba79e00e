"""교차 엔트로피. t는 원-핫 벡터."""
import numpy as np


class SoftmaxCrossEntropy:
    def forward(self, x, t):
        top = x.max(axis=1, keepdims=True)
        log_sum = top + np.log(np.sum(np.exp(x - top), axis=1, keepdims=True))
        self.p = np.exp(x - log_sum)
        self.t = t
        return np.mean(np.sum(t * (log_sum - x), axis=1))

    def backward(self, dout=1.0):
        return dout * (self.p - self.t) / self.t.shape[0]  # 배치의 평균
