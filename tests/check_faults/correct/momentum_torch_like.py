"""SGD with momentum, the velocity without the learning rate."""


class SGD:
    def __init__(self, lr, momentum=0.0):
        self.lr, self.momentum, self.velocity = lr, momentum, {}

    def update(self, params, grads):
        for key, grad in grads.items():
            old = self.velocity.get(key)
            new = grad.copy() if old is None else self.momentum * old + grad
            self.velocity[key] = new
            params[key] -= self.lr * new
