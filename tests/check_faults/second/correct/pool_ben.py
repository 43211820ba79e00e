import numpy as np

# Only for 2x2 windows with stride 2: the windows do not overlap, so a reshape is enough.


def max_pool_forward(x):
    n, c, h, w = x.shape
    tiles = x.reshape(n, c, h // 2, 2, w // 2, 2).transpose(0, 1, 2, 4, 3, 5)
    tiles = tiles.reshape(n, c, h // 2, w // 2, 4)
    winner = tiles.argmax(axis=-1)
    out = np.take_along_axis(tiles, winner[..., None], axis=-1)[..., 0]
    return out, (winner, x.shape)


def max_pool_backward(dout, cache):
    winner, (n, c, h, w) = cache
    tiles = np.zeros(winner.shape + (4,))
    np.put_along_axis(tiles, winner[..., None], dout[..., None], axis=-1)
    tiles = tiles.reshape(n, c, h // 2, w // 2, 2, 2)
    return tiles.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h, w)
