"""확률적 경사 하강법. 새 배열을 만들어 넣는다."""


class SGD:
    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def update(self, params, grads):
        for name, value in params.items():
            params[name] = value - self.learning_rate * grads[name]
