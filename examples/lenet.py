"""The report's second code block, line by line. What the report leaves out is marked `# added`.

The report prints `gradient` without its class's indentation; here it has it. Run it with
`python examples/lenet.py`; it trains LeNet on 5,000 images of MNIST.
"""

from convlens.book import *  # added: instead of the book's imports


class LeNet:
    ''' LeNet
    conv - relu - pool - conv - relu - pool
    - affine - relu - affine - relu - affine - softmax

    input_size = (1, 28, 28)
    hidden_size = [120, 84]
    output_size = 10
    '''

    def __init__(self, weight_init_std=0.01):

        # 가중치 초기화
        self.params = {}
        self.params['W1'] = weight_init_std * np.random.randn(6, 1, 5, 5)
        self.params['b1'] = np.zeros(6)

        self.params['W2'] = weight_init_std * np.random.randn(16, 6, 5, 5)
        self.params['b2'] = np.zeros(16)

        self.params['W3'] = weight_init_std * np.random.randn(400, 120)
        self.params['b3'] = np.zeros(120)

        self.params['W4'] = weight_init_std * np.random.randn(120, 84)
        self.params['b4'] = np.zeros(84)

        self.params['W5'] = weight_init_std * np.random.randn(84, 10)
        self.params['b5'] = np.zeros(10)

        # 계층 생성
        self.layers = OrderedDict()
        self.layers['C1'] = Convolution(self.params['W1'], self.params['b1'], pad=2)
        self.layers['Relu1'] = Relu()
        self.layers['S2'] = Pooling(pool_h=2, pool_w=2, stride=2)

        self.layers['C3'] = Convolution(self.params['W2'], self.params['b2'])
        self.layers['Relu2'] = Relu()
        self.layers['S4'] = Pooling(pool_h=2, pool_w=2, stride=2)

        self.layers['Affine1'] = Affine(self.params['W3'], self.params['b3'])
        self.layers['Relu3'] = Relu()
        self.layers['Affine2'] = Affine(self.params['W4'], self.params['b4'])
        self.layers['Relu4'] = Relu()
        self.layers['Affine3'] = Affine(self.params['W5'], self.params['b5'])

        self.last_layer = SoftmaxWithLoss()

        # continue on next page...

    def predict(self, x):  # added
        for layer in self.layers.values():  # added
            x = layer.forward(x)  # added
        return x  # added

    def loss(self, x, t):  # added
        return self.last_layer.forward(self.predict(x), t)  # added

    def accuracy(self, x, t):  # added
        return np.mean(self.predict(x).argmax(axis=1) == t)  # added

    def gradient(self, x, t):
        # forward
        self.loss(x, t)

        # backward
        dout = 1
        dout = self.last_layer.backward(dout)

        layers = list(self.layers.values())
        layers.reverse()
        for layer in layers:
            dout = layer.backward(dout)


        # 결과 저장
        grads = {}
        grads['W1'], grads['b1'] = self.layers['C1'].dW, self.layers['C1'].db
        grads['W2'], grads['b2'] = self.layers['C3'].dW, self.layers['C3'].db
        grads['W3'], grads['b3'] = self.layers['Affine1'].dW, self.layers['Affine1'].db
        grads['W4'], grads['b4'] = self.layers['Affine2'].dW, self.layers['Affine2'].db
        grads['W5'], grads['b5'] = self.layers['Affine3'].dW, self.layers['Affine3'].db

        return grads


    # and more methods...


np.random.seed(0)  # added: the same first weights every time
(x_train, t_train), (x_test, t_test) = load_mnist(flatten=False)  # added
x_train, t_train = x_train[:5000], t_train[:5000]  # added
x_test, t_test = x_test[:1000], t_test[:1000]  # added
trainer = Trainer(LeNet(), x_train, t_train, x_test, t_test,  # added
                  epochs=20, mini_batch_size=100,  # added
                  optimizer='Adam', optimizer_param={'lr': 0.001},  # added
                  evaluate_sample_num_per_epoch=1000)  # added
trainer.train()  # added
